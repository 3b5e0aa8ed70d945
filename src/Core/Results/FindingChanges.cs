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

    /// <summary>How many findings there were; null if that was not kept yet.</summary>
    public SeverityCounts? Before { get; init; }

    /// <summary>How many there are since; null if that was not kept yet.</summary>
    public SeverityCounts? After { get; init; }

    /// <summary>The difference between two matches of one inventory.</summary>
    public static FindingChanges Between(MatchOutcome before, MatchOutcome after, DateTimeOffset at)
    {
        Dictionary<FindingPlace, Finding> old = FindingPlace.AllOf(before);
        Dictionary<FindingPlace, Finding> now = FindingPlace.AllOf(after);
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
            Before = SeverityCounts.Of(old.Values),
            After = SeverityCounts.Of(now.Values),
        };
    }

    private static ChangedFinding[] Sorted(IEnumerable<KeyValuePair<FindingPlace, Finding>> findings) =>
    [
        .. findings
            .Select(found => new ChangedFinding(found.Key.Cve, found.Key.Package, found.Key.Version, found.Value.Severity, found.Value.FixedBy))
            .OrderBy(change => change.Cve, StringComparer.Ordinal)
            .ThenBy(change => change.Package, StringComparer.Ordinal)
            .ThenBy(change => change.Version, StringComparer.Ordinal),
    ];
}

/// <summary>A finding that came, went or got a fix.</summary>
/// <param name="Cve">The CVE, or the id that stands for it.</param>
/// <param name="Package">Name of the package.</param>
/// <param name="Version">Its installed version.</param>
/// <param name="Severity">As it is now; of one that went, as it was.</param>
/// <param name="FixedBy">The version that mends it; null if there is none.</param>
public sealed record ChangedFinding(string Cve, string Package, string Version, Severity Severity, string? FixedBy);
