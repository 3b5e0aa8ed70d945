using System.IO.Compression;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Refresh;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Vulnerabilities.Refresh;

public sealed class AdvisoryRefreshTests
{
    private static readonly FakeTimeProvider Clock = new(TestSnapshot.BuiltAt);

    private static string Record(string id, string ecosystem, string name) => $$"""
        {"id":"{{id}}","modified":"2024-01-01T00:00:00Z","upstream":["CVE-2024-1111"],"summary":"prose",
         "affected":[{"package":{"ecosystem":"{{ecosystem}}","name":"{{name}}"},"versions":["1.0"]}]}
        """;

    private static Task<SnapshotBuild> BuildAsync(
        TemporaryFolder folder, SnapshotChoice choice = SnapshotChoice.Everything) => new AdvisoryRefresh(Clock).BuildAsync(
        [folder.Path], new HttpClient(), folder.File("a.snap"), choice, TestContext.Current.CancellationToken);

    [Fact]
    public async Task ReportsWhatItReadAndWhatItDidNot()
    {
        using var folder = new TemporaryFolder();
        OsvZip.Write(folder, "npm", Record("A-1", "npm", "x"), Record("A-1", "npm", "x"), "broken");
        Directory.CreateDirectory(folder.File("PyPI"));
        await File.WriteAllTextAsync(folder.File("PyPI", "all.zip"), "no zip", TestContext.Current.CancellationToken);

        var build = await BuildAsync(folder);

        Assert.Equal((2, 1, 1), (build.Records, build.Skipped.Superseded, build.Malformed));
        Assert.Single(build.Runs[0].Report.Reasons);
        Assert.Single(build.Failed);
        Assert.Equal(1, build.Description.Advisories);
        Assert.Equal(TestSnapshot.BuiltAt, build.Description.BuiltAt);
        Assert.Equal(new FileInfo(build.Path).Length, build.FileBytes);
        Assert.True(build.PeakMemoryBytes > 0);
    }

    [Fact]
    public async Task JoinsCveMetadataFoundBesideTheFolder()
    {
        using var folder = new TemporaryFolder();
        OsvZip.Write(folder, "npm", Record("A-1", "npm", "x"));
        await using (var file = new GZipStream(File.Create(folder.File("cve-metadata.jsonl.gz")), CompressionLevel.Fastest))
        {
            file.Write("""{"id":"CVE-2024-1111","state":"PUBLISHED","published":"2024-02-02T00:00:00","cvss":[["V3","CVSS:3.1/AV:?"]]}"""u8);
            file.Write("\nbroken\n"u8);
        }

        Assert.Equal(folder.File("cve-metadata.jsonl.gz"), AdvisoryRefresh.FindCveMetadata([folder.File("npm")]));
        // Within the folder it is read as one of its files, and must not be read twice.
        Assert.Null(AdvisoryRefresh.FindCveMetadata([folder.Path, folder.File("npm")]));
        var build = await BuildAsync(folder);

        Assert.Equal(2, build.Malformed);
        using var database = AdvisoryDatabase.Open(build.Path);
        Assert.Equal(new DateTimeOffset(2024, 2, 2, 0, 0, 0, TimeSpan.Zero), database.Lookup().Cve("CVE-2024-1111")?.PublishedOn);
    }

    [Fact]
    public async Task BuildsWithoutMetadataThatCannotBeRead()
    {
        using var folder = new TemporaryFolder();
        OsvZip.Write(folder, "npm", Record("A-1", "npm", "x"));
        await File.WriteAllTextAsync(folder.File("cve-metadata.jsonl.gz"), "no gzip", TestContext.Current.CancellationToken);

        var build = await BuildAsync(folder);

        Assert.Equal(1, build.Malformed);
        Assert.Equal(1, build.Description.Advisories);
    }

    [Fact]
    public async Task WritesNothingWithoutAdvisoriesAndSaysWhereItLooked()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("a.snap"), "what was there", TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<AdvisoryDatabaseException>(() => BuildAsync(folder));

        Assert.Contains(folder.Path, refused.Message, StringComparison.Ordinal);
        Assert.Equal("what was there", await File.ReadAllTextAsync(folder.File("a.snap"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AStarterSetTakesOnlyWhatMayBePassedOn()
    {
        using var folder = new TemporaryFolder();
        OsvZip.Write(
            folder,
            "all",
            Record("DSA-1", "Debian:11", "x"),
            Record("ALPINE-CVE-2024-1111", "Alpine:v3.20", "x"),
            Record("GHSA-1", "npm", "x"),
            Record("PYSEC-1", "PyPI", "x"),
            Record("GHSA-2", "Maven", "a:x"),
            Record("UBUNTU-CVE-2024-1111", "Ubuntu:22.04:LTS", "x"),
            Record("CGA-1", "Wolfi", "x"),
            Record("ELA-1", "Debian:9", "x"));

        var build = await BuildAsync(folder, SnapshotChoice.StarterSet);

        Assert.Equal(["Alpine:v3.20", "Debian:11", "PyPI", "npm"], build.Description.Ecosystems.Select(count => count.Ecosystem));
        // Wolfi's record does not come so far: OSV's copies of it are off.
        Assert.Equal(3, build.Runs.Sum(run => run.NotChosen));
        Assert.True(build.Description.FactsOnly);
    }
}
