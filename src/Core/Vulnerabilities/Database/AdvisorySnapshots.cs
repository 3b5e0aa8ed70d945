using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// The snapshot that scans ask: the file that the settings name, opened anew when it changes (replace it by renaming another to its name, as
/// the builder does); without one, what is published for all instances, brought here in the background; until there is any, the starter set.
/// A scan takes one for all of its match. One that is replaced stays open for those who have it, and is closed with the last of them.
/// </summary>
public sealed class AdvisorySnapshots(
    AdvisorySettings settings, ILogger<AdvisorySnapshots> logger, ISnapshotPublication? publication = null, TimeProvider? time = null) : IDisposable
{
    /// <summary>How long a scan waits for the first answer about what is published. A download of 100 MB within Azure takes a second or two.</summary>
    public static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(20);

    private const string StarterSet = "starter.snap";

    // A connection that drips must not end the polling for good.
    private static readonly TimeSpan PollPatience = TimeSpan.FromMinutes(10);

    private readonly Lock _opening = new();
    private readonly Lock _beginning = new();
    private readonly SemaphoreSlim _polling = new(1);
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private AdvisoryDatabase? _file;
    private AdvisoryDatabase? _starter;
    private volatile AdvisoryDatabase? _published;
    private FileStamp _stamp;
    private Task<bool>? _firstPoll;
    private string? _lastFailure;

    /// <summary>Whether what is published is looked for: not if a file is named, or there is no storage.</summary>
    public bool IsPublished => publication is not null && string.IsNullOrEmpty(settings.Path);

    /// <summary>
    /// Whether an operator has gone back to <see cref="Current"/>: then what newer advisories have found is to be taken back, too.
    /// </summary>
    public bool IsRolledBack => IsPublished && _published is not null && publication!.IsPinned;

    /// <summary>
    /// The snapshot to ask now; null if there is none and the starter set is off. Never waits for the network. A file that cannot be opened any
    /// more is logged, and the one that was open before is kept.
    /// </summary>
    /// <exception cref="AdvisoryDatabaseException">The configured file is missing, damaged or of another version, and none was open before.</exception>
    public AdvisoryDatabase? Current()
    {
        if (string.IsNullOrEmpty(settings.Path))
        {
            return _published ?? (settings.UseStarterSet ? Starter() : null);
        }

        lock (_opening)
        {
            var stamp = FileStamp.Of(settings.Path);
            if (_file is null || stamp != _stamp)
            {
                Swap(settings.Path, stamp);
            }

            return _file;
        }
    }

    /// <summary>
    /// Returns when it is known what is published, and at the latest after <see cref="FirstPatience"/>: a process that has just started would
    /// answer by the starter set otherwise. At once from then on.
    /// </summary>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        Task<bool> first = IsPublished ? FirstPollAsync() : Task.FromResult(true);
        if (first.IsCompleted)
        {
            return;
        }

        // Whatever the poll runs into is said by who goes on polling; no scan fails by it.
        await ((Task)first.WaitAsync(FirstPatience, _time, cancellationToken)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (!first.IsCompleted)
        {
            logger.LogWarning("Published advisories not here after {Patience}, scans do without them until they are", FirstPatience);
        }
    }

    /// <summary>The first poll of this process, begun by whoever asks first; false if it failed.</summary>
    public Task<bool> FirstPollAsync()
    {
        lock (_beginning)
        {
            return _firstPoll ??= PollAsync(CancellationToken.None);
        }
    }

    /// <summary>
    /// Looks once for what is published and uses it from then on. A failure is logged, when it is another than the last, and what is open stays.
    /// </summary>
    /// <returns>Whether it is known what is published, and that is open.</returns>
    public async Task<bool> PollAsync(CancellationToken cancellationToken)
    {
        if (!IsPublished)
        {
            return true;
        }

        await _polling.WaitAsync(cancellationToken);
        try
        {
            using var patience = new CancellationTokenSource(PollPatience, _time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            if (await publication!.FetchAsync(_published?.Origin.Id, both.Token) is { } path)
            {
                var opened = AdvisoryDatabase.Open(path);
                _published = opened;
                logger.LogInformation("Advisory snapshot open {Path} {Id} built {BuiltAt}", path, opened.Origin.Id, opened.Origin.BuiltAt);
            }

            _lastFailure = null;
            return true;
        }
        catch (AdvisoryDatabaseException failure)
        {
            LogFailure(failure.Message);
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            LogFailure($"it took longer than {PollPatience}");
            return false;
        }
        finally
        {
            _polling.Release();
        }
    }

    public void Dispose()
    {
        _file?.Dispose();
        _starter?.Dispose();
        _published?.Dispose();
    }

    private void LogFailure(string reason)
    {
        if (reason != _lastFailure)
        {
            logger.LogWarning("Advisory snapshot poll failed, {Id} stays: {Reason}", _published?.Origin.Id ?? "what was used before", reason);
        }

        _lastFailure = reason;
    }

    // The one that was open before is left to the garbage collector: a match may be in the middle of it.
    private void Swap(string path, FileStamp stamp)
    {
        try
        {
            _file = AdvisoryDatabase.Open(path);
            logger.LogInformation("Advisory snapshot open {Path} {Id} built {BuiltAt}", path, _file.Origin.Id, _file.Origin.BuiltAt);
        }
        catch (AdvisoryDatabaseException broken) when (_file is not null)
        {
            logger.LogWarning(broken, "Advisory snapshot swap failed {Path}, {Id} stays", path, _file.Origin.Id);
        }

        _stamp = stamp;
    }

    private AdvisoryDatabase Starter()
    {
        lock (_opening)
        {
            return _starter ??= ReadStarter();
        }
    }

    private static AdvisoryDatabase ReadStarter()
    {
        using var resource = typeof(AdvisorySnapshots).Assembly.GetManifestResourceStream(StarterSet)
            ?? throw new AdvisoryDatabaseException("This build has no starter set of advisories. Set Advisories__Path.");
        byte[] bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        return AdvisoryDatabase.Read(bytes, "the starter set", isStarterSet: true);
    }

    private readonly record struct FileStamp(DateTime WrittenAt, long Length)
    {
        public static FileStamp Of(string path)
        {
            var file = new FileInfo(path);
            return file.Exists ? new FileStamp(file.LastWriteTimeUtc, file.Length) : default;
        }
    }
}
