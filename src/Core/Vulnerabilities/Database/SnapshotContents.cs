using System.Collections;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Counts what got into a snapshot.</summary>
/// <param name="advisories">How many advisories could get into it.</param>
internal sealed class SnapshotContents(int advisories)
{
    private readonly BitArray _used = new(advisories);
    private readonly SortedDictionary<string, (NumberSet Advisories, DateTimeOffset Newest, DateTimeOffset? Checked)> _ecosystems = new(StringComparer.Ordinal);

    public int Packages { get; private set; }

    public int Advisories => CountOf(_used);

    /// <summary>CVEs that advisories are about, by the number of <see cref="CveId"/>.</summary>
    public HashSet<ulong> Cves { get; } = [];

    public IReadOnlyList<EcosystemCount> Ecosystems =>
        [.. _ecosystems.Select(ecosystem => new EcosystemCount(
            ecosystem.Key, ecosystem.Value.Advisories.Count, FeedTally.DateOf(ecosystem.Value.Newest), ecosystem.Value.Checked))];

    public bool Uses(int advisory) => _used[advisory];

    public void AddPackage() => Packages++;

    /// <summary>Counts an advisory for an ecosystem, however often it is named.</summary>
    /// <param name="advisory">Its number.</param>
    /// <param name="ecosystem">Of a package that it is about.</param>
    /// <param name="modified">Its date, if it has one.</param>
    /// <param name="checkedAt">When its feed was last read, which counts where it has no date.</param>
    public void Add(int advisory, OsvEcosystem ecosystem, DateTimeOffset modified, DateTimeOffset? checkedAt = null)
    {
        string name = ecosystem.ToString();
        var (known, newest, read) = _ecosystems.TryGetValue(name, out var counted) ? counted : (new NumberSet(advisories), default, null);
        known.Add(advisory);
        bool isLater = FeedTally.DateOf(modified) is null && (read is null || checkedAt > read);
        _ecosystems[name] = (known, modified > newest ? modified : newest, isLater ? checkedAt : read);
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

    /// <summary>
    /// Some of the numbers below an end. There are thousands of these sets, nearly all of them small: a bit for each number would take more memory
    /// than all the rest of a build.
    /// </summary>
    private sealed class NumberSet(int end)
    {
        // What a number takes in a hash set, where it takes a bit in the other: 16 bytes.
        private const int BitsOfOne = 128;

        private HashSet<int>? _few = [];
        private BitArray? _many;

        public int Count => _few?.Count ?? CountOf(_many!);

        public void Add(int number)
        {
            if (_few is null)
            {
                _many![number] = true;
                return;
            }

            _few.Add(number);
            if ((long)_few.Count * BitsOfOne > end)
            {
                _many = new BitArray(end);
                foreach (int one in _few)
                {
                    _many[one] = true;
                }

                _few = null;
            }
        }
    }
}
