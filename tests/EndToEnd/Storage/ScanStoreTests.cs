using System.Text.Json;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;
using ImageScan.Core.Storage.Sweeps;
using ImageScan.EndToEnd.Azurite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Storage;

public sealed class ScanStoreTests : IDisposable
{
    private readonly StorageAccount _account;
    private readonly FakeTimeProvider _time = new(Scans.Morning);
    private readonly ScanStore _store;

    public ScanStoreTests(SharedAzurite azurite)
    {
        _account = azurite.OwnTables();
        _store = NewStore();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _account.Dispose();

    [Fact]
    public async Task FindsABigScanAsItWasSaved()
    {
        // Compressed it is over 3 MB: several rows, two transactions.
        Scan scan = Scans.Large("big", 16_000);
        Assert.InRange(JsonOf(scan).Length, 5_000_000, int.MaxValue);

        Scan saved = await _store.SaveAsync(scan, Scans.Summary, Token);
        Scan? found = await _store.FindAsync(scan.Id, Token);

        Assert.Equal(_time.GetUtcNow(), saved.SavedAt);
        Assert.Equal(JsonOf(scan with { SavedAt = _time.GetUtcNow() }), JsonOf(found));
        Assert.Equal(JsonOf(saved), JsonOf(found));
        Assert.InRange(await ContentRowsAsync(), 5, 100);
    }

    [Fact]
    public async Task FindsNothingThatWasNeverSaved() => Assert.Null(await _store.FindAsync(Scans.DigestOf("never"), Token));

    [Fact]
    public async Task ShowsNoContentWithoutItsCommitRow()
    {
        Scan scan = await _store.SaveAsync(Scans.Of("a", "1", Scans.Morning, "CVE-2024-1"), Scans.Summary, Token);
        TableClient images = await _account.TableAsync(TableNames.Images, Token);
        await images.DeleteEntityAsync(scan.Id.Hex[..1], scan.Id.ToString(), cancellationToken: Token);

        Assert.Equal(1, await ContentRowsAsync());
        Assert.Null(await _store.FindAsync(scan.Id, Token));
    }

    [Fact]
    public async Task ShowsNoTornContent()
    {
        Scan scan = await _store.SaveAsync(Scans.Large("a", 6_000), Scans.Summary, Token);
        TableClient content = await _account.TableAsync(TableNames.ImageContent, Token);
        List<TableEntity> rows = await content.QueryAsync<TableEntity>(cancellationToken: Token).ToListAsync(Token);
        await content.DeleteEntityAsync(rows[1].PartitionKey, rows[1].RowKey, cancellationToken: Token);

        Assert.Null(await _store.FindAsync(scan.Id, Token));
        await _store.SaveAsync(scan, Scans.Summary, Token);
        Assert.NotNull(await _store.FindAsync(scan.Id, Token));
    }

    [Fact]
    public async Task ShowsNoContentWithAnotherHash()
    {
        Scan scan = await _store.SaveAsync(Scans.Of("a", "1", Scans.Morning, "CVE-2024-1"), Scans.Summary, Token);
        TableClient content = await _account.TableAsync(TableNames.ImageContent, Token);
        TableEntity row = await content.QueryAsync<TableEntity>(cancellationToken: Token).SingleAsync(Token);
        byte[] chunk = row.GetBinary("Chunk00");
        chunk[^3] ^= 1;
        row["Chunk00"] = chunk;
        await content.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Token);

        Assert.Null(await _store.FindAsync(scan.Id, Token));
    }

    [Fact]
    public async Task ReadsAContentOnceAndItsCommitRowEachTime()
    {
        Scan scan = await _store.SaveAsync(Scans.Of("a", "1", Scans.Morning, "CVE-2024-1"), Scans.Summary, Token);
        string first = JsonOf(await _store.FindAsync(scan.Id, Token));
        TableClient content = await _account.TableAsync(TableNames.ImageContent, Token);
        TableEntity row = await content.QueryAsync<TableEntity>(cancellationToken: Token).SingleAsync(Token);
        await content.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Token);

