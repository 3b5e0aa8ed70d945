using System.Runtime.CompilerServices;
using ImageScan.Core.Vulnerabilities.Feeds.Ubuntu;

namespace ImageScan.Core.Vulnerabilities.Feeds.Osv;

/// <summary>Which records of a document a feed takes, and as whose word.</summary>
/// <param name="authority">Who says a record.</param>
/// <param name="reasonAgainst">Why the feed does not take a record, in a few words that are the same for all of a kind; null if it does.</param>
/// <param name="takes">Whether the feed takes what is said about an ecosystem.</param>
internal sealed class OsvSelection(
    Func<Advisory, AdvisoryAuthority> authority, Func<OsvRecord, Advisory, string?> reasonAgainst, Func<OsvEcosystem, bool> takes)
{
    private const string NoDetector = "about an ecosystem that no detector knows";

    // AlmaLinux, Red Hat (https://access.redhat.com/articles/2130961), Rocky Linux and SUSE issue bug fixes, enhancements, features and
    // recommended updates under ids of their own. Those that mend a CVE, too, name it.
    private static readonly string[] OtherUpdates =
        ["ALBA-", "ALEA-", "RHBA-", "RHEA-", "RLBA-", "RLEA-", "SUSE-RU-", "SUSE-FU-", "SUSE-OU-", "openSUSE-RU-", "openSUSE-FU-", "openSUSE-OU-"];

    /// <summary>
    /// The records of a document that are taken. Those of a document that is one record alone are always given, with no packages where they are
    /// not taken, since such a document replaces what an archive said. Throws as <see cref="OsvDocument.RecordsAsync"/>.
    /// </summary>
    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool isOneRecord = document.Name.EndsWith(".json", StringComparison.OrdinalIgnoreCase);
        await foreach (OsvRecord record in OsvDocument.RecordsAsync(document, report, cancellationToken))
        {
            Advisory advisory = record.Advisory!;
            if (Choose(record, advisory, report) is { } chosen)
            {
                yield return chosen with { Authority = authority(chosen) };
            }
            else if (isOneRecord)
            {
                yield return advisory with { Affected = [] };
            }
        }
    }

    private Advisory? Choose(OsvRecord record, Advisory advisory, FeedReport report)
    {
        // A withdrawn record must reach the others of its id, whatever it was about.
        if (advisory.Withdrawn is not null)
        {
            return advisory;
        }

        AffectedPackage[] taken = [.. advisory.Affected.Where(package => takes(package.Ecosystem))];
        string? reason = reasonAgainst(record, advisory) ?? (IsOtherUpdate(advisory) ? "update that mends no vulnerability" : null);
        if (reason is null && taken.Length == 0)
        {
            // What names no package at all is left to the one who builds the snapshot: it may have superseded a record that did.
            reason = advisory.Affected.Count > 0 ? NoDetector : record.LeftOut.FirstOrDefault();
        }

        if (reason is not null)
        {
            report.AddSkipped(reason);
            return null;
        }

        foreach (string left in record.LeftOut)
        {
            report.AddSkipped($"in part: {left}");
        }

        return UbuntuNotices.WithoutRecordedCves(taken.Length == advisory.Affected.Count ? advisory : advisory with { Affected = taken });
    }

    private static bool IsOtherUpdate(Advisory advisory) =>
        OtherUpdates.Any(prefix => advisory.Id.StartsWith(prefix, StringComparison.Ordinal))
        && !advisory.Aliases.Concat(advisory.Upstream).Concat(advisory.Related).Any(CveId.IsOne);
}
