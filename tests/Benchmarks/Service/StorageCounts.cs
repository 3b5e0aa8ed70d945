namespace ImageScan.Benchmarks.Service;

/// <summary>What storage was asked for.</summary>
/// <param name="Counts">By kind.</param>
internal sealed record StorageCounts(IReadOnlyDictionary<string, long> Counts)
{
    public long this[string kind] => Counts.GetValueOrDefault(kind);

    /// <summary>Billed requests to Tables.</summary>
    public long Tables => this["Table reads"] + this["Table writes"];

    /// <summary>Billed requests to queues, but for looks for work.</summary>
    public long Queues => this["Queue reads"] + this["Queue writes"] - this["Queue looks"];

    /// <summary>The kinds of requests of one service, the most frequent first.</summary>
    public string Kinds() => string.Join(", ", Counts.Where(count => count.Key.Contains(": ", StringComparison.Ordinal))
        .OrderByDescending(count => count.Value).Select(count => $"{count.Value} {count.Key}"));
}
