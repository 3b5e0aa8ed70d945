using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>Brings the pack of one feed up to date, once: asks for what changed and puts it in the place of what it replaces.</summary>
/// <param name="feed">Which feed.</param>
/// <param name="location">An http(s) address, a folder or a file.</param>
/// <param name="shrink">Whether it may lose most of its records.</param>
/// <param name="context">What all feeds of a run share.</param>
internal sealed class FeedUpdate(IAdvisoryFeed feed, string location, FeedShrink shrink, FeedRunContext context) : IDisposable
{
    // A server that is gone costs minutes for each document, in which no other feed is read in this one's place.
    private const int MaxUnanswered = 2;

    private readonly FeedMerge _merge = new();
    private readonly FeedReport _report = new();
    private readonly Dictionary<string, DocumentState> _documents = new(StringComparer.Ordinal);
    private readonly List<FailedSource> _failed = [];
    private readonly List<RefusedShrink> _refused = [];
    private FeedState? _known;
    private (int Asked, int Unchanged, int Read, int Records) _counts;
    private bool _isOutOfTime;
    private int _unanswered;

    /// <summary>What earlier runs have left.</summary>
    private FeedState Old => _known ?? throw new InvalidOperationException("Nothing has been taken up yet.");

    private string Name => feed.Description.Name;

    private DateTimeOffset Now => context.Time.GetUtcNow();

    /// <summary>
    /// Runs it. What cannot be read is in the outcome. Throws <see cref="InvalidDataException"/> if the pack of earlier runs is damaged, and
    /// <see cref="IOException"/> if the files fail.
    /// </summary>
    /// <param name="reading">Ends the reading: what has been read until then counts, what is left has failed.</param>
    /// <param name="cancellationToken">Ends all of it; what earlier runs have left stays.</param>
    public async Task<FeedOutcome> RunAsync(CancellationToken reading, CancellationToken cancellationToken)
    {
        await TakeUpAsync(cancellationToken);
        FeedPlan plan;
        FeedSource source;
        try
        {
            (source, plan) = await FeedPlans.MakeAsync(feed, location, context.Http, Known(), reading);
        }
        catch (Exception broken) when (FeedFailures.IsOne(broken, cancellationToken))
        {
            return await FailAsync(ReasonOf(broken, reading), cancellationToken);
        }

        foreach (string path in plan.Kept.Where(Old.Documents.ContainsKey))
        {
            _documents[path] = Old.Documents[path];
        }

        foreach (PlannedDocument planned in plan.Documents.DistinctBy(planned => planned.Path, StringComparer.Ordinal))
        {
            _counts.Asked++;
            await ReadAsync(source, planned, reading, cancellationToken);
        }

        _isOutOfTime = reading.IsCancellationRequested;
        KeepWhatMayNotGo();
        return await MergeAsync(plan, cancellationToken);
    }

    /// <summary>Ends a run that got nowhere: all records of earlier runs stay.</summary>
    public async Task<FeedOutcome> FailAsync(string reason, CancellationToken cancellationToken)
    {
        await TakeUpAsync(cancellationToken);
        _failed.Add(new FailedSource("", reason));
        FeedState state = Stamped(Old with { Refused = [] });
        await context.Packs.SaveAsync(Name, state, cancellationToken);
        return OutcomeOf(state, isChanged: false);
    }

    public void Dispose() => _merge.Dispose();

    private async Task TakeUpAsync(CancellationToken cancellationToken) =>
        _known ??= Outdate(await context.Packs.TakeUpAsync(Name, cancellationToken));

    private FeedState Outdate(FeedState state) => state.Location == location && state.Reader == context.Reader
        ? state
        : state with { Documents = state.Documents.ToDictionary(document => document.Key, document => document.Value with { IsOutdated = true }) };

    private Dictionary<string, KnownDocument> Known() => Old.Documents.Where(document => !document.Value.IsOutdated).ToDictionary(
        document => document.Key,
        document => new KnownDocument(document.Value.Validator, document.Value.ReadAt, document.Value.NewestRecord),
        StringComparer.Ordinal);

    private async Task ReadAsync(FeedSource source, PlannedDocument planned, CancellationToken reading, CancellationToken cancellationToken)
    {
        string target = planned.PartOf ?? planned.Path;
        DocumentState? known = _documents.GetValueOrDefault(target) ?? Old.Documents.GetValueOrDefault(target);
        if (planned.PartOf is not null && known is null)
        {
            Fail(planned, "what it is a part of has not been read.");
            return;
        }

        if (known is not null)
        {
            _documents[target] = known;
        }

        try
        {
            reading.ThrowIfCancellationRequested();
            if (_unanswered == MaxUnanswered)
            {
                throw new FeedException("was not asked for, since the server did not answer for others.");
            }

            await FeedFailures.WithOneMoreTryAsync(() => ReadOnceAsync(source, planned, known, reading), source, reading);
            _unanswered = 0;
        }
        catch (Exception broken) when (FeedFailures.IsOne(broken, cancellationToken))
        {
            _unanswered = broken is HttpRequestException ? _unanswered + 1 : _unanswered == MaxUnanswered ? MaxUnanswered : 0;
            Fail(planned, ReasonOf(broken, reading));
        }
    }

