namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// Python's order (https://packaging.python.org/en/latest/specifications/version-specifiers/): dev, a, b, rc, final, post; every
/// spelling that PEP 440 normalizes is taken.
/// </summary>
/// <remarks>
/// A version that PEP 440 does not allow comes before all that it does, in the order that installers had for them (<see cref="Pep440LegacyParts"/>):
/// PyPI still holds such files and advisories name them. What has no digit (<c>unknown</c>, <c>french toast</c>) is no version of any time
/// and has no order.
/// </remarks>
public sealed class Pep440VersionScheme : VersionScheme
{
    /// <inheritdoc/>
    public override bool Places(string version) => Pep440Parts.TryParse(version, out _);

    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        bool isValidA = Pep440Parts.TryParse(left, out Pep440Parts a);
        bool isValidB = Pep440Parts.TryParse(right, out Pep440Parts b);
        if (isValidA && isValidB)
        {
            order = Pep440Parts.Compare(a, b);
            return true;
        }

        if (DigitRuns.IndexOf(left) < 0 || DigitRuns.IndexOf(right) < 0)
        {
            return false;
        }

        order = isValidA == isValidB
            ? Pep440LegacyParts.Compare(left.AsSpan().Trim(), right.AsSpan().Trim())
            : isValidA.CompareTo(isValidB);
        return true;
    }
}
