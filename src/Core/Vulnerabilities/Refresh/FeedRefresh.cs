using System.Collections.Concurrent;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>
/// Asks all feeds for what is new and builds a snapshot of everything they have said so far. A feed that fails keeps its last good data. One
/// run at a time may write to the same files.
/// </summary>
/// <param name="feeds">The feeds, and which of them are on.</param>
/// <param name="files">What earlier runs have kept.</param>
/// <param name="http">Made by <see cref="FeedHttp"/>.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when each feed begins and ends.</param>
public sealed class FeedRefresh(FeedChoices feeds, IFeedFiles files, HttpClient http, TimeProvider time, ILogger<FeedRefresh> logger)
{
    // Each takes a connection, a core for parsing, and a few MiB.
    private const int ParallelFeeds = 3;

    private readonly FeedPacks _packs = new(files);

    /// <summary>Stands for the code that reads documents: another build may read more out of an unchanged one.</summary>
    internal string Reader { get; init; } = typeof(FeedRefresh).Assembly.ManifestModule.ModuleVersionId.ToString("N");

    /// <summary>
    /// The longest that all reading may take: documents that are left then keep their last good data, as if they had failed, and the snapshot is
    /// built. Else one server that does not answer would keep the news of all others away.
    /// </summary>
    public TimeSpan ReadingTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>The longest that one feed may take.</summary>
    internal TimeSpan FeedTimeout { get; init; } = TimeSpan.FromHours(3);

    /// <summary>
    /// Reads the feeds and writes a snapshot; what was at <paramref name="path"/> is replaced whole or not at all. Ended in the middle, it
    /// leaves what earlier runs have kept, and of this run the feeds that were done. Throws <see cref="AdvisoryDatabaseException"/> if there
    /// is nothing to write, or only a part of a feed, or it cannot be written, <see cref="FeedException"/> for a choice that cannot be, and
    /// <see cref="IOException"/>.
    /// </summary>
    public async Task<RefreshOutcome> RunAsync(string path, RefreshChoice choice, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        IReadOnlyList<FeedChoice> chosen = feeds.Of(choice);
        FeedOutcome[] ordered = await UpdateAsync(chosen, cancellationToken);
        // A part of a feed would take the place of a snapshot, or of the starter set, that has more.
        if (ordered.FirstOrDefault(outcome => outcome.IsBegun) is { } begun)
        {
            throw new AdvisoryDatabaseException(
                $"There was no time to read all of {begun.Feed.Name} for the first time; nothing was written, and the next run goes on with what is left.");
        }

        using var builder = new SnapshotBuilder(SnapshotTexts.Summaries);
        foreach (FeedOutcome outcome in ordered)
        {
            await AddAsync(outcome, builder, cancellationToken);
        }

        if (ordered.Sum(outcome => (long)outcome.State.Records) == 0)
        {
            throw new AdvisoryDatabaseException($"No feed gave any record; nothing was written.{ReasonsOf(ordered)}");
        }

        var (description, fileBytes) = builder.Write(path, time.GetUtcNow());
        return new RefreshOutcome
        {
            Feeds = ordered,
            Path = path,
            Description = description,
            Skipped = builder.Skipped,
            FileBytes = fileBytes,
            Elapsed = time.GetElapsedTime(started),
        };
    }

    private async Task<FeedOutcome[]> UpdateAsync(IReadOnlyList<FeedChoice> chosen, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(ReadingTimeout, time);
        var outcomes = new ConcurrentDictionary<string, FeedOutcome>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            chosen,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelFeeds, CancellationToken = cancellationToken },
            async (feed, token) => outcomes[feed.Name] = await UpdateAsync(feed, patience.Token, token));
        return [.. chosen.Select(feed => outcomes[feed.Name])];
    }

    private async Task<FeedOutcome> UpdateAsync(FeedChoice choice, CancellationToken reading, CancellationToken cancellationToken)
    {
        logger.LogInformation("Feed read start {Feed}", choice.Name);
        long started = time.GetTimestamp();
        FeedOutcome outcome;
        try
        {
            outcome = await TryUpdateAsync(choice, reading, cancellationToken);
        }
        catch (InvalidDataException damaged)
        {
            // What was kept can be had again; what has no data at all has no findings either, so not in the next run but now.
            logger.LogWarning("Feed pack damaged {Feed}: {Reason}", choice.Name, damaged.Message);
            await _packs.ForgetAsync(choice.Name, cancellationToken);
            outcome = await TryUpdateAsync(choice, reading, cancellationToken);
        }

        LogLevel level = outcome.IsGood ? LogLevel.Information : LogLevel.Warning;
        logger.Log(
            level,
            "Feed read done {Feed} in {Elapsed}: {Read} of {Asked} documents read, {Failed} failed, {Refused} refused, {Records} records",
            choice.Name,
            time.GetElapsedTime(started),
            outcome.Read,
            outcome.Asked,
            outcome.Failed.Count,
            outcome.Refused.Count,
            outcome.State.Records);
        return outcome;
    }

    private async Task<FeedOutcome> TryUpdateAsync(FeedChoice choice, CancellationToken reading, CancellationToken cancellationToken)
    {
        using var update = new FeedUpdate(
            choice.Feed,
            choice.Location,
            choice.Settings.AcceptShrink ? FeedShrink.Accepted : FeedShrink.Refused,
            new FeedRunContext(_packs, http, time, Reader));
        using var patience = new CancellationTokenSource(FeedTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, reading, patience.Token);
        try
        {
            return choice.Location.Length > 0
                ? await update.RunAsync(linked.Token, cancellationToken)
                : await update.FailAsync($"It has no address: set Feeds__{choice.Name}__Url.", cancellationToken);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or InvalidDataException or IOException))
        {
            // One parser's mistake must not keep the news of all other feeds away.
            logger.LogError(failure, "Feed read failed {Feed}", choice.Name);
            return await update.FailAsync($"{failure.GetType().Name}: {failure.Message}", cancellationToken);
        }
    }

    private async Task AddAsync(FeedOutcome outcome, SnapshotBuilder builder, CancellationToken cancellationToken)
    {
        builder.Describe(outcome.Feed.Name, outcome.Feed.Licence, outcome.State.CheckedAt);
        try
        {
            await foreach (FeedRecord record in _packs.RecordsAsync(outcome.Feed.Name, outcome.State, cancellationToken))
            {
                builder.Add(record.Source.Length > 0 ? record : record with { Source = outcome.Feed.DocumentName });
            }
        }
        catch (InvalidDataException damaged)
        {
            await _packs.ForgetAsync(outcome.Feed.Name, cancellationToken);
            throw new AdvisoryDatabaseException(
                $"What was kept of {outcome.Feed.Name} is damaged and was removed; the next run reads it again. No snapshot was written. {damaged.Message}",
                damaged);
        }
    }

    private static string ReasonsOf(IEnumerable<FeedOutcome> outcomes) => string.Concat(
        outcomes.SelectMany(outcome => outcome.Failed.Select(failed => $" {$"{outcome.Feed.Name} {failed.Name}".Trim()}: {failed.Reason}")).Take(10));
}
