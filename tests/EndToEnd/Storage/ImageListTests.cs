using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Search;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;
using ImageScan.Core.Storage.Sweeps;
using ImageScan.Core.Vulnerabilities;
using ImageScan.EndToEnd.Azurite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Storage;

public sealed class ImageListTests : IDisposable
{
    private readonly StorageAccount _account;
    private readonly FakeTimeProvider _time = new(Scans.Morning);
    private readonly ScanStore _store;
    private readonly ImageList _list;
    private readonly RiskLedger _ledger;
    private readonly ImageSearch _search;
    private readonly StoredLists _stored;

    public ImageListTests(SharedAzurite azurite)
    {
        _account = azurite.OwnTables();
        _store = NewStore();
        _list = new ImageList(_account);
        _ledger = new RiskLedger(_account);
        _search = new ImageSearch(_list, new TermStore(_account), _ledger);
        _stored = new StoredLists(_account, _store);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _account.Dispose();

    [Theory]
    [InlineData("Last Updated")]
    [InlineData("Image")]
    [InlineData("Image Sha")]
    [InlineData("Image Risk Priority")]
    [InlineData("Image Risk Score")]
    [InlineData("Image Created Time")]
    [InlineData("Image CVE Count")]
    [InlineData("Fixable CVE Count")]
    [InlineData("Component Count")]
    [InlineData("Image Top CVSS")]
    public async Task PagesInEveryOrderAndBackwards(string field)
    {
        await SaveManyAsync(40);
        ImageSort forward = ImageSort.Of(field, isReversed: false)!;
        ImageSort backward = ImageSort.Of(field, isReversed: true)!;

        IReadOnlyList<ListedImage> all = await PageAsync(forward, 0, 1_000);
        IReadOnlyList<ListedImage> reversed = await PageAsync(backward, 0, 1_000);
        List<ListedImage> pages = [];
        for (int offset = 0; offset < 45; offset += 7)
        {
            pages.AddRange(await PageAsync(forward, offset, 7));
        }

        Assert.Equal(40, all.Select(image => image.Id).Distinct().Count());
        Assert.Equal(all.Select(image => image.Id), pages.Select(image => image.Id));
        Assert.Equal(all.Select(image => image.Id).Order(), reversed.Select(image => image.Id).Order());
        Assert.Equal(all.Select(ValueOf).Order(), all.Select(ValueOf));
        Assert.Equal(reversed.Select(ValueOf).OrderDescending(), reversed.Select(ValueOf));
        Assert.All(all.GroupBy(ValueOf), same => Assert.Equal(same.Select(image => image.Id).Order(StringComparer.Ordinal), same.Select(image => image.Id)));
        Assert.All(reversed.GroupBy(ValueOf), same => Assert.Equal(same.Select(image => image.Id).Order(StringComparer.Ordinal), same.Select(image => image.Id)));

        IComparable ValueOf(ListedImage image) => field switch
        {
            "Last Updated" => image.LastUpdated,
            "Image" => NameOf(image.Name),
            "Image Sha" => image.Id,
            "Image Risk Priority" => -image.Summary.RiskScore,
            "Image Risk Score" => image.Summary.RiskScore,
            "Image Created Time" => image.Created ?? DateTimeOffset.MaxValue,
            "Image CVE Count" => image.Summary.Cves,
            "Fixable CVE Count" => image.Summary.FixableCves ?? 0,
            "Component Count" => image.Summary.Components,
            _ => image.Summary.TopCvss ?? 0,
        };
    }

    [Fact]
    public async Task GivesNothingBehindTheEnd()
    {
        await SaveManyAsync(3);

        Assert.Empty(await PageAsync(ImageSort.Default, 3, 10));
        Assert.Empty(await PageAsync(ImageSort.Default, int.MaxValue, 1_000));
        Assert.Single(await PageAsync(ImageSort.Default, 2, int.MaxValue));
    }

    [Fact]
    public async Task SortsNamesByRegistryThenRepositoryThenTag()
    {
        string[] names = ["b.io/a:1", "a.io/x-y:1", "a.io/x:2", "a.io/x:10", "a.io/x/z:1", "localhost:5000/x:1"];
        foreach (string name in names)
        {
            await SaveAsync(name, [name], new ScanSummary(1, 0, 0, null, 0));
        }

        IReadOnlyList<ListedImage> page = await PageAsync(ImageSort.Of("Image", isReversed: false)!, 0, 10);

        Assert.Equal(["a.io/x:10", "a.io/x:2", "a.io/x-y:1", "a.io/x/z:1", "b.io/a:1", "localhost:5000/x:1"], page.Select(image => image.Name));
    }

    [Fact]
    public async Task FindsAnImageByEachOfItsNamesAndShowsItOnce()
    {
        await SaveAsync("a", [.. Enumerable.Range(0, 150).Select(number => $"docker.io/library/made:{number:d3}")], Scans.Summary);
        await SaveAsync("b", ["docker.io/library/other:1"], Scans.Summary);

        Assert.Equal(["a"], await FindAsync("Image:docker.io/library/made:1"));
        Assert.Equal(["a"], await FindAsync("Image:\"docker.io/library/made:149\""));
        Assert.Equal(["a", "b"], await FindAsync("Image:DOCKER.io/library/"));
        Assert.Empty(await FindAsync("Image:docker.io/library/made:150"));
        Assert.Empty(await _stored.WrongRowsAsync());
        await _store.RemoveAsync(Scans.DigestOf("a"), null, Token);
        Assert.Empty(await FindAsync("Image:docker.io/library/made:1"));
    }

    [Fact]
    public async Task RanksByRiskAndForgetsWhatIsGone()
    {
        await SaveAsync("a", ["r/a:1"], new ScanSummary(1, 0, 0, null, 1.5f));
        await SaveAsync("b", ["r/b:1"], new ScanSummary(1, 0, 0, null, 4f));
        await SaveAsync("c", ["r/c:1"], new ScanSummary(1, 0, 0, null, 4f));
        RiskRanks before = await _search.RanksAsync(Token);
        await SaveAsync("b", ["r/b:1"], new ScanSummary(1, 0, 0, null, 0.5f));
        await _store.RemoveAsync(Scans.DigestOf("c"), null, Token);
        RiskRanks after = await _search.RanksAsync(Token);

        Assert.Equal((1, 2, 3), (before.RankOf(4f), before.RankOf(1.5f), before.RankOf(0)));
        Assert.Equal((1, 2, 3), (after.RankOf(1.5f), after.RankOf(0.5f), after.RankOf(0)));
        Assert.Equal(2, await _ledger.CountAsync(Token));
    }

    [Fact]
    public async Task FoldsManyChangesIntoTheLedgerAndCountsTheSame()
    {
        for (int round = 0; round < 130; round++)
        {
            await SaveAsync("a", ["r/a:1"], new ScanSummary(1, 0, 0, null, round));
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new RiskLedger(_account).RanksAsync(Token)));

        Assert.Empty(await _stored.WrongLedgerAsync());
        TableClient images = await _account.TableAsync(TableNames.Images, Token);
        Assert.InRange(await images.QueryAsync<TableEntity>("RowKey ge '~m' and RowKey lt '~n'", cancellationToken: Token).CountAsync(Token), 0, 40);
    }

