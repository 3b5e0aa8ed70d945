namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Numbers the packages that a snapshot being built has advisories of.</summary>
internal sealed class SnapshotKeys
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    public int Count => _texts.Count;

    public int NumberOf(OsvEcosystem ecosystem, string name)
    {
        string key = SnapshotFormat.KeyOf(ecosystem, name);
        if (!_numbers.TryGetValue(key, out int number))
        {
            number = _texts.Count;
            _numbers.Add(key, number);
            _texts.Add(key);
        }

        return number;
    }

    public string TextOf(int number) => _texts[number];

    public string EcosystemOf(int number) => _texts[number][.._texts[number].IndexOf('\0', StringComparison.Ordinal)];

    /// <summary>All numbers in the order of a snapshot's index: by hash, then by text.</summary>
    public IEnumerable<(int Number, ulong Hash)> ByHash() => _numbers.Select(key => (key.Value, Hash: AdvisoryLookup.HashOf(key.Key), key.Key))
        .OrderBy(key => key.Hash).ThenBy(key => key.Key, StringComparer.Ordinal).Select(key => (key.Value, key.Hash));
}
