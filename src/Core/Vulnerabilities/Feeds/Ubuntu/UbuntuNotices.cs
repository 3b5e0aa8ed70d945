namespace ImageScan.Core.Vulnerabilities.Feeds.Ubuntu;

/// <summary>
/// What Ubuntu's notices of updates (USN) and of livepatches (LSN) are worth beside its records of CVEs (UBUNTU-CVE). A notice names all CVEs of
/// an update for each of its packages, whether or not a package has each of them, and again in a second notice that mends a slip of the first.
/// The records say it for each package, so Canonical advises to read notices together with them
/// (https://documentation.ubuntu.com/security/security-updates/osv/#the-severity-field).
/// </summary>
internal static class UbuntuNotices
{
    private const string RecordPrefix = "UBUNTU-";

    /// <summary>Why a notice is left out; null for all other records.</summary>
    public static string? ReasonAgainst(Advisory advisory)
    {
        if (advisory.Id.StartsWith("LSN-", StringComparison.Ordinal))
        {
            return "livepatch notice: about a running kernel, and no image has one";
        }

        if (!IsNotice(advisory))
        {
            return null;
        }

        HashSet<string> recorded = RecordedCves(advisory);
        string[] cves = [.. IdsOf(advisory).Where(CveId.IsOne)];
        return cves.Length > 0 && cves.All(recorded.Contains) ? "notice of CVEs that have records of their own"
            : cves.Length == 0 && advisory.Summary.EndsWith("regression", StringComparison.Ordinal) ? "notice of a regression, no vulnerability"
            : null;
    }

    /// <summary>A notice with only those CVEs that have no record; other advisories as they are.</summary>
    public static Advisory WithoutRecordedCves(Advisory advisory)
    {
        if (!IsNotice(advisory) || RecordedCves(advisory) is not { Count: > 0 } recorded)
        {
            return advisory;
        }

        return advisory with
        {
            Aliases = [.. advisory.Aliases.Where(id => !recorded.Contains(id))],
            Upstream = [.. advisory.Upstream.Where(id => !recorded.Contains(id))],
            Related = [.. advisory.Related.Where(id => !recorded.Contains(id))],
        };
    }

    private static bool IsNotice(Advisory advisory) => advisory.Id.StartsWith("USN-", StringComparison.Ordinal);

    // A notice names the records of its CVEs beside them: "CVE-2023-52887", "UBUNTU-CVE-2023-52887".
    private static HashSet<string> RecordedCves(Advisory advisory) => new(
        IdsOf(advisory).Where(id => id.StartsWith(RecordPrefix, StringComparison.Ordinal)).Select(id => id[RecordPrefix.Length..]), StringComparer.Ordinal);

    private static IEnumerable<string> IdsOf(Advisory advisory) => advisory.Aliases.Concat(advisory.Upstream).Concat(advisory.Related);
}
