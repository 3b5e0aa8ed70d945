using System.Formats.Tar;
using ImageScan.Core.Inventory;
using ImageScan.Core.Inventory.Versions;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Matching;
using ImageScan.Core.Vulnerabilities.Refresh;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Vulnerabilities.Matching;

/// <summary>Whole package databases of real images against all advisories of <c>../shared</c>: the rows expected, and no other.</summary>
public sealed class SharedImagesTests(SharedImagesTests.Built built) : IClassFixture<SharedImagesTests.Built>
{
    [Theory]
    [InlineData("alpine-3.4", "alpine", "3.4.6")]
    [InlineData("alpine-3.9", "alpine", "3.9.2")]
    [InlineData("debian-11", "debian", "11")]
    public async Task FindsTheExpectedRowsAndNoOther(string image, string distribution, string version)
    {
        var expected = ExpectedRows(image);

        var outcome = await MatchAsync(image, new Distribution(distribution, version));

        Assert.True(outcome.CoversDistribution);
        Assert.Empty(outcome.Warnings);
        Assert.Equal(expected, Rows(outcome));
    }

    [Theory]
    [InlineData("alpine-3.10", "3.10.9", true)]
    [InlineData("alpine-3.14", "3.14.2", false)]
    [InlineData("alpine-3.20", "3.20.0", false)]
    public async Task FindsNothingWhereTheAdvisoriesAreOlderThanTheImage(string image, string version, bool covered)
    {
        var outcome = await MatchAsync(image, new Distribution("alpine", version));

        Assert.NotEmpty(outcome.Packages);
        Assert.Empty(Rows(outcome));
        Assert.Equal(covered, outcome.CoversDistribution);
    }

    private static SortedSet<string> Rows(MatchOutcome outcome) => new(
        outcome.Packages.SelectMany(package => package.Findings.Select(finding =>
            $"{package.Installed.Package.Name} {package.Installed.Package.Version} {finding.Cve} {finding.FixedBy}")),
        StringComparer.Ordinal);

    // Of a CVE that two advisories mend, the later fix: that is what one finding says.
    private static SortedSet<string> ExpectedRows(string image)
    {
        var scheme = VersionSchemes.For(image.StartsWith("debian", StringComparison.Ordinal) ? "Debian" : "Alpine")!;
        var fixes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string line in File.ReadLines(SharedData.Path("images", image + ".expected.tsv")).Skip(1))
        {
            string[] cells = line.Split('\t');
            bool debian = cells.Length == 7;
            string fix = cells[debian ? 5 : 4];
            foreach (string cve in debian ? cells[6].Split(',') : [cells[3]["ALPINE-".Length..]])
            {
                string row = $"{cells[0]} {cells[1]} {cve}";
                if (!fixes.TryGetValue(row, out string? known) || (scheme.TryCompare(fix, known, out int order) && order > 0))
                {
                    fixes[row] = fix;
                }
            }
        }

