using System.Globalization;
using System.Text;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>
/// Names of exceptions: who asked, the day, and a number that begins anew each month, <c>AB-241127-3</c>
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/vulnmgmt/vulnerabilityrequest/manager/requestmgr/manager_impl.go, requestName).
/// </summary>
public static class ExceptionNames
{
    private const string Nobody = "SYS";
    private const string Month = "yyyyMM";

    /// <summary>The next name, and the ledger by which it is given out.</summary>
    public static (string Name, SuppressionLedger Ledger) Next(SuppressionLedger ledger, string requester, DateTimeOffset now)
    {
        // A clock that is behind another's must not begin last month's numbers anew.
        bool isGivenOut = DateTime.TryParseExact(ledger.Month, Month, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime begun);
        DateTime day = isGivenOut && begun > now.UtcDateTime ? begun : now.UtcDateTime;
        string month = day.ToString(Month, CultureInfo.InvariantCulture);
        int number = ledger.Month == month ? ledger.Number + 1 : 1;
        string name = string.Create(CultureInfo.InvariantCulture, $"{InitialsOf(requester)}-{day:yyMMdd}-{number}");
        return (name, ledger.Numbered(month, number));
    }

    /// <summary>The first letters of the first and the last word, which may be the same; <c>SYS</c> if there is none.</summary>
    internal static string InitialsOf(string name)
    {
        string[] words = name.ToUpperInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words is [var first, ..] ? $"{FirstOf(first)}{FirstOf(words[^1])}" : Nobody;
    }

    // What is cut in half, or no letter, would not survive as a name.
    private static string FirstOf(string word)
    {
        Rune first = word.EnumerateRunes().First();
        return Rune.IsLetterOrDigit(first) ? first.ToString() : "_";
    }
}