    [Fact]
    public async Task FindsByWhatOneFindingIs()
    {
        await SaveAsync("a", FindingOf("openssl", "CVE-2024-1", Severity.Critical, fixedBy: "2"), FindingOf("zlib", "CVE-2024-2", Severity.Low, fixedBy: null));
        await SaveAsync("b", FindingOf("openssl", "CVE-2024-1", Severity.Low, fixedBy: null));
        await SaveAsync("c", FindingOf("OpenSSL", "CVE-2024-12", Severity.Important, fixedBy: "2"));

        Assert.Equal(["a", "b", "c"], await FindAsync("CVE:CVE-2024-1"));
        Assert.Equal(["a", "b"], await FindAsync("CVE:\"CVE-2024-1\""));
        Assert.Equal(["a"], await FindAsync("CVE:\"CVE-2024-1\"+Fixable:true"));
        Assert.Equal(["b"], await FindAsync("CVE:\"CVE-2024-1\"+Severity:LOW"));
        Assert.Empty(await FindAsync("CVE:\"CVE-2024-2\"+Severity:CRITICAL"));
        Assert.Empty(await FindAsync("Severity:CRITICAL+Fixable:false"));
        Assert.Equal(["a", "c"], await FindAsync("Severity:>=IMPORTANT"));
        Assert.Equal(["a", "b", "c"], await FindAsync("Component:openssl"));
        Assert.Equal(["c"], await FindAsync("Component:\"OpenSSL\""));
        Assert.Empty(await FindAsync("Component:zlib+Severity:CRITICAL"));
        Assert.Equal(["a"], await FindAsync("Component:zlib+CVE:CVE-2024-2"));
        Assert.Empty(await FindAsync("Component:zlib+CVE:\"CVE-2024-1\""));
        Assert.Equal(["a"], await FindAsync("CVE:CVE-2024+Component:r/^z.*b$"));
        Assert.Equal(["a", "b", "c"], await FindAsync("Component:openssl+Component Version:1"));
        Assert.Equal(2, await _search.CountAsync(ImageQuery.Parse("CVE:\"CVE-2024-1\"", _time.GetUtcNow()), Token));
    }

