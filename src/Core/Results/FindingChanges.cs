using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Results;

/// <summary>What other advisories have changed in the findings of an image whose packages stayed as they were.</summary>
public sealed record FindingChanges
{
    // Of each kind: a new snapshot can bring a thousand findings of a kernel, and a row must hold them.
    private const int MostOfAKind = 1_000;

    public required DateTimeOffset At { get; init; }

    /// <summary>The advisories that were asked before; null if there were none.</summary>
    public required AdvisoryOrigin? From { get; init; }

    public required AdvisoryOrigin? To { get; init; }

    /// <summary>Findings that were not there before, the first thousand by CVE and package.</summary>
    public required IReadOnlyList<ChangedFinding> Added { get; init; }

    /// <summary>Findings that are there no more, likewise.</summary>
    public required IReadOnlyList<ChangedFinding> Removed { get; init; }

    /// <summary>Findings that have a fix now and had none before, likewise.</summary>
    public required IReadOnlyList<ChangedFinding> Fixed { get; init; }

    /// <summary>How many there are of all kinds, those that are not listed included.</summary>
    public required int Total { get; init; }

    /// <summary>The difference between two matches of one inventory.</summary>
    public static FindingChanges Between(MatchOutcome before, MatchOutcome after, DateTimeOffset at)
    {
        Dictionary<Place, Finding> old = ByPlace(before);
        Dictionary<Place, Finding> now = ByPlace(after);
        ChangedFinding[] added = Sorted(now.Where(found => !old.ContainsKey(found.Key)));
        ChangedFinding[] removed = Sorted(old.Where(found => !now.ContainsKey(found.Key)));
        ChangedFinding[] mended = Sorted(now.Where(found =>
            found.Value.FixedBy is not null && old.TryGetValue(found.Key, out Finding? known) && known.FixedBy is null));
        return new FindingChanges
        {
            At = at,
            From = before.Advisories,
            To = after.Advisories,
            Added = [.. added.Take(MostOfAKind)],
            Removed = [.. removed.Take(MostOfAKind)],
            Fixed = [.. mended.Take(MostOfAKind)],
            Total = added.Length + removed.Length + mended.Length,
        };
    }

    // As answers count them: a package that lies in two folders is one.
    private static Dictionary<Place, Finding> ByPlace(MatchOutcome match)
    {
        var findings = new Dictionary<Place, Finding>();
        foreach (PackageFindings found in match.Packages)
        {
            Package package = found.Installed.Package;
            foreach (Finding finding in found.Findings)
            {
                findings.TryAdd(new Place(package.Name, package.Version, finding.Cve), finding);
            }
        }

        return findings;
    }

    private static ChangedFinding[] Sorted(IEnumerable<KeyValuePair<Place, Finding>> findings) =>
    [
        .. findings
            .Select(found => new ChangedFinding(found.Key.Cve, found.Key.Package, found.Key.Version, found.Value.Severity, found.Value.FixedBy))
            .OrderBy(change => change.Cve, StringComparer.Ordinal)
            .ThenBy(change => change.Package, StringComparer.Ordinal)
            .ThenBy(change => change.Version, StringComparer.Ordinal),
    ];

    private readonly record struct Place(string Package, string Version, string Cve);
}

/// <summary>A finding that came, went or got a fix.</summary>
/// <param name="Cve">The CVE, or the id that stands for it.</param>
/// <param name="Package">Name of the package.</param>
/// <param name="Version">Its installed version.</param>
/// <param name="Severity">As it is now; of one that went, as it was.</param>
/// <param name="FixedBy">The version that mends it; null if there is none.</param>
public sealed record ChangedFinding(string Cve, string Package, string Version, Severity Severity, string? FixedBy);