    private async Task ReadOnceAsync(FeedSource source, PlannedDocument planned, DocumentState? known, CancellationToken cancellationToken)
    {
        string? validator = planned.PartOf is null && known is { IsOutdated: false } ? known.Validator : null;
        await using FeedDocument document = await source.OpenAsync(planned.Path, validator, cancellationToken) ?? throw new FeedException("is not there.");
        if (document.IsUnchanged && known is not null)
        {
            _counts.Unchanged++;
            _documents[planned.Path] = known with { ReadAt = Now };
            return;
        }

        var reading = new DocumentReading(planned, Now);
        _merge.Spool.Begin();
        bool isWhole = false;
        try
        {
            await foreach (FeedRecord record in feed.ReadAsync(document, reading.Report, cancellationToken))
            {
                reading.Add(record, _merge.Spool);
            }

            isWhole = true;
        }
        finally
        {
            if (!isWhole)
            {
                _merge.Spool.Drop();
            }
        }

        Take(reading, document.Validator, known);
    }

    private void Take(DocumentReading reading, string? validator, DocumentState? known)
    {
        _report.Take(reading.Report);
        string target = reading.Target;
        int was = known?.Records ?? 0;
        if (reading.Report.Failed.Count > 0)
        {
            _merge.Spool.Drop();
            Fail(reading.Planned, reading.Report.Failed[0].Reason);
        }
        else if (reading.Planned is { PartOf: null, IsWindow: false } && shrink == FeedShrink.Refused && IsShrunk(was, reading.Records))
        {
            _merge.Spool.Drop();
            _refused.Add(new RefusedShrink(target, was, reading.Records, Now));
        }
        else
        {
            _merge.Keep(reading);
            _counts.Read++;
            _counts.Records += reading.Records;
            if (!reading.IsPart)
            {
                _documents[target] = reading.ToState(validator);
            }
        }
    }

    private static string ReasonOf(Exception broken, CancellationToken reading) =>
        broken is OperationCanceledException && reading.IsCancellationRequested ? "There was no time left to read it." : broken.Message;

    private void Fail(PlannedDocument planned, string reason)
    {
        _failed.Add(new FailedSource(planned.Path, reason));
        if (planned.PartOf is not null)
        {
            _merge.AddIncomplete(planned.PartOf);
        }
    }

    // A list of documents that was cut short looks like documents that have gone. They go if what came in their place has not many fewer.
    private void KeepWhatMayNotGo()
    {
        var gone = Old.Documents.Where(document => !_documents.ContainsKey(document.Key)).ToList();
        int came = _merge.RecordsOf(document => !Old.Documents.ContainsKey(document));
        if (shrink == FeedShrink.Refused && IsShrunk(gone.Sum(document => document.Value.Records), came))
        {
            foreach ((string path, DocumentState state) in gone)
            {
                _documents[path] = state;
                _refused.Add(new RefusedShrink(path, state.Records, 0, Now));
            }
        }
    }

    private async Task<FeedOutcome> MergeAsync(FeedPlan plan, CancellationToken cancellationToken)
    {
        _merge.DateByParts(_documents);
        _merge.AddDeleted(plan.Deleted);
        bool hasGone = Old.Documents.Keys.Any(path => !_documents.ContainsKey(path));
        FeedState state = Stamped(Old with { Documents = _documents, Refused = _refused });
        if (_counts.Read == 0 && plan.Deleted.Count == 0 && !hasGone)
        {
            await context.Packs.SaveAsync(Name, state, cancellationToken);
            return OutcomeOf(state, isChanged: false);
        }

        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        string pack = await context.Packs.WriteAsync(
            Name,
            stream => _merge.WriteAsync(stream, context.Packs.LinesAsync(Old, cancellationToken), _documents.ContainsKey, counts, cancellationToken),
            cancellationToken);
        int records = counts.Values.Sum();
        if (shrink == FeedShrink.Refused && IsShrunk(Old.Records, records))
        {
            return await RefuseAsync(records, cancellationToken);
        }

        if (records == 0 && Old.Records == 0)
        {
            return await FailAsync("It holds no record.", cancellationToken);
        }

        state = state with
        {
            Pack = pack,
            Records = records,
            ChangedAt = Now,
            Documents = _documents.ToDictionary(document => document.Key, document => document.Value with { Records = counts.GetValueOrDefault(document.Key) }),
        };
        await context.Packs.SaveAsync(Name, state, cancellationToken);
        await context.Packs.SweepAsync(Name, state, cancellationToken);
        return OutcomeOf(state, isChanged: true);
    }

    private async Task<FeedOutcome> RefuseAsync(int records, CancellationToken cancellationToken)
    {
        _refused.Add(new RefusedShrink(null, Old.Records, records, Now));
        FeedState state = Stamped(Old with { Refused = _refused });
        await context.Packs.SaveAsync(Name, state, cancellationToken);
        await context.Packs.SweepAsync(Name, Old, cancellationToken);
        return OutcomeOf(state, isChanged: false);
    }

    private FeedState Stamped(FeedState state) => state with
    {
        Format = FeedState.CurrentFormat,
        Reader = context.Reader,
        Location = location,
        LastFailure = _failed.Count == 0 ? null : new FeedFailure(Now, $"{_failed[0].Name} {_failed[0].Reason}".Trim()),
        CheckedAt = _failed.Count == 0 && state.Refused.Count == 0 ? Now : state.CheckedAt,
    };

    private FeedOutcome OutcomeOf(FeedState state, bool isChanged) => new()
    {
        Feed = feed.Description,
        Location = location,
        Asked = _counts.Asked,
        Unchanged = _counts.Unchanged,
        Read = _counts.Read,
        NewRecords = _counts.Records,
        Failed = _failed,
        Refused = _refused,
        Reasons = _report.Reasons,
        IsChanged = isChanged,
        IsBegun = _isOutOfTime && Old.Records == 0 && state.Records > 0,
        State = state,
    };

    // Small numbers say nothing: of three advisories two may be taken back in a day.
    private static bool IsShrunk(int was, int now) => now == 0 ? was > 0 : was >= 20 && now * 2L < was;
}
