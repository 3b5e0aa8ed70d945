using System.Text;
using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds.Osv;
using ImageScan.Core.Vulnerabilities.Matching;

namespace ImageScan.Core.Tests.Vulnerabilities;

/// <summary>A snapshot of OSV records written in a test, made the whole way: parsed, built, opened.</summary>
internal sealed class TestSnapshot : IDisposable
{
    public static readonly DateTimeOffset BuiltAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    private TestSnapshot(IEnumerable<FeedRecord> records, SnapshotTexts texts)
    {
        using var builder = new SnapshotBuilder(texts);
        foreach (var record in records)
        {
            builder.Add(record);
        }

        builder.Write(Path, BuiltAt);
        Skipped = builder.Skipped;
        Database = AdvisoryDatabase.Open(Path);
    }

    public string Path => _folder.File("test.snap");

    public AdvisoryDatabase Database { get; }

    public SkippedAdvisories Skipped { get; }

    public static TestSnapshot Of(params string[] records) => new(records.Select(Read), SnapshotTexts.Summaries);

    public static TestSnapshot Of(params Advisory[] advisories) => new(advisories, SnapshotTexts.Summaries);

    /// <summary>Records of any kind, in this order.</summary>
    public static TestSnapshot OfRecords(params FeedRecord[] records) => new(records, SnapshotTexts.Summaries);

    public static TestSnapshot WithCves(CveMetadata[] cves, params string[] records) => new([.. records.Select(Read), .. cves], SnapshotTexts.Summaries);

    public static TestSnapshot FactsOnly(params string[] records) => new(records.Select(Read), SnapshotTexts.FactsOnly);

    public static Advisory Read(string record)
    {
        Assert.True(OsvRecord.TryRead(Encoding.UTF8.GetBytes(record), out var advisory, out var problems), string.Join("; ", problems));
        Assert.Empty(problems);
        return advisory;
    }

    public MatchOutcome Match(Distribution? distribution, params Package[] packages) => AdvisoryMatcher.Match(
        new ImageInventory { Distribution = distribution, Packages = [.. packages.Select(package => new InstalledPackage(package, 0))], Warnings = [] },
        Database);

    /// <summary>The findings of a single package.</summary>
    public IReadOnlyList<Finding> Find(Distribution? distribution, Package package) => Match(distribution, package).Packages.Single().Findings;

    public void Dispose()
    {
        Database.Dispose();
        _folder.Dispose();
    }
}
