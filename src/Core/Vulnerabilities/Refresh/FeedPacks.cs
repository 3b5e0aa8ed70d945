using System.Runtime.CompilerServices;
using System.Text.Json;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>
/// What each feed has said so far: its pack and, naming it, its state. The state is written last, so a run that is killed leaves the old
/// pack in use and at most a new one that nobody names, which the next run removes.
/// </summary>
public sealed class FeedPacks(IFeedFiles files)
{
    private const int MaxStateBytes = 64 << 20;

    // Lists of documents are long only where somebody means harm; one state is in memory at a time.
    private static readonly JsonSerializerOptions Form = new(FeedRecordJson.Options) { WriteIndented = true };

    /// <summary>The state of a feed; null if there is none that this program can read. Throws <see cref="IOException"/>.</summary>
    public async Task<FeedState?> FindAsync(string feed, CancellationToken cancellationToken)
    {
        await using Stream? stream = await files.OpenAsync(StateOf(feed), cancellationToken);
        if (stream is null)
        {
            return null;
        }

        try
        {
            byte[] json = await FeedContent.ReadAllAsync(stream, MaxStateBytes, cancellationToken);
            return JsonSerializer.Deserialize<FeedState>(json, Form) is { Format: FeedState.CurrentFormat } state ? state : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidDataException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>
    /// The records of a feed in the order in which they were read. Throws <see cref="InvalidDataException"/> if the pack is missing or
    /// damaged, and <see cref="IOException"/>.
    /// </summary>
    public async IAsyncEnumerable<FeedRecord> RecordsAsync(string feed, FeedState state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(state);
        await foreach (ReadOnlyMemory<byte> line in LinesAsync(state, cancellationToken))
        {
            yield return FeedPack.RecordOf(line.Span, feed);
        }
    }

    /// <summary>Forgets all about a feed, so that the next run reads it from the beginning. Throws <see cref="IOException"/>.</summary>
    public Task ForgetAsync(string feed, CancellationToken cancellationToken) => files.DeleteAsync(StateOf(feed), cancellationToken);

    /// <summary>The lines of a feed's pack. Throws as <see cref="RecordsAsync"/>, at the end if there are fewer or more than there were.</summary>
    internal async IAsyncEnumerable<ReadOnlyMemory<byte>> LinesAsync(FeedState state, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (state.Pack is null)
        {
            yield break;
        }

        await using Stream pack = await files.OpenAsync(state.Pack, cancellationToken) ?? throw new InvalidDataException($"{state.Pack} is not there.");
        int lines = 0;
        await foreach (ReadOnlyMemory<byte> line in FeedPack.LinesAsync(pack, cancellationToken))
        {
            lines++;
            yield return line;
        }

        if (lines != state.Records)
        {
            throw new InvalidDataException($"{state.Pack} has {lines} records instead of {state.Records}.");
        }
    }

    /// <summary>Writes a new pack that nobody names yet. Throws what <paramref name="write"/> throws.</summary>
    /// <returns>What it is called.</returns>
    internal async Task<string> WriteAsync(string feed, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        string name = $"{feed}.{Guid.NewGuid():N}.pack";
        await files.WriteAsync(name, write, cancellationToken);
        return name;
    }

    /// <summary>Writes a state; from then on its pack is the feed's.</summary>
    internal Task SaveAsync(string feed, FeedState state, CancellationToken cancellationToken) => files.WriteAsync(
        StateOf(feed), stream => JsonSerializer.SerializeAsync(stream, state, Form, cancellationToken), cancellationToken);

    /// <summary>Removes the packs of a feed that its state does not name.</summary>
    /// <returns>Whether the one that it names is there.</returns>
    internal async Task<bool> SweepAsync(string feed, FeedState state, CancellationToken cancellationToken)
    {
        string[] packs = [.. (await files.ListAsync(cancellationToken)).Where(name =>
            name.StartsWith(feed + ".", StringComparison.Ordinal) && name.EndsWith(".pack", StringComparison.Ordinal))];
        foreach (string name in packs.Where(name => name != state.Pack))
        {
            await files.DeleteAsync(name, cancellationToken);
        }

        return packs.Contains(state.Pack);
    }

    /// <summary>The state of a feed to begin a run with, an empty one if there is none or its pack is gone; leftovers of killed runs are removed.</summary>
    internal async Task<FeedState> TakeUpAsync(string feed, CancellationToken cancellationToken)
    {
        FeedState state = await FindAsync(feed, cancellationToken) ?? new FeedState();
        return await SweepAsync(feed, state, cancellationToken) ? state : new FeedState();
    }

    private static string StateOf(string feed) => $"{feed}.state";
}
