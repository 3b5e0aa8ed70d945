using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Benchmarks.Lists;

/// <summary>Many stored images, as far as lists read them: commit rows, the rows of their orders, ten terms each, and the ledger.</summary>
internal static class MadeLists
{
    /// <summary>A CVE that one image in a thousand has.</summary>
    public const string RareCve = "CVE-2026-7";

    /// <summary>A component that every image has.</summary>
    public const string EveryComponent = "zlib1g";

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Fill(OrderedTables tables, int images)
    {
        var risks = new ConcurrentBag<(string Partition, float Risk)>();
        Parallel.For(0, images, number =>
        {
            Digest id = IdOf(number);
            ScanRow row = RowOf(id, number);
            risks.Add((ScanRow.PartitionOf(id), row.Listed.Summary.RiskScore));
            tables.Add(TableNames.Images, row.ToEntity());
            TableEntity order = ListRows.OrdersOf(row, row.NamesAsBytes()).First();
            foreach (string key in ListRows.OrderKeysOf(row))
            {
                tables.Add(TableNames.Images, key, order);
            }

            foreach ((string partition, SortedDictionary<string, ScanTerms.Term> found) in ScanTerms.Of(ScanOf(id, number)).ByPartition)
            {
                foreach ((string key, ScanTerms.Term term) in found)
                {
                    tables.Add(TableNames.ImageTerms, new TableEntity(partition, $"{key}|{id}") { ["Term"] = term.Text, ["Lines"] = term.Lines });
                }
            }
        });
        foreach (var partition in risks.GroupBy(risk => risk.Partition, risk => risk.Risk))
        {
            tables.Add(TableNames.Images, RiskLedger.EntityOf(partition.Key, RiskCounts.Of(partition)));
        }
    }

    public static string NameOf(int number) => string.Create(
        CultureInfo.InvariantCulture, $"registry{number % 7}.example.com/team{number % 100}/app{number / 10}:{number % 10}");

    private static Digest IdOf(int number) => Digest.OfSha256(SHA256.HashData(BitConverter.GetBytes(number)));

    private static ScanRow RowOf(Digest id, int number)
    {
        var random = new Random(number);
        Finding[] findings = [.. ScanOf(id, number).Match.Packages.SelectMany(package => package.Findings)];
        var summary = new ScanSummary(random.Next(10, 800), random.Next(600), random.Next(300), random.Next(100) / 10f, random.NextSingle() * 6)
        {
            Kinds = FindingKinds.Of(findings),
        };
        ImageReference name = ImageReference.TryParse(NameOf(number), out ImageReference? made, out _)
            ? made
            : throw new InvalidOperationException($"{NameOf(number)} is no name.");
        var listed = new ListedImage(id.ToString(), name.FullName, summary, Start.AddHours(-random.Next(50_000)), Start.AddSeconds(number * 17L % 9_999_991))
        {
            OperatingSystem = number % 3 == 0 ? "alpine:3.20" : "debian:12",
            ScannedAt = Start,
        };
        var stamp = new ContentStamp(string.Create(CultureInfo.InvariantCulture, $"{number:x24}"), 1, 1, new string('0', 64));
        return new ScanRow(id, stamp, [name], listed) { IsListed = true };
    }

    private static Scan ScanOf(Digest id, int number)
    {
        string[] rare = number % 1_000 == 0 ? [RareCve] : [];
        string[] cves = [.. Enumerable.Range(0, 6).Select(i => $"CVE-2025-{((number * 31) + (i * 977)) % 20_000}"), .. rare];
        InstalledPackage[] packages = [.. new[] { EveryComponent, $"lib{number % 500}", $"tool{number % 5_000}" }.Select(name =>
            new InstalledPackage(new Package { Type = PackageType.Dpkg, Name = name, Version = "1", Path = "var/lib/dpkg/status" }, 0))];
        return new Scan
        {
            Id = id,
            Platform = Platform.Default,
            Manifest = new ImageManifest(id, null, new Descriptor("", id, 1), []),
            Config = new ImageConfig(),
            Inventory = new ImageInventory { Distribution = null, Packages = packages, Warnings = [] },
            Match = new MatchOutcome
            {
                Packages = [.. packages.Select((package, at) => new PackageFindings(
                    package, [.. cves.Where((_, i) => i % packages.Length == at).Select((cve, i) => FindingOf(cve, number + i))]))],
                CoversDistribution = true,
                CoversLanguages = true,
                Warnings = [],
            },
            DetectorsVersion = "",
            Names = [],
            ScannedAt = Start,
        };
    }

    private static Finding FindingOf(string cve, int number) =>
        new() { Cve = cve, AdvisoryId = cve, Severity = (Severity)(number % 5), FixedBy = number % 2 == 0 ? "2" : null };
}
