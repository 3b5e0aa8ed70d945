using System.Net;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

/// <summary>Detectors of another version read what is kept of a layer. A limit stands for them: inventories are bound to both.</summary>
[Collection(ScanServers.Name)]
public sealed class LayerBundleTests : IAsyncDisposable
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");
    private static readonly (string, string) OtherDetectors = ("Limits:LayerWarnings", "199");

    private readonly string _prefix = ScanApp.NewPrefix();
    private readonly List<IAsyncDisposable> _started = [];
    private readonly SharedAzurite _azurite;
    private readonly StorageAccount _account;

    public LayerBundleTests(SharedAzurite azurite)
    {
        _azurite = azurite;
        _account = new StorageAccount(new StorageSettings { ConnectionString = azurite.ConnectionString, Prefix = _prefix });
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable app in _started)
        {
            await app.DisposeAsync();
        }

        _account.Dispose();
    }

    [Fact]
    public async Task OtherDetectorsReadTheLayersWithoutAPull()
    {
        await FirstScanAsync();
        await BundlesAreKeptAsync();
        ScanApp second = await StartAsync(OtherDetectors);
        string name = second.Registry.Push("made/image", "1", Image);

        ApiAnswer answer = await second.ScanAsync(name);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], answer.Components);
        Assert.Equal(0, PullsOf(second));
    }

    [Fact]
    public async Task AForcePullsThem()
    {
        await FirstScanAsync();
        await BundlesAreKeptAsync();
        ScanApp second = await StartAsync(OtherDetectors);
        string name = second.Registry.Push("made/image", "1", Image);

        await second.ScanAgainAsync(name);

        Assert.Equal(Image.Layers.Count, PullsOf(second));
    }

    [Fact]
    public async Task WhatIsNotWhatWasKeptIsPulledAndKeptAgain()
    {
        await FirstScanAsync();
        await BundlesAreKeptAsync();
        BlobContainerClient container = await _account.ContainerAsync(ContainerNames.Layers, Token);
        await container.GetBlobClient($"{Image.Layers[0].Digest}").UploadAsync(BinaryData.FromString("spoilt"), overwrite: true, Token);
        await container.GetBlobClient($"{Image.Layers[1].Digest}").DeleteAsync(cancellationToken: Token);
        ScanApp second = await StartAsync(OtherDetectors);
        string name = second.Registry.Push("made/image", "1", Image);

        ApiAnswer answer = await second.ScanAsync(name);

        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], answer.Components);
        Assert.Equal(2, PullsOf(second));
        await BundlesAreKeptAsync();
        Assert.NotEqual("spoilt", $"{(await container.GetBlobClient($"{Image.Layers[0].Digest}").DownloadContentAsync(Token)).Value.Content}");
    }

    // Uploading fails, and reading what an earlier process has kept.
    [Fact]
    public async Task AScanDoesNotNeedTheBlobs()
    {
        await FirstScanAsync();
        await BundlesAreKeptAsync();
        string withoutBlobs = Regex.Replace(_azurite.ConnectionString, "BlobEndpoint=[^;]*", "BlobEndpoint=http://127.0.0.1:1/x");
        ScanApp second = await ScanApp.StartAsync(withoutBlobs, ("Storage:Prefix", _prefix), OtherDetectors);
        _started.Add(second);

        ApiAnswer answer = await second.ScanAsync(second.Registry.Push("made/image", "1", Image));

        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], answer.Components);
        Assert.Equal(Image.Layers.Count, PullsOf(second));
    }

    [Fact]
    public async Task NothingIsKeptWhereTheSettingSaysSo()
    {
        ScanApp app = await StartAsync(("Layers:KeepBodies", "false"));

        ApiAnswer answer = await app.ScanAsync(app.Registry.Push("made/image", "1", Image));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        TableClient table = await _account.TableAsync(TableNames.Layers, Token);
        List<string> rows = await table.QueryAsync<TableEntity>(cancellationToken: Token).Select(row => row.RowKey).ToListAsync(Token);
        Assert.Equal(Image.Layers.Count, rows.Count(row => row.StartsWith("v:", StringComparison.Ordinal)));
        Assert.DoesNotContain("bundle", rows);
    }

    private async Task FirstScanAsync()
    {
        ScanApp first = await StartAsync();
        string name = first.Registry.Push("made/image", "1", Image);
        Assert.Equal(HttpStatusCode.OK, (await first.ScanAsync(name)).Status);
        Assert.Equal(Image.Layers.Count, PullsOf(first));
    }

    private async Task<ScanApp> StartAsync(params (string, string)[] settings)
    {
        ScanApp app = await ScanApp.StartAsync(_azurite, [("Storage:Prefix", _prefix), .. settings]);
        _started.Add(app);
        return app;
    }

    // They go up after the answer.
    private async Task BundlesAreKeptAsync()
    {
        var store = new BundleStore(_account);
        foreach (MadeBlob layer in Image.Layers)
        {
            await Eventually.GetAsync(() => store.FindAsync(layer.Digest, Token), kept => kept is not null);
        }
    }

    private static int PullsOf(ScanApp app) => app.Registry.BlobRequests.Count(
        request => Image.Layers.Any(layer => request.Path.EndsWith($"{layer.Digest}", StringComparison.Ordinal)));
}
