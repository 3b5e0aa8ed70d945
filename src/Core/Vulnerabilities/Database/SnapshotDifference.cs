namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>What one snapshot has that another has not.</summary>
public sealed record SnapshotDifference
{
    public required DateTimeOffset OldBuiltAt { get; init; }

    public required DateTimeOffset NewBuiltAt { get; init; }

    /// <summary>Ecosystems with a difference, ordered by name.</summary>
    public required IReadOnlyList<EcosystemDifference> Ecosystems { get; init; }

    /// <summary>What is known of CVEs, by id; another date or EPSS score alone is no change.</summary>
    public required IdDifference Cves { get; init; }

    /// <summary>All feeds of either, ordered by name.</summary>
    public required IReadOnlyList<FeedDifference> Feeds { get; init; }

    /// <summary>Compares two snapshots. Throws <see cref="AdvisoryDatabaseException"/> if one breaks while it is read.</summary>
    public static SnapshotDifference Of(AdvisoryDatabase older, AdvisoryDatabase newer)
    {
        var before = SnapshotFingerprints.Of(older.Lookup());
        var after = SnapshotFingerprints.Of(newer.Lookup());
        return new SnapshotDifference
        {
            OldBuiltAt = older.Origin.BuiltAt,
            NewBuiltAt = newer.Origin.BuiltAt,
            Ecosystems = [.. before.Ecosystems.Keys.Union(after.Ecosystems.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(name => EcosystemDifference.Of(name, before.Of(name), after.Of(name)))
                .Where(difference => !difference.IsEmpty)],
            Cves = IdDifference.Of(before.Cves, after.Cves),
            Feeds = [.. older.Description.Feeds.Concat(newer.Description.Feeds).Select(feed => feed.Name)
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(name => new FeedDifference(name, Named(older, name), Named(newer, name)))],
        };
    }

    private static SnapshotFeed? Named(AdvisoryDatabase database, string name) => database.Description.Feeds.FirstOrDefault(feed => feed.Name == name);
}

/// <summary>What differs in an ecosystem, its release included.</summary>
/// <param name="Ecosystem"><c>Debian:11</c>.</param>
/// <param name="Advisories">Changed are those that say something else, of whatever package; another date alone is no change.</param>
/// <param name="Packages">Changed are those of which something else is said.</param>
public sealed record EcosystemDifference(string Ecosystem, IdDifference Advisories, IdDifference Packages)
{
    internal bool IsEmpty => Advisories.IsEmpty && Packages.IsEmpty;

    internal static EcosystemDifference Of(string ecosystem, EcosystemFingerprints older, EcosystemFingerprints newer) => new(
        ecosystem, IdDifference.Of(older.Advisories, newer.Advisories), IdDifference.Of(older.Packages, newer.Packages));
}

/// <summary>Ids that came, went, and now say something else; each ordered.</summary>
public sealed record IdDifference(IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed)
{
    internal bool IsEmpty => Added.Count + Removed.Count + Changed.Count == 0;

    internal static IdDifference Of(IReadOnlyDictionary<string, ulong> older, IReadOnlyDictionary<string, ulong> newer) => new(
        Ordered(newer.Keys.Where(id => !older.ContainsKey(id))),
        Ordered(older.Keys.Where(id => !newer.ContainsKey(id))),
        Ordered(older.Where(id => newer.TryGetValue(id.Key, out ulong now) && now != id.Value).Select(id => id.Key)));

    private static string[] Ordered(IEnumerable<string> ids) => [.. ids.Order(StringComparer.Ordinal)];
}

/// <summary>A feed of either snapshot; null where it has none of it.</summary>
public sealed record FeedDifference(string Name, SnapshotFeed? Old, SnapshotFeed? New);
