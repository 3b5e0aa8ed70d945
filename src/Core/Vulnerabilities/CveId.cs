using System.Globalization;

namespace ImageScan.Core.Vulnerabilities;

/// <summary>Ids of https://www.cve.org: <c>CVE-2021-44228</c>.</summary>
public static class CveId
{
    // Four digits of year, then at least four of number: https://www.cve.org/About/Process#CVERecordLifecycle
    private const int DigitsOfNumber = 12;
    private const ulong YearStep = 1_000_000_000_000;

    public static bool IsOne(string text) => TryParse(text, out _);

    /// <summary>Reads an id as a number that grows with year and number.</summary>
    public static bool TryParse(string text, out ulong key)
    {
        key = 0;
        var rest = text.AsSpan();
        if (!rest.StartsWith("CVE-", StringComparison.Ordinal) || rest.Length < 13 || rest[8] != '-' || rest.Length - 9 > DigitsOfNumber)
        {
            return false;
        }

        if (!ulong.TryParse(rest[4..8], NumberStyles.None, CultureInfo.InvariantCulture, out ulong year)
            || !ulong.TryParse(rest[9..], NumberStyles.None, CultureInfo.InvariantCulture, out ulong number))
        {
            return false;
        }

        key = (year * YearStep) + number;
        return true;
    }

    /// <summary>The id with the number that <see cref="TryParse"/> gives; the number after the year has four digits at least.</summary>
    public static string TextOf(ulong key) => string.Create(CultureInfo.InvariantCulture, $"CVE-{key / YearStep:D4}-{key % YearStep:D4}");
}
