using Azure.Storage.Blobs;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Publication;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Advisories;

/// <summary>A container of its own on the real Azurite, and what publishes to it and fetches from it.</summary>
internal sealed class PublicationRoom : IDisposable
{
    private readonly List<AdvisorySnapshots> _instances = [];

    public PublicationRoom(SharedAzurite azurite, string? prefix = null)
    {
        Prefix = prefix ?? ScanApp.NewPrefix();
        Account = new StorageAccount(new StorageSettings { ConnectionString = azurite.ConnectionString, Prefix = Prefix });
        Blobs = new SnapshotBlobs(Account);
        Publisher = new SnapshotPublisher(Blobs, Time, NullLogger<SnapshotPublisher>.Instance);
    }

    public string Prefix { get; }

    public MadeSnapshots Made { get; } = new();

    public StorageAccount Account { get; }

    public SnapshotBlobs Blobs { get; }

    public SnapshotPublisher Publisher { get; }

    /// <summary>The real time at first; storage has no other.</summary>
    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public Task<BlobContainerClient> ContainerAsync() => Account.ContainerAsync(ContainerNames.Advisories, Token);

    /// <summary>The names of all blobs of snapshots, by their ids.</summary>
    public async Task<string[]> IdsInStorageAsync()
    {
        var ids = new List<string>();
        await foreach (var blob in (await ContainerAsync()).GetBlobsAsync(Azure.Storage.Blobs.Models.BlobTraits.None, Azure.Storage.Blobs.Models.BlobStates.None, "db/", Token))
        {
            ids.Add(blob.Name["db/".Length..^".snap".Length]);
        }

        return [.. ids.Order(StringComparer.Ordinal)];
    }

    public Task<LatestSnapshot> PublishAsync(string path, PublishRule rule = PublishRule.Newer) => Publisher.PublishAsync(path, rule, beforeSwitch: null, Token);

    public async Task<LatestSnapshot> LatestAsync() => await Publisher.LatestAsync(Token) ?? throw new InvalidOperationException("Nothing is published.");

    /// <summary>As an instance of its own, with a folder of its own or a shared one.</summary>
    public SnapshotCache Cache(string? folder = null) =>
        new(Blobs, Time, NullLogger<SnapshotCache>.Instance, folder ?? Path.Combine(Made.Folder, $"cache-{Guid.NewGuid():n}"));

    /// <summary>What an instance uses.</summary>
    public AdvisorySnapshots Instance(SnapshotCache? cache = null, AdvisorySettings? settings = null)
    {
        var instance = new AdvisorySnapshots(settings ?? new AdvisorySettings(), NullLogger<AdvisorySnapshots>.Instance, cache ?? Cache(), Time);
        _instances.Add(instance);
        return instance;
    }

    public void Dispose()
    {
        _instances.ForEach(instance => instance.Dispose());
        Account.Dispose();
        Made.Dispose();
    }
}
