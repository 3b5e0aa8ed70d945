using System.IO.Compression;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Vulnerabilities.Refresh;

namespace ImageScan.EndToEnd.Scans;

/// <summary>A snapshot file of advisories for Node packages, made the whole way from OSV records; gone after the test.</summary>
internal sealed class TestAdvisories : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("advisories-");

    /// <summary>The setting <c>Advisories:Path</c>.</summary>
    public string Path => System.IO.Path.Combine(_folder.FullName, "advisories.snap");

    /// <summary>One record: every version of the package before the fix has the CVE.</summary>
    public static string Record(string cve, string package, string fixedIn, string cvss = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H") => JsonSerializer.Serialize(new
    {
        id = cve.Replace("CVE", "TEST", StringComparison.Ordinal),
        modified = "2026-01-02T00:00:00Z",
        published = "2026-01-01T00:00:00Z",
        aliases = new[] { cve },
        summary = $"Made for a test of {package}",
        severity = new[] { new { type = "CVSS_V3", score = cvss } },
        affected = new[]
        {
            new
            {
                package = new { ecosystem = "npm", name = package },
                ranges = new[] { new { type = "SEMVER", events = new object[] { new { introduced = "0" }, new Dictionary<string, string> { ["fixed"] = fixedIn } } } },
            },
        },
    });

    /// <summary>Replaces the snapshot by one of these records.</summary>
    public async Task ReplaceAsync(params string[] records)
    {
        DirectoryInfo source = _folder.CreateSubdirectory(System.IO.Path.Combine("osv", "npm"));
        await using (ZipArchive zip = await ZipFile.OpenAsync(System.IO.Path.Combine(source.FullName, "all.zip"), ZipArchiveMode.Create, TestContext.Current.CancellationToken))
        {
            foreach ((int number, string record) in records.Index())
            {
                await using Stream entry = await zip.CreateEntry($"{number}.json").OpenAsync(TestContext.Current.CancellationToken);
                await entry.WriteAsync(Encoding.UTF8.GetBytes(record), TestContext.Current.CancellationToken);
            }
        }

        using var client = new HttpClient();
        SnapshotBuild build = await new AdvisoryRefresh(TimeProvider.System).BuildAsync(
            [source.Parent!.FullName], client, Path, SnapshotChoice.Everything, TestContext.Current.CancellationToken);
        Assert.Equal((records.Length, 0), (build.Records, build.Malformed));
        source.Delete(recursive: true);
    }

    /// <summary>Replaces the snapshot by one of these documents, each at the path where its feed has it.</summary>
    public async Task ReplaceByDocumentsAsync(params IEnumerable<(string Path, string Text)> documents)
    {
        DirectoryInfo source = _folder.CreateSubdirectory("feeds");
        foreach ((string path, string text) in documents)
        {
            var file = new FileInfo(System.IO.Path.Combine(source.FullName, path));
            file.Directory!.Create();
            await File.WriteAllTextAsync(file.FullName, text, TestContext.Current.CancellationToken);
        }

        using var client = new HttpClient();
        SnapshotBuild build = await new AdvisoryRefresh(TimeProvider.System).BuildAsync(
            [source.FullName], client, Path, SnapshotChoice.Everything, TestContext.Current.CancellationToken);
        Assert.Empty(build.Unrecognised);
        Assert.Equal(0, build.Malformed);
        source.Delete(recursive: true);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