        return new(fixes.Select(row => $"{row.Key} {row.Value}"), StringComparer.Ordinal);
    }

    private async Task<MatchOutcome> MatchAsync(string image, Distribution distribution)
    {
        var database = await built.DatabaseAsync();
        string[] packageDatabases = ["var/lib/dpkg/status", "lib/apk/db/installed", "usr/lib/apk/db/installed"];
        Package[] packages = [.. Files(SharedData.Path("images", image + ".tar"), packageDatabases)
            .SelectMany(text => distribution.Id == "debian" ? Dpkg(text) : Apk(text))];
        return AdvisoryMatcher.Match(
            new ImageInventory { Distribution = distribution, Packages = [.. packages.Select(package => new InstalledPackage(package, 0))], Warnings = [] },
            database);
    }

    // These images have one layer, a plain tar in the archive.
    private static IEnumerable<string> Files(string archive, string[] paths)
    {
        using var outer = new TarReader(File.OpenRead(archive));
        while (outer.GetNextEntry(copyData: true) is { } layer)
        {
            if (layer is not { EntryType: TarEntryType.RegularFile, DataStream: not null } || !layer.Name.EndsWith(".tar", StringComparison.Ordinal))
            {
                continue;
            }

            using var inner = new TarReader(layer.DataStream);
            while (inner.GetNextEntry() is { } entry)
            {
                if (paths.Contains(entry.Name.TrimStart('.', '/')) && entry.DataStream is { } content)
                {
                    using var text = new StreamReader(content);
                    yield return text.ReadToEnd();
                }
            }
        }
    }

    private static IEnumerable<Package> Dpkg(string status)
    {
        foreach (string paragraph in status.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            var fields = paragraph.Split('\n').Where(line => !line.StartsWith(' ') && line.Contains(": ", StringComparison.Ordinal))
                .Select(line => line.Split(": ", 2)).ToDictionary(field => field[0], field => field[1], StringComparer.Ordinal);
            if (fields.GetValueOrDefault("Status") != "install ok installed")
            {
                continue;
            }

            string[] source = fields.GetValueOrDefault("Source", fields["Package"]).Split(' ', 2);
            yield return new Package
            {
                Type = PackageType.Dpkg,
                Name = fields["Package"],
                Version = fields["Version"],
                SourceName = source[0],
                SourceVersion = source.Length > 1 ? source[1].Trim('(', ')') : null,
                Path = "var/lib/dpkg/status",
            };
        }
    }

    private static IEnumerable<Package> Apk(string installed)
    {
        foreach (string paragraph in installed.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        {
            string Field(string key) => paragraph.Split('\n').First(line => line.StartsWith(key, StringComparison.Ordinal))[2..];
            yield return new Package
            {
                Type = PackageType.Apk,
                Name = Field("P:"),
                Version = Field("V:"),
                SourceName = Field("o:"),
                Path = "lib/apk/db/installed",
            };
        }
    }

    /// <summary>The snapshot of all shared advisories, built once for all tests of the class.</summary>
    public sealed class Built : IDisposable
    {
        private readonly TemporaryFolder _folder = new();
        private Task<AdvisoryDatabase>? _database;

        public Task<AdvisoryDatabase> DatabaseAsync() => _database ??= BuildAsync();

        public void Dispose() => _folder.Dispose();

        private async Task<AdvisoryDatabase> BuildAsync()
        {
            using var http = new HttpClient();
            string[] folders = [SharedData.Path("data", "advisories", "osv"), SharedData.Path("data", "advisories", "osv-converted")];
            var build = await new AdvisoryRefresh(TimeProvider.System).BuildAsync(
                [.. folders, SharedData.Path("data", "advisories", "cve-metadata.jsonl.gz")],
                http,
                _folder.File("all.snap"),
                SnapshotChoice.Everything,
                TestContext.Current.CancellationToken);
            // Figures of the data as it lies there: of 82,677 records 6 have no date, and of the others 2,577 are about ecosystems without a detector,
            // 1,197 are AlmaLinux's updates without a CVE, 9 about modules of no named stream, 286 RustSec's notices or about other systems.
            // Photon's "ranges" are objects in 2,077 records, Freexian's in 1, and 7 of Docker's (DHI) have ranges without events; with the 6 undated ones these are malformed.
            Assert.Equal((78_602, 2_091), (build.Runs.Where(run => run.Feed.Name == "osv").Sum(run => run.Records), build.Malformed));
            Assert.Empty(build.Failed);
            Assert.InRange(build.FileBytes, 1, 20 * 1024 * 1024);
            TestContext.Current.SendDiagnosticMessage(
                $"Built in {build.Elapsed.TotalSeconds:F1} s, peak {build.PeakMemoryBytes >> 20} MiB, file {build.FileBytes} bytes.");
            return AdvisoryDatabase.Open(build.Path);
        }
    }
}
