using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Publication;

namespace ImageScan.EndToEnd.Advisories;

/// <summary>Snapshot files made for a test, in a folder that goes with it.</summary>
internal sealed class MadeSnapshots : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("snapshots-");

    public string Folder => _folder.FullName;

    /// <summary>Makes one of advisories for Node packages, each fixed in version 99: <c>("CVE-2026-1", "lodash")</c>.</summary>
    public string Make(DateTimeOffset builtAt, params IEnumerable<(string Cve, string Package)> advisories)
    {
        using var builder = new SnapshotBuilder(SnapshotTexts.Summaries);
        foreach ((string cve, string package) in advisories)
        {
            builder.Add(new Advisory
            {
                Id = cve.Replace("CVE", "TEST", StringComparison.Ordinal),
                Modified = Noon,
                Aliases = [cve],
                Summary = $"Made for a test of {package}",
                Feed = "test",
                Source = "test",
                Affected =
                [
                    new AffectedPackage
                    {
                        Ecosystem = OsvEcosystem.Parse("npm"),
                        Name = package,
                        Ranges = [new VersionRange(RangeOrder.SemVer, [new RangeEvent(RangeEventKind.Introduced, "0"), new RangeEvent(RangeEventKind.Fixed, "99.0.0")])],
                    },
                ],
            });
        }

        string path = Path.Combine(Folder, $"{Guid.NewGuid():n}.snap");
        builder.Write(path, builtAt);
        return path;
    }

    /// <summary>One with an advisory, so many hours after noon.</summary>
    public string AtHour(double hours) => Make(Noon.AddHours(hours), ("CVE-2026-1", "lodash"));

    public static string IdOf(string path) => PublishedSnapshot.Of(path).Id;

    public void Dispose() => _folder.Delete(recursive: true);
}
