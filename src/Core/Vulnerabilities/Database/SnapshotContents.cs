using System.Collections;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Counts what got into a snapshot.</summary>
/// <param name="advisories">How many advisories could get into it.</param>
internal sealed class SnapshotContents(int advisories)
{
    private readonly BitArray _used = new(advisories);
    private readonly SortedDictionary<string, (BitArray Advisories, DateTimeOffset Newest)> _ecosystems = new(StringComparer.Ordinal);

    public int Packages { get; private set; }

    public int Advisories => CountOf(_used);

    /// <summary>CVEs that advisories are about, by the number of <see cref="CveId"/>.</summary>
    public HashSet<ulong> Cves { get; } = [];

    public IReadOnlyList<EcosystemCount> Ecosystems =>
        [.. _ecosystems.Select(ecosystem => new EcosystemCount(ecosystem.Key, CountOf(ecosystem.Value.Advisories), FeedTally.DateOf(ecosystem.Value.Newest)))];

    public bool Uses(int advisory) => _used[advisory];

    public void AddPackage() => Packages++;

    public void Add(int advisory, OsvEcosystem ecosystem, DateTimeOffset modified)
    {
        string name = ecosystem.ToString();
        var (known, newest) = _ecosystems.TryGetValue(name, out var counted) ? counted : (new BitArray(advisories), default);
        known[advisory] = true;
        _ecosystems[name] = (known, modified > newest ? modified : newest);
        _used[advisory] = true;
    }

    private static int CountOf(BitArray bits)
    {
        int count = 0;
        foreach (bool bit in bits)
        {
            count += bit ? 1 : 0;
        }

        return count;
    }
}
