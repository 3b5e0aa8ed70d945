using System.Text.RegularExpressions;

namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>
/// What the titles of Red Hat's advisories, and of those rebuilt from them by AlmaLinux and Rocky Linux, say and nothing else in their records
/// does: <c>Important: nodejs:18 security update</c>, <c>Red Hat Security Advisory: virt:rhel and virt-devel:rhel security update</c>
/// (https://errata.almalinux.org, https://errata.rockylinux.org, https://access.redhat.com/errata).
/// </summary>
internal static partial class OsvTitle
{
    private const int MaxLength = 1024;

    /// <summary>The severity it begins with; null if there is none.</summary>
    public static string? SeverityWord(string title) => Severity().Match(Cut(title)) is { Success: true } match ? match.Groups[1].Value : null;

    /// <summary>All modules it names with their streams, <c>nodejs:18</c>; packages of the advisory are built in any of them.</summary>
    public static IReadOnlyList<string> Modules(string title) =>
        [.. Module().Matches(Cut(title)).Select(match => match.Value).Distinct(StringComparer.Ordinal)];

    private static string Cut(string title) => title.Length <= MaxLength ? title : title[..MaxLength];

    [GeneratedRegex("^(Low|Moderate|Important|Critical): ", RegexOptions.CultureInvariant)]
    private static partial Regex Severity();

    // Names of modules begin with a small letter or a digit (389-ds:1.4), ids of advisories (RHSA-2020:1234) do not.
    [GeneratedRegex("(?<![^ (])[a-z0-9][A-Za-z0-9_.+-]*:[A-Za-z0-9_][A-Za-z0-9_.+-]*(?![^ ),])", RegexOptions.CultureInvariant)]
    private static partial Regex Module();
}
