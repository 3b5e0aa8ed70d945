namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Numbers the packages that a snapshot being built has advisories of.</summary>
internal sealed class SnapshotKeys
{
    private readonly Dictionary<OsvEcosystem, int> _ecosystemNumbers = [];
    private readonly List<OsvEcosystem> _ecosystems = [];
    private readonly NumberedTexts _names = new();
    private readonly Dictionary<(int Ecosystem, int Name), int> _numbers = [];
    private readonly List<(int Ecosystem, int Name)> _keys = [];

    public int Count => _keys.Count;

    public IReadOnlyList<OsvEcosystem> Ecosystems => _ecosystems;

    public int NumberOf(OsvEcosystem ecosystem, string name)
    {
        if (!_ecosystemNumbers.TryGetValue(ecosystem, out int ecosystemNumber))
        {
            ecosystemNumber = _ecosystems.Count;
            _ecosystemNumbers.Add(ecosystem, ecosystemNumber);
            _ecosystems.Add(ecosystem);
        }

        (int Ecosystem, int Name) key = (ecosystemNumber, _names.NumberOf(ecosystem.Normalize(name)));
        if (!_numbers.TryGetValue(key, out int number))
        {
            number = _keys.Count;
            _numbers.Add(key, number);
            _keys.Add(key);
        }

        return number;
    }

    public string TextOf(int number) => SnapshotFormat.KeyOf(_ecosystems[_keys[number].Ecosystem].ToString(), _names.TextOf(_keys[number].Name));

    /// <summary>The place of its ecosystem in <see cref="Ecosystems"/>.</summary>
    public int EcosystemOf(int number) => _keys[number].Ecosystem;

    /// <summary>Of each number the hash of its text.</summary>
    public ulong[] Hashes() => [.. Enumerable.Range(0, Count).Select(number => AdvisoryLookup.HashOf(TextOf(number)))];

    /// <summary>Of each number its place among all in the order of their texts: by ecosystem, then by name.</summary>
    public int[] Ranks()
    {
        int[] ecosystems = RanksOf(_ecosystems.Count, Comparer<int>.Create((left, right) =>
            string.CompareOrdinal(_ecosystems[left].ToString(), _ecosystems[right].ToString())));
        int[] names = RanksOf(_names.Count, Comparer<int>.Create(_names.Compare));
        return RanksOf(Count, Comparer<int>.Create((left, right) =>
            (ecosystems[_keys[left].Ecosystem], names[_keys[left].Name]).CompareTo((ecosystems[_keys[right].Ecosystem], names[_keys[right].Name]))));
    }

    private static int[] RanksOf(int count, IComparer<int> order)
    {
        int[] ordered = [.. Enumerable.Range(0, count)];
        Array.Sort(ordered, order);
        int[] ranks = new int[count];
        for (int rank = 0; rank < count; rank++)
        {
            ranks[ordered[rank]] = rank;
        }

        return ranks;
    }
}
