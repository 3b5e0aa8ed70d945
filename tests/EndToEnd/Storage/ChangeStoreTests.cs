using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities;
using ImageScan.EndToEnd.Azurite;

namespace ImageScan.EndToEnd.Storage;

public sealed class ChangeStoreTests : IDisposable
{
    private readonly StorageAccount _account;
    private readonly ChangeStore _store;

    public ChangeStoreTests(SharedAzurite azurite)
    {
        _account = azurite.OwnTables();
        _store = new ChangeStore(_account);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _account.Dispose();

    private static FindingChanges To(int day, int findings = 1, Func<string>? name = null) => new()
    {
        At = Scans.Morning.AddDays(day),
        From = null,
        To = new AdvisoryOrigin($"{day:d64}", Scans.Morning.AddDays(day), null, false),
        Added = [.. Enumerable.Range(0, findings).Select(i => new ChangedFinding($"CVE-{i}", name?.Invoke() ?? "x", "1", Severity.Low, null))],
        Removed = [],
        Fixed = [],
        Total = findings,
    };

    [Fact]
    public async Task GivesTheNewestFirst()
    {
        foreach (int day in (int[])[2, 1, 3])
        {
            await _store.AddAsync(Scans.DigestOf("a"), To(day), Token);
        }

        await _store.AddAsync(Scans.DigestOf("b"), To(9), Token);

        Assert.Equal([3, 2, 1], (await _store.ListAsync(Scans.DigestOf("a"), Token)).Select(change => (change.At - Scans.Morning).Days));
        Assert.Empty(await _store.ListAsync(Scans.DigestOf("never"), Token));
    }

    [Fact]
    public async Task KeepsOneChangeToASnapshotHoweverOftenItIsAdded()
    {
        await _store.AddAsync(Scans.DigestOf("a"), To(1), Token);
        await _store.AddAsync(Scans.DigestOf("a"), To(1, findings: 2), Token);

        Assert.Equal(2, Assert.Single(await _store.ListAsync(Scans.DigestOf("a"), Token)).Total);
    }

    [Fact]
    public async Task LetsTheOldestGo()
    {
        for (int day = 0; day < ChangeStore.KeptPerImage + 3; day++)
        {
            await _store.AddAsync(Scans.DigestOf("a"), To(day), Token);
        }

        IReadOnlyList<FindingChanges> kept = await _store.ListAsync(Scans.DigestOf("a"), Token);

        Assert.Equal(ChangeStore.KeptPerImage, kept.Count);
        Assert.Equal(3, (kept[^1].At - Scans.Morning).Days);
    }

    [Fact]
    public async Task CutsWhatNoRowHoldsAndKeepsItsCount()
    {
        await _store.AddAsync(Scans.DigestOf("a"), To(1, findings: 1_000, Noise(3)), Token);

        FindingChanges kept = Assert.Single(await _store.ListAsync(Scans.DigestOf("a"), Token));
        Assert.InRange(kept.Added.Count, 100, 999);
        Assert.Equal(1_000, kept.Total);
    }

    // An ecosystem that was turned off leaves findings that are gone, and none that came.
    [Fact]
    public async Task CutsWhatIsGoneNoShorterThanItMust()
    {
        FindingChanges added = To(1, findings: 1_000, Noise(5));

        await _store.AddAsync(Scans.DigestOf("a"), added with { Added = [], Removed = added.Added }, Token);

        Assert.InRange(Assert.Single(await _store.ListAsync(Scans.DigestOf("a"), Token)).Removed.Count, 100, 999);
    }

    private static Func<string> Noise(int seed)
    {
        var random = new Random(seed);
        return () => string.Concat(Enumerable.Range(0, 300).Select(_ => (char)random.Next('!', '~')));
    }
}