    [Fact]
    public async Task FollowsFindingsThatComeAndGo()
    {
        await SaveAsync("a", FindingOf("openssl", "CVE-2024-1", Severity.Critical, fixedBy: "2"));
        _time.Advance(TimeSpan.FromMinutes(1));
        await SaveAsync("a", FindingOf("openssl", "CVE-2024-2", Severity.Critical, fixedBy: "2"));

        Assert.Empty(await FindAsync("CVE:\"CVE-2024-1\""));
        Assert.Equal(["a"], await FindAsync("CVE:\"CVE-2024-2\""));
        Assert.Empty(await _stored.WrongTermsAsync());
        await _store.RemoveAsync(Scans.DigestOf("a"), null, Token);
        TableClient terms = await _account.TableAsync(TableNames.ImageTerms, Token);
        Assert.Empty(await terms.QueryAsync<TableEntity>(cancellationToken: Token).ToListAsync(Token));
    }

    [Fact]
    public async Task KeepsTheTermsOfAnImageOfThousandsOfPackages()
    {
        Scan scan = Scans.Large("big", 4_000);

        await _store.SaveAsync(scan, Scans.Summary, Token);

        Assert.Empty(await _stored.WrongTermsAsync());
        Assert.Equal(["big"], await FindAsync("Component:\"p3999\"", "big"));
    }

    [Fact]
    public async Task HealsWhatAnotherVersionHasStored()
    {
        await SaveAsync("a", FindingOf("openssl", "CVE-2024-1", Severity.Critical, fixedBy: "2"));
        await SaveAsync("b", FindingOf("zlib", "CVE-2024-2", Severity.Low, fixedBy: null));
        await ForgetListsAsync();
        Assert.Empty(await PageAsync(ImageSort.Default, 0, 10));

        await SweepAsync();

        Assert.Equal(2, (await PageAsync(ImageSort.Default, 0, 10)).Count);
        Assert.Equal(["a"], await FindAsync("CVE:CVE-2024-1"));
        Assert.Equal(["a"], await FindAsync("Severity:CRITICAL"));
        Assert.Equal(2, await _ledger.CountAsync(Token));
        Assert.Empty(await WrongAsync());
        Assert.Equal(0, await SweepAsync());
    }

    [Fact]
    public async Task HealsAnImageThatIsSavedAgain()
    {
        await SaveAsync("a", FindingOf("openssl", "CVE-2024-1", Severity.Critical, fixedBy: "2"));
        await ForgetListsAsync();
        _time.Advance(TimeSpan.FromMinutes(1));

        await SaveAsync("a", FindingOf("openssl", "CVE-2024-1", Severity.Critical, fixedBy: "2"));

        Assert.Equal(["a"], await FindAsync("CVE:CVE-2024-1"));
        Assert.Empty(await WrongAsync());
    }

    [Fact]
    public async Task HealsRowsThatSomebodyHasDeletedOrLeft()
    {
        await SaveAsync("a", FindingOf("openssl", "CVE-2024-1", Severity.Critical, fixedBy: "2"));
        await SaveAsync("gone", FindingOf("zlib", "CVE-2024-2", Severity.Low, fixedBy: null));
        TableClient images = await _account.TableAsync(TableNames.Images, Token);
        await foreach (TableEntity row in images.QueryAsync<TableEntity>(cancellationToken: Token))
        {
            bool isCommitOfGone = row.RowKey == Scans.DigestOf("gone").ToString();
            bool isOrderOfA = row.RowKey.StartsWith("~u", StringComparison.Ordinal)
                && row.RowKey.EndsWith(Scans.DigestOf("a").ToString(), StringComparison.Ordinal);
            if (isCommitOfGone || isOrderOfA)
            {
                await images.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Token);
            }
        }

