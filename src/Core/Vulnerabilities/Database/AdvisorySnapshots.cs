using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// Opens the snapshot that the settings name, and opens it anew when the file changes; without one, the starter set that ships with the
/// app. Replace the file by renaming another to its name, as the builder does.
/// </summary>
public sealed class AdvisorySnapshots(AdvisorySettings settings, ILogger<AdvisorySnapshots> logger) : IDisposable
{
    private const string StarterSet = "starter.snap";

    private readonly Lock _opening = new();
    private AdvisoryDatabase? _current;
    private FileStamp _stamp;

    /// <summary>
    /// The snapshot to ask now; null if none is configured and the starter set is off. A file that cannot be opened any more is logged,
    /// and the one that was open before is kept.
    /// </summary>
    /// <exception cref="AdvisoryDatabaseException">The configured file is missing, damaged or of another version, and none was open before.</exception>
    public AdvisoryDatabase? Current()
    {
        if (string.IsNullOrEmpty(settings.Path))
        {
            return settings.UseStarterSet ? Starter() : null;
        }

        lock (_opening)
        {
            var stamp = FileStamp.Of(settings.Path);
            if (_current is null || stamp != _stamp)
            {
                Swap(settings.Path, stamp);
            }

            return _current;
        }
    }

    public void Dispose() => _current?.Dispose();

    // The one that was open before is left to the garbage collector: a match may be in the middle of it.
    private void Swap(string path, FileStamp stamp)
    {
        try
        {
            _current = AdvisoryDatabase.Open(path);
            logger.LogInformation("Advisory snapshot open {Path} {Id} built {BuiltAt}", path, _current.Origin.Id, _current.Origin.BuiltAt);
        }
        catch (AdvisoryDatabaseException broken) when (_current is not null)
        {
            logger.LogWarning(broken, "Advisory snapshot swap failed {Path}, {Id} stays", path, _current.Origin.Id);
        }

        _stamp = stamp;
    }

    private AdvisoryDatabase Starter()
    {
        lock (_opening)
        {
            return _current ??= ReadStarter();
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
