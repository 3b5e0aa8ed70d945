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

/// <summary>
/// Many stored images, as far as lists read them: commit rows with the rows of their orders, written as a save writes them, and the rows of ten terms
/// each, which are written in bulk. There are no contents.
/// </summary>
internal sealed class MadeLists(StorageAccount account, int images)
{
    private const int SideBySide = 16;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A CVE that one image in a thousand has.</summary>
    public const string RareCve = "CVE-2026-7";

    /// <summary>A component that every image has.</summary>
    public const string EveryComponent = "zlib1g";

    public int Images => images;

    public async Task WriteAsync()
    {
        var rows = new ScanRows(account);
        var postings = new Dictionary<string, List<TableEntity>>(StringComparer.Ordinal);
        await Parallel.ForAsync(0, images, new ParallelOptions { MaxDegreeOfParallelism = SideBySide }, async (number, token) =>
        {
            Digest id = IdOf(number);
            ScanTerms terms = ScanTerms.Of(ScanOf(id, number));
            await rows.TryPutAsync(RowOf(id, number), null, token);
            lock (postings)
            {
                foreach ((string partition, SortedDictionary<string, ScanTerms.Term> found) in terms.ByPartition)
                {
                    List<TableEntity> kept = postings.TryGetValue(partition, out List<TableEntity>? list) ? list : postings[partition] = [];
                    kept.AddRange(found.Select(term => new TableEntity(partition, $"{term.Key}|{id}") { ["Term"] = term.Value.Text, ["Lines"] = term.Value.Lines }));
                }
            }
        });
        TableClient table = await account.TableAsync(TableNames.ImageTerms, CancellationToken.None);
        await Parallel.ForEachAsync(
            postings.Values.SelectMany(partition => partition.Chunk(100)),
            new ParallelOptions { MaxDegreeOfParallelism = SideBySide },
            async (chunk, token) => await table.SubmitTransactionAsync(
                chunk.Select(row => new TableTransactionAction(TableTransactionActionType.UpsertReplace, row)), token));
        var ledger = new RiskLedger(account);
        foreach (string partition in ScanRow.Partitions)
        {
            await ledger.FoldAsync(partition, CancellationToken.None);
        }
    }

    public static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"registry{number % 7}.example.com/team{number % 100}/app{number / 10}:{number % 10}");

    private static Digest IdOf(int number) => Digest.OfSha256(SHA256.HashData(BitConverter.GetBytes(number)));

    private static ScanRow RowOf(Digest id, int number)
    {
        var random = new Random(number);
        Finding[] findings = [.. ScanOf(id, number).Match.Packages.SelectMany(package => package.Findings)];
        var summary = new ScanSummary(random.Next(10, 800), random.Next(600), random.Next(300), random.Next(100) / 10f, random.NextSingle() * 6)
        {
            Kinds = FindingKinds.Of(findings),
        };
        ImageReference.TryParse(NameOf(number), out ImageReference? name, out _);
        var listed = new ListedImage(id.ToString(), name!.FullName, summary, Start.AddHours(-random.Next(50_000)), Start.AddSeconds(number * 17L % 9_999_991))
        {
            OperatingSystem = number % 3 == 0 ? "alpine:3.20" : "debian:12",
            ScannedAt = Start,
        };
        return new ScanRow(id, new ContentStamp(string.Create(CultureInfo.InvariantCulture, $"{number:x24}"), 1, 1, new string('0', 64)), [name], listed) { IsListed = true };
    }

    private static Scan ScanOf(Digest id, int number)
    {
        string[] cves = [.. Enumerable.Range(0, 6).Select(i => $"CVE-2025-{(number * 31 + (i * 977)) % 20_000}"), .. number % 1_000 == 0 ? new[] { RareCve } : []];
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
                Packages = [.. packages.Select((package, at) => new PackageFindings(package, [.. cves.Where((_, i) => i % packages.Length == at).Select((cve, i) => new Finding
                {
                    Cve = cve,
                    AdvisoryId = cve,
                    Severity = (Severity)((number + i) % 5),
                    FixedBy = (number + i) % 2 == 0 ? "2" : null,
                })]))],
                CoversDistribution = true,
                CoversLanguages = true,
                Warnings = [],
            },
            DetectorsVersion = "",
            Names = [],
            ScannedAt = Start,
        };
    }
}
