using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using ImageScan.Core.Images;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>What was done to the app on purpose, as it was done; explains what came of it.</summary>
internal sealed partial class TroubleLog
{
    // Enough for the first address in a batch.
    private const int MostCharacters = 800;

    private readonly ConcurrentQueue<Trouble> _all = new();
    private readonly long _begin = Stopwatch.GetTimestamp();

    /// <summary>Since the log was begun.</summary>
    public TimeSpan Now => Stopwatch.GetElapsedTime(_begin);

    public IReadOnlyList<Trouble> All => [.. _all];

    /// <summary>Notes a trouble; the digests in <paramref name="what"/> are those that it hit.</summary>
    /// <param name="kind">A few words, the same for all of the kind.</param>
    /// <param name="what">What was asked, as text: an address, the body of a request.</param>
    public void Add(string kind, string what) =>
        _all.Enqueue(new Trouble(
            Now, kind, what.Length > MostCharacters ? $"{what[..MostCharacters]}…" : what, DigestIn().Matches(what).Select(found => Digest.Parse($"sha256:{found.Groups[1].Value}")).ToHashSet()));

    /// <summary>How often each kind came, most frequent first.</summary>
    public string Summary => string.Join(
        ", ", _all.GroupBy(trouble => trouble.Kind).OrderByDescending(kind => kind.Count()).Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Count()} {kind.Key}")));

    // In addresses the colon is escaped.
    [GeneratedRegex("sha256(?::|%3[aA])([0-9a-f]{64})")]
    private static partial Regex DigestIn();
}

/// <summary>One thing done to the app.</summary>
internal sealed record Trouble(TimeSpan At, string Kind, string What, IReadOnlySet<Digest> Digests)
{
    public override string ToString() => $"{At.TotalSeconds:f2} s {Kind}: {What}";
}
