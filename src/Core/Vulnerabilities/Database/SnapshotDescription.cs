using System.Text.Json.Serialization;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>What a snapshot holds and how old it is.</summary>
public sealed record SnapshotDescription
{
    public required DateTimeOffset BuiltAt { get; init; }

    /// <summary>The latest <c>modified</c> of its advisories; null if it has none.</summary>
    public DateTimeOffset? NewestRecord { get; init; }

    /// <summary>Whether texts were left out.</summary>
    public required bool FactsOnly { get; init; }

    public required int Advisories { get; init; }

    /// <summary>Packages of an ecosystem that at least one advisory is about.</summary>
    public required int Packages { get; init; }

    /// <summary>CVEs with dates or vectors of the CVE list.</summary>
    public required int Cves { get; init; }

    /// <summary>The feeds it was built from, ordered by name.</summary>
    public IReadOnlyList<SnapshotFeed> Feeds { get; init; } = [];

    /// <summary>The documents that the advisories came from, ordered by name.</summary>
    public required IReadOnlyList<SnapshotSource> Sources { get; init; }

    /// <summary>Advisories per ecosystem and release, ordered by name.</summary>
    public required IReadOnlyList<EcosystemCount> Ecosystems { get; init; }

    /// <summary>Whether nothing is null in what was read from JSON that must not be.</summary>
    internal bool IsWhole =>
        Feeds?.All(feed => feed is { Name: not null, Licence: not null, Skipped: not null } && feed.Skipped.All(skipped => skipped?.Reason is not null)) == true
        && Sources?.All(source => source?.Name is not null) == true
        && Ecosystems?.All(ecosystem => ecosystem?.Ecosystem is not null) == true;
}

/// <summary>What a snapshot took from a feed.</summary>
/// <param name="Name">As in settings: <c>debian</c>.</param>
/// <param name="Licence">Of its data; "" if nobody said.</param>
/// <param name="Records">Records read: those used and those skipped.</param>
/// <param name="Used">Records that are in the snapshot.</param>
/// <param name="NewestRecord">The latest date among the records read; null if none has one.</param>
/// <param name="Skipped">Records that are not in it, by reason.</param>
/// <param name="CheckedAt">When all of its documents were last read or found unchanged; null if nobody said.</param>
public sealed record SnapshotFeed(
    string Name, string Licence, int Records, int Used, DateTimeOffset? NewestRecord, IReadOnlyList<SkippedRecords> Skipped, DateTimeOffset? CheckedAt = null)
{
    /// <summary>What it is as of: its newest record or, where its records have no dates, when it was last read; null if that cannot be told.</summary>
    [JsonIgnore]
    public DateTimeOffset? AsOf => NewestRecord ?? CheckedAt;
}

/// <summary>How many records were left out for a reason.</summary>
public sealed record SkippedRecords(string Reason, int Count);

/// <summary>A source of a snapshot.</summary>
/// <param name="Name">An archive, without folders of the machine that read it.</param>
/// <param name="Advisories">Records it gave to the snapshot.</param>
/// <param name="NewestRecord">The latest <c>modified</c> among them.</param>
public sealed record SnapshotSource(string Name, int Advisories, DateTimeOffset? NewestRecord);

/// <summary>How many advisories a snapshot has for an ecosystem, <c>Debian:11</c>, and how new they are.</summary>
/// <param name="Ecosystem">The ecosystem, its release included.</param>
/// <param name="Advisories">Advisories about it.</param>
/// <param name="NewestRecord">The latest <c>modified</c> among them; null if it is not known.</param>
/// <param name="CheckedAt">When the feeds of those without a date were last read; null if all have one, or nobody said.</param>
public sealed record EcosystemCount(string Ecosystem, int Advisories, DateTimeOffset? NewestRecord = null, DateTimeOffset? CheckedAt = null)
{
    /// <summary>
    /// What they are as of. Where some have no dates that is when these were last read: they are a distribution's own word then, and a date of what
    /// others have collected beside it would hide that it has not come for long.
    /// </summary>
    [JsonIgnore]
    public DateTimeOffset? AsOf => CheckedAt ?? NewestRecord;
}
