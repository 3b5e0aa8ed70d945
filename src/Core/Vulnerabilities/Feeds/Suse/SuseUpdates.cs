using System.Text.RegularExpressions;

namespace ImageScan.Core.Vulnerabilities.Feeds.Suse;

/// <summary>SUSE's announcements of updates, <c>SUSE-SU-2015:0011-2</c>.</summary>
internal static partial class SuseUpdates
{
    /// <summary>
    /// Why a record of SUSE is left out; null if it is not, and for all others. In some records, <c>SUSE-SU-403 Forbidden-1</c>, the answer of a
    /// server stands for the number, and the CVEs of OpenSSL beside packages of Qt.
    /// </summary>
    public static string? ReasonAgainst(Advisory advisory) =>
        advisory.Id.StartsWith("SUSE-", StringComparison.Ordinal) || advisory.Id.StartsWith("openSUSE-", StringComparison.Ordinal)
            ? Number().IsMatch(advisory.Id) ? null : "without a valid number, of mixed-up content"
            : null;

    [GeneratedRegex("^(open)?SUSE-[A-Z]+-[0-9]{4}:[0-9]+-[0-9]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Number();
}
