using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using Azure.Storage.Blobs.Specialized;
using ImageScan.Core.Vulnerabilities.Publication;
using ImageScan.Core.Vulnerabilities.Refresh;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using Microsoft.AspNetCore.Http;

namespace ImageScan.EndToEnd.Advisories;

/// <summary>A real server that refreshes by itself and is killed in the middle of it, and another one that comes after it.</summary>
[Collection(KilledServers.Name)]
public sealed class PublicationKilledTests(SharedAzurite azurite) : IAsyncLifetime
{
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromMinutes(1) };
    private readonly PublicationRoom _room = new(azurite);
    private TestRegistry _registry = null!;
    private StorageGate _gate = null!;
    private string _image = "";
    private string _old = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(Token);
        _gate = await StorageGate.StartAsync(azurite.ConnectionString, Token);
        _image = _registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20"));

        // Half a year old, so a refresh is due.
        string path = _room.Made.Make(MadeSnapshots.Noon, ("CVE-2026-1", "lodash"));
        _old = (await _room.PublishAsync(path)).Current.Id;
        WriteFeed(TestAdvisories.Record("CVE-2026-2", "lodash", "4.17.21"));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _gate.DisposeAsync();
        await _registry.DisposeAsync();
        _room.Dispose();
    }

    [Theory]
    [InlineData("build")]
    [InlineData("upload")]
    [InlineData("switch")]
    public async Task LeavesTheOldSnapshotInUseAndTheNextRunFinishes(string moment)
    {
        _gate.Hold(request => request.Method == HttpMethods.Put && IsAt(moment, request.Path.Value!));
        using (CommandProcess first = CommandProcess.Start(Settings(), "serve", "--urls", "http://127.0.0.1:0"))
        {
            Uri address = await first.AddressAsync();
            await _gate.Held.WaitAsync(TimeSpan.FromMinutes(1), Token);
            Assert.Equal(["lodash CVE-2026-1"], (await ScanAsync(address)).Findings);
            await first.KillAsync();
        }

        LatestSnapshot afterKill = await _room.LatestAsync();
        string[] inStorage = await _room.IdsInStorageAsync();
        _gate.Open();
        using CommandProcess second = CommandProcess.Start(Settings(), "serve", "--urls", "http://127.0.0.1:0");
        Uri next = await second.AddressAsync();
        ApiAnswer meanwhile = await ScanAsync(next);
        await LeaseRunsOutAsync();
        LatestSnapshot latest = await Eventually.GetAsync(_room.LatestAsync, now => now.Current.Id != _old);
        ApiAnswer after = await Eventually.GetAsync(() => ScanAsync(next), answer => answer.Findings is not ["lodash CVE-2026-1"]);

        Assert.Equal((_old, 0), (afterKill.Current.Id, afterKill.Previous.Count));
        Assert.Equal(moment == "switch" ? 2 : 1, inStorage.Length);
        Assert.Equal(["lodash CVE-2026-1"], meanwhile.Findings);
        Assert.Equal(["lodash CVE-2026-2"], after.Findings);
        Assert.Equal([_old], latest.Previous.Select(snapshot => snapshot.Id));
        Assert.EndsWith($"snapshot {latest.Current.Id[..12]}", after.Json.GetProperty("scan").GetProperty("scannerVersion").GetString(), StringComparison.Ordinal);
    }

    // What a feed has said is kept while the snapshot is made.
    private static bool IsAt(string moment, string path) => moment switch
    {
        "build" => path.Contains("/feeds/", StringComparison.Ordinal),
        "upload" => path.Contains("/db/", StringComparison.Ordinal),
        _ => path.EndsWith("/latest.json", StringComparison.Ordinal),
    };

    // The lease of who was killed would last for the rest of its minute.
    private async Task LeaseRunsOutAsync() =>
        await (await _room.ContainerAsync()).GetBlobClient("refresh.lock").GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Token);

    private Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = _gate.ConnectionString,
            ["Storage__Prefix"] = _room.Prefix,
            ["Advisories__Refresh"] = "true",
            ["Advisories__PollSeconds"] = "1",
            ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(_room.Made.Folder, "tmp")).FullName,
        };
        foreach (string feed in FeedCatalogue.All.Select(feed => feed.Description.Name))
        {
            settings[$"Feeds__{feed}__Enabled"] = feed == "osv" ? "true" : "false";
        }

        settings["Feeds__osv__Url"] = Path.Combine(_room.Made.Folder, "osv");
        return settings;
    }

    private void WriteFeed(string record)
    {
        DirectoryInfo folder = Directory.CreateDirectory(Path.Combine(_room.Made.Folder, "osv", "npm"));
        using ZipArchive zip = ZipFile.Open(Path.Combine(folder.FullName, "all.zip"), ZipArchiveMode.Create);
        using Stream entry = zip.CreateEntry("1.json").Open();
        entry.Write(Encoding.UTF8.GetBytes(record));
    }

    private async Task<ApiAnswer> ScanAsync(Uri address)
    {
        using HttpResponseMessage response = await _client.PostAsJsonAsync(new Uri(address, "/v1/images/scan"), new { imageName = _image }, Token);
        return await ApiAnswer.ReadAsync(response, Token);
    }
}