        // Rows have the times of the account's own clock.
        await SweepAsync(new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(2)));

        Assert.Empty(await WrongAsync());
        Assert.Single(await PageAsync(ImageSort.Default, 0, 10));
    }

    [Fact]
    public async Task SavesAnImageWhoseRowsSomebodyHasDeleted()
    {
        await SaveAsync("a", ["r/a:1"], Scans.Summary);
        TableClient images = await _account.TableAsync(TableNames.Images, Token);
        await foreach (TableEntity row in images.QueryAsync<TableEntity>("RowKey ge '~u' and RowKey lt '~v'", cancellationToken: Token))
        {
            await images.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Token);
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        await SaveAsync("a", ["r/a:1"], new ScanSummary(7, 0, 0, null, 2f));

        Assert.Equal(7, Assert.Single(await PageAsync(ImageSort.Default, 0, 10)).Summary.Components);
        Assert.Empty(await WrongAsync());
    }

    // Whoever removes an image before its terms are written finds none to remove.
    [Fact]
    public async Task HasNoTermsOfAnImageThatWentBeforeTheyWereWritten()
    {
        Scan scan = MadeScan("image", new Random(1));

        await new TermStore(_account).FollowAsync(scan.Id, "", ScanTerms.Of(scan), Token);

        Assert.NotEmpty(ScanTerms.Of(scan).ByPartition);
        Assert.Empty(await _stored.WrongTermsAsync());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public async Task AreWholeHoweverWritersFallTogether(int seed, bool kills)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task lists = ListUntilAsync(over.Token);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(writer => WriteAsync(new Random((seed * 100) + writer), kills)));
        await over.CancelAsync();
        await lists;

        Assert.Empty(await _stored.WrongRowsAsync());
        Assert.Empty(await _stored.WrongLedgerAsync());
        if (kills)
        {
            await SweepAsync(new FakeTimeProvider(DateTimeOffset.UtcNow.AddHours(2)));
        }

        Assert.Empty(await WrongAsync());
    }

    // Saves, renames, matches again and removes five images, each by other writers, too.
    private async Task WriteAsync(Random random, bool kills)
    {
        ScanStore store = NewStore();
        for (int step = 0; step < 14; step++)
        {
            string image = $"image {random.Next(5)}";
            using var killed = CancellationTokenSource.CreateLinkedTokenSource(Token);
            if (kills && random.Next(3) == 0)
            {
                killed.CancelAfter(random.Next(40));
            }

            try
            {
                await ActAsync(store, image, random, killed.Token);
            }
            catch (OperationCanceledException) when (killed.IsCancellationRequested)
            {
            }
        }
    }

    private static async Task ActAsync(ScanStore store, string image, Random random, CancellationToken cancellationToken)
    {
        Scan scan = MadeScan(image, random);
        switch (random.Next(6))
        {
            case 0:
                await store.AddNameAsync(scan.Id, scan.Names[0], cancellationToken);
                break;
            case 1:
                await store.RemoveAsync(scan.Id, null, cancellationToken);
                break;
            case 2 when await store.FindAsync(scan.Id, cancellationToken) is { } stored:
                await store.ReplaceMatchAsync(stored, stored with { Match = scan.Match, ScannedAt = scan.ScannedAt }, SummaryOf(scan), cancellationToken);
                break;
            default:
                await store.SaveAsync(scan, SummaryOf(scan), cancellationToken);
                break;
        }
    }

    private static Scan MadeScan(string image, Random random) => Scans.Of(
        image, $"{random.Next(4)}", Scans.Morning.AddMinutes(random.Next(60)), [.. Enumerable.Range(0, 12).Where(_ => random.Next(2) == 0).Select(number => $"CVE-2024-{number}")]);

    // All figures say the same number, so half a change would show.
    private static ScanSummary SummaryOf(Scan scan)
    {
        int cves = scan.Match.Packages.Sum(package => package.Findings.Count);
        return new ScanSummary(cves, cves, cves, cves / 2f, cves) { Kinds = FindingKinds.Of(scan.Match.Packages.SelectMany(package => package.Findings)) };
    }

    private async Task ListUntilAsync(CancellationToken over)
    {
        var random = new Random(7);
        while (!over.IsCancellationRequested)
        {
            ImageSort sort = ImageSort.Of(ImageSort.Fields[random.Next(ImageSort.Fields.Count)], random.Next(2) == 0)!;
            IReadOnlyList<ListedImage> page = await PageAsync(sort, 0, 100);
            Assert.All(page, image => Assert.Equal(
                (image.Summary.Cves, image.Summary.Cves, (float)image.Summary.Cves),
                (image.Summary.Components, image.Summary.FixableCves, image.Summary.RiskScore)));

            // The order of what does not change; what is saved meanwhile may be passed over, or come twice, where it moves.
            if (sort.Order == ImageOrder.Id)
            {
                Assert.Equal(page.Count, page.Select(image => image.Id).Distinct().Count());
            }
        }
    }

    private async Task<string[]> WrongAsync() =>
        [.. await _stored.WrongRowsAsync(), .. await _stored.WrongLedgerAsync(), .. await _stored.WrongTermsAsync()];

    private async Task<int> SweepAsync(FakeTimeProvider? time = null)
    {
        FakeTimeProvider clock = time ?? _time;
        var sweep = new ListSweep(_account, _store, _ledger, new TermStore(_account), clock, NullLogger<ListSweep>.Instance);
        return (await sweep.SweepAsync(SummaryOf, "", new SweepTime(clock, TimeSpan.FromMinutes(1)), Token)).Removed;
    }

    // As before there were lists: commit rows and contents alone.
    private async Task ForgetListsAsync()
    {
        TableClient images = await _account.TableAsync(TableNames.Images, Token);
        await foreach (TableEntity row in images.QueryAsync<TableEntity>(cancellationToken: Token))
        {
            if (row.RowKey.StartsWith('~'))
            {
                await images.DeleteEntityAsync(row.PartitionKey, row.RowKey, cancellationToken: Token);
                continue;
            }

            foreach (string column in new[] { "ListForm", "Terms", "Kinds", "System" })
            {
                row.Remove(column);
            }

            await images.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace, Token);
        }

        TableClient terms = await _account.TableAsync(TableNames.ImageTerms, Token);
        await terms.DeleteAsync(Token);
        await terms.CreateAsync(Token);
    }

    private async Task SaveManyAsync(int count)
    {
        var random = new Random(20261126);
        for (int number = 0; number < count; number++)
        {
            Scan scan = Scans.Of($"image {number}", $"{random.Next(9)}", Scans.Morning, "CVE-2024-1");
            var summary = new ScanSummary(
                random.Next(5), random.Next(300), random.Next(3) == 0 ? null : random.Next(9), random.Next(4) == 0 ? null : random.Next(100) / 10f, random.Next(7) / 3f);
            DateTimeOffset? created = random.Next(4) == 0 ? null : Scans.Morning.AddDays(-random.Next(4));
            await _store.SaveAsync(scan with { Config = scan.Config with { Created = created } }, summary, Token);
            _time.Advance(TimeSpan.FromSeconds(random.Next(2)));
        }
    }

    private Task<Scan> SaveAsync(string image, string[] names, ScanSummary summary)
    {
        Scan scan = Scans.Of(image, "x", _time.GetUtcNow());
        return _store.SaveAsync(scan with { Names = [.. names.Select(ReferenceOf)] }, summary, Token);
    }

    private async Task SaveAsync(string image, params PackageFindings[] findings)
    {
        Scan scan = Scans.Of(image, image, _time.GetUtcNow());
        scan = scan with { Match = scan.Match with { Packages = findings } };
        await _store.SaveAsync(scan, SummaryOf(scan), Token);
    }

    private static PackageFindings FindingOf(string package, string cve, Severity severity, string? fixedBy) => new(
        Scans.Installed(package),
        [new Finding { Cve = cve, AdvisoryId = cve, Severity = severity, FixedBy = fixedBy }]);

    private async Task<string[]> FindAsync(string query, params string[] images)
    {
        string[] known = images.Length > 0 ? images : ["a", "b", "c"];
        List<ListedImage> found = await _search.FindAsync(ImageQuery.Parse(query, _time.GetUtcNow()), Token).ToListAsync(Token);
        IReadOnlyList<ListedImage> page = await _search.PageAsync(ImageQuery.Parse(query, _time.GetUtcNow()), ImageSort.Default, 0, 100, Token);
        Assert.Equal(found.Select(image => image.Id).Order(), page.Select(image => image.Id).Order());
        return [.. known.Where(name => found.Any(image => image.Id == Scans.DigestOf(name).ToString()))];
    }

    private Task<IReadOnlyList<ListedImage>> PageAsync(ImageSort sort, int offset, int limit) =>
        _search.PageAsync(ImageQuery.All, sort, offset, limit, Token);

    private ScanStore NewStore() => new(_account, _time, NullLogger<ScanStore>.Instance);

    private static ImageReference ReferenceOf(string name)
    {
        Assert.True(ImageReference.TryParse(name, out ImageReference? reference, out _));
        return reference with { FullName = name };
    }

    private static string NameOf(string name) => name.Replace('/', '\u0001').Replace(':', '\u0001');
}