        Assert.Equal(first, JsonOf(await _store.FindAsync(scan.Id, Token)));
        Assert.Null(await NewStore().FindAsync(scan.Id, Token));
        TableClient images = await _account.TableAsync(TableNames.Images, Token);
        await images.DeleteEntityAsync(scan.Id.Hex[..1], scan.Id.ToString(), cancellationToken: Token);
        Assert.Null(await _store.FindAsync(scan.Id, Token));
    }

    [Fact]
    public async Task FindsWhatAnotherProcessHasSavedSince()
    {
        Scan scan = await _store.SaveAsync(Scans.Of("a", "1", Scans.Morning, "CVE-2024-1"), Scans.Summary, Token);
        await _store.FindAsync(scan.Id, Token);
        Scan newer = await NewStore().SaveAsync(Scans.Of("a", "2", Scans.Morning.AddHours(1), "CVE-2024-2"), Scans.Summary, Token);

        Assert.Equal(JsonOf(newer), JsonOf(await _store.FindAsync(scan.Id, Token)));
    }

    [Fact]
    public async Task JoinsTheNamesOfTwoSaves()
    {
        await _store.SaveAsync(Scans.Of("a", "2", Scans.Morning), Scans.Summary, Token);

        Scan saved = await _store.SaveAsync(Scans.Of("a", "1", Scans.Morning), Scans.Summary, Token);

        Assert.Equal([Scans.Name("1"), Scans.Name("2")], saved.Names);
        Assert.Equal(saved.Names, (await _store.FindAsync(saved.Id, Token))!.Names);
    }

    [Fact]
    public async Task AddsANameWithoutTouchingTheContent()
    {
        Scan scan = await _store.SaveAsync(Scans.Of("a", "2", Scans.Morning), Scans.Summary, Token);
        _time.Advance(TimeSpan.FromHours(1));

        IReadOnlyList<ImageReference>? names = await _store.AddNameAsync(scan.Id, Scans.Name("1"), Token);

        Assert.Equal([Scans.Name("1"), Scans.Name("2")], names);
        Scan found = (await _store.FindAsync(scan.Id, Token))!;
        Assert.Equal(names, found.Names);
        Assert.Equal(Scans.Morning, found.SavedAt);
        Assert.Equal("docker.io/library/made:1", Assert.Single(await ListAsync()).Name);
    }

    [Fact]
    public async Task AddsNoNameToWhatIsNotStored() => Assert.Null(await _store.AddNameAsync(Scans.DigestOf("never"), Scans.Name("1"), Token));

    [Fact]
    public async Task LosesNoNameOfTwentyWritersAtOnce()
    {
        Scan scan = Scans.Of("a", "00", Scans.Morning, "CVE-2024-1");
        await _store.SaveAsync(scan, Scans.Summary, Token);

        await Task.WhenAll(Enumerable.Range(1, 20).Select(Task (number) => number % 2 == 0
            ? _store.AddNameAsync(scan.Id, Scans.Name($"{number:d2}"), Token)
            : NewStore().SaveAsync(scan with { Names = [Scans.Name($"{number:d2}")] }, Scans.Summary, Token)));

        Scan found = (await _store.FindAsync(scan.Id, Token))!;
        Assert.Equal(Enumerable.Range(0, 21).Select(number => Scans.Name($"{number:d2}")), found.Names);
        Assert.Equal(1, await ContentRowsAsync());
    }

    [Fact]
    public async Task LosesNeitherOfTwoFirstSavesAtOnce()
    {
        await Task.WhenAll(
            _store.SaveAsync(Scans.Of("a", "1", Scans.Morning, "CVE-2024-1"), Scans.Summary, Token),
            NewStore().SaveAsync(Scans.Of("a", "2", Scans.Morning.AddMinutes(1), "CVE-2024-2"), Scans.Summary, Token));

        Scan found = (await _store.FindAsync(Scans.DigestOf("a"), Token))!;
        Assert.Equal(["docker.io/library/made:1", "docker.io/library/made:2"], found.Names.Select(name => name.FullName));
        Assert.Equal("CVE-2024-2", Assert.Single(found.Match.Packages[0].Findings).Cve);
        Assert.Equal(1, await ContentRowsAsync());
    }

    [Fact]
    public async Task KeepsTheNewerFindingsWhenAnOlderScanIsSavedLater()
    {
        await _store.SaveAsync(Scans.Of("a", "1", Scans.Morning.AddHours(1), "CVE-2024-2"), Scans.Summary, Token);
        _time.Advance(TimeSpan.FromHours(2));

        Scan saved = await _store.SaveAsync(Scans.Of("a", "2", Scans.Morning, "CVE-2024-1"), new ScanSummary(9, 9, 9, 9, 9), Token);

        Scan found = (await _store.FindAsync(saved.Id, Token))!;
        Assert.Equal(JsonOf(saved), JsonOf(found));
        Assert.Equal("CVE-2024-2", Assert.Single(found.Match.Packages[0].Findings).Cve);
        Assert.Equal([Scans.Name("1"), Scans.Name("2")], found.Names);
        Assert.Equal(Scans.Morning, found.SavedAt);
        Assert.Equal(Scans.Summary, Assert.Single(await ListAsync()).Summary);
    }

    [Fact]
    public async Task KeepsFirstOccurrencesOverReSaves()
    {
        await _store.SaveAsync(Scans.Of("a", "1", Scans.Morning, "CVE-2024-1"), Scans.Summary, Token);
        _time.Advance(TimeSpan.FromDays(1));
        await _store.SaveAsync(Scans.Of("a", "1", Scans.Morning.AddDays(1), "CVE-2024-2"), Scans.Summary, Token);
        _time.Advance(TimeSpan.FromDays(1));

        Scan saved = await _store.SaveAsync(Scans.Of("a", "1", Scans.Morning.AddDays(2), "CVE-2024-1", "CVE-2024-2", "CVE-2024-3"), Scans.Summary, Token);

        var expected = new Dictionary<string, DateTimeOffset>
        {
            ["CVE-2024-1"] = Scans.Morning,
            ["CVE-2024-2"] = Scans.Morning.AddDays(1),
            ["CVE-2024-3"] = Scans.Morning.AddDays(2),
        };
        Assert.Equal(expected, saved.FirstInImage);
        Assert.Equal(expected, saved.FirstInSystem);
        Assert.Equal(JsonOf(saved), JsonOf(await _store.FindAsync(saved.Id, Token)));
    }

    [Fact]
    public async Task SharesFirstOccurrencesBetweenImagesOfOneSystemOnly()
    {
        await _store.SaveAsync(Scans.Of("a", "1", Scans.Morning, "CVE-2024-1"), Scans.Summary, Token);
        _time.Advance(TimeSpan.FromDays(1));
        Scan other = Scans.Of("c", "3", Scans.Morning, "CVE-2024-1");

        Scan same = await _store.SaveAsync(Scans.Of("b", "2", Scans.Morning, "CVE-2024-1"), Scans.Summary, Token);
        Scan none = await _store.SaveAsync(other with { Inventory = other.Inventory with { Distribution = null } }, Scans.Summary, Token);

        Assert.Equal(Scans.Morning, same.FirstInSystem["CVE-2024-1"]);
        Assert.Equal(Scans.Morning.AddDays(1), same.FirstInImage["CVE-2024-1"]);
        Assert.Equal(Scans.Morning.AddDays(1), none.FirstInSystem["CVE-2024-1"]);
    }

    [Fact]
    public async Task GivesOneFirstOccurrenceToWritersAtOnce()
    {
        string[] cves = [.. Enumerable.Range(0, 300).Select(number => $"CVE-2024-{number}")];
        ScanStore[] stores = [.. Enumerable.Range(0, 6).Select(hour => NewStore(new FakeTimeProvider(Scans.Morning.AddHours(hour))))];

        Scan[] saved = await Task.WhenAll(stores.Select((store, number) => store.SaveAsync(Scans.Of($"image{number}", "1", Scans.Morning, cves), Scans.Summary, Token)));

        Assert.All(saved, scan => Assert.Equal(saved[0].FirstInSystem, scan.FirstInSystem));
        Assert.Equal(300, saved[0].FirstInSystem.Count);
    }

    [Fact]
    public async Task ListsAndCountsLastSavedFirst()
    {
        for (int number = 0; number < 30; number++)
        {
            await _store.SaveAsync(Scans.Of($"image{number}", $"{number}", Scans.Morning), new ScanSummary(number, 0, null, null, number / 3f), Token);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        IReadOnlyList<ListedImage> listed = await ListAsync();

        Assert.Equal(Enumerable.Range(0, 30).Reverse(), listed.Select(image => image.Summary.Components));
        Assert.Equal(
            new ListedImage(Scans.DigestOf("image29").ToString(), "docker.io/library/made:29", new ScanSummary(29, 0, null, null, 29 / 3f), DateTimeOffset.MinValue, Scans.Morning.AddSeconds(29))
            {
                OperatingSystem = "debian:12",
                ScannedAt = Scans.Morning,
            },
            listed[0]);
        Assert.Equal(30, await new RiskLedger(_account).CountAsync(Token));
    }

    [Fact]
    public async Task KeepsAnIndexOfTwoPlatformsApart()
    {
        Digest index = Scans.DigestOf("index");
        var arm = new Platform("linux", "arm64", "v8");
        await _store.SaveAliasAsync(index, Platform.Default, Scans.DigestOf("amd"), Token);
        await _store.SaveAliasAsync(index, arm, Scans.DigestOf("arm"), Token);

        Assert.Equal(Scans.DigestOf("amd"), await _store.FindAliasAsync(index, Platform.Default, Token));
        Assert.Equal(Scans.DigestOf("arm"), await _store.FindAliasAsync(index, arm, Token));
        Assert.Null(await _store.FindAliasAsync(index, new Platform("linux", "arm64"), Token));
        Assert.Null(await _store.FindAliasAsync(Scans.DigestOf("other"), arm, Token));
    }

    [Fact]
    public async Task SweepsOnlyOldContentsThatNobodyPointsTo()
    {
        Scan kept = await _store.SaveAsync(Scans.Of("kept", "1", Scans.Morning), Scans.Summary, Token);
        Scan lost = await _store.SaveAsync(Scans.Of("lost", "1", Scans.Morning), Scans.Summary, Token);
        TableClient images = await _account.TableAsync(TableNames.Images, Token);
        await images.DeleteEntityAsync(lost.Id.Hex[..1], lost.Id.ToString(), cancellationToken: Token);

        _time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(0, await SweepAsync());
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, await SweepAsync());

        Assert.Equal(1, await ContentRowsAsync());
        Assert.NotNull(await _store.FindAsync(kept.Id, Token));
        Assert.Equal(0, await SweepAsync());
    }

    private async Task<int> SweepAsync()
    {
        SweepPart swept = await new ImageSweep(_account, _time, NullLogger<ImageSweep>.Instance)
            .ContentsAsync("", new SweepTime(_time, TimeSpan.FromMinutes(1)), Token);
        return swept.Removed;
    }

    private Task<IReadOnlyList<ListedImage>> ListAsync() =>
        new ImageList(_account).PageAsync(ImageOrder.LastUpdated, OrderDirection.Descending, 0, 1_000, Token);

    private ScanStore NewStore(FakeTimeProvider? time = null) => new(_account, time ?? _time, NullLogger<ScanStore>.Instance);

    private async Task<int> ContentRowsAsync()
    {
        TableClient content = await _account.TableAsync(TableNames.ImageContent, Token);
        return await content.QueryAsync<TableEntity>(select: ["RowKey"], cancellationToken: Token).CountAsync(Token);
    }

    private static string JsonOf(Scan? scan) => JsonSerializer.Serialize(scan);
}
