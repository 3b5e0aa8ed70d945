namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// Python's order (https://packaging.python.org/en/latest/specifications/version-specifiers/): dev, a, b, rc, final, post; every
/// spelling that PEP 440 normalizes is taken.
/// </summary>
/// <remarks>
/// A version that PEP 440 does not allow has no order. Old installers put all of those before the valid ones, which would make every
/// advisory without a lower bound fit them; packaging 22 and pip 24.1 refuse them, and so does this.
/// </remarks>
public sealed class Pep440VersionScheme : VersionScheme
{
    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        if (!Pep440Parts.TryParse(left, out Pep440Parts a) || !Pep440Parts.TryParse(right, out Pep440Parts b))
        {
            return false;
        }

        order = Pep440Parts.Compare(a, b);
        return true;
    }
}
