namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// npm's order: SemVer 2.0 within the bounds that npm itself sets. What it refuses to publish is no version
/// (https://github.com/npm/node-semver/blob/main/internal/constants.js).
/// </summary>
public sealed class NpmVersionScheme : VersionScheme
{
    private const int MaxChars = 256;

    // Number.MAX_SAFE_INTEGER, 2^53 - 1.
    private const string MaxNumber = "9007199254740991";

    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        if (!TryParse(left, out SemVerParts a) || !TryParse(right, out SemVerParts b))
        {
            return false;
        }

        order = SemVerParts.Compare(a, b, ignoreCase: false);
        return true;
    }

    private static bool TryParse(string version, out SemVerParts parts)
    {
        parts = default;
        if (version.Length > MaxChars || !SemVerParts.TryParse(version, out parts))
        {
            return false;
        }

        foreach (Range number in parts.Numbers.Split('.'))
        {
            if (DigitRuns.Compare(parts.Numbers[number], MaxNumber) > 0)
            {
                return false;
            }
        }

        return true;
    }
}
