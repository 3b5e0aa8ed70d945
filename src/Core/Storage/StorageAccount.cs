using System.Collections.Concurrent;
using System.Net;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using ImageScan.Core.Images.Registries.Logins;

namespace ImageScan.Core.Storage;

/// <summary>
/// The storage account: its tables, queues and containers, made on first use. Failures of the network or of access are
/// <see cref="StorageException"/>, after a few seconds at most.
/// </summary>
public sealed class StorageAccount : IDisposable
{
    private const string Missing =
        "No storage is set. Give AzureWebJobsStorage a connection string, or AzureWebJobsStorage__accountName for an identity; "
        + "locally, leave it to imagescan to start Azurite.";

    private readonly StorageSettings _settings;
    private readonly TableServiceClient _tables;
    private readonly QueueServiceClient _queues;
    private readonly Lazy<BlobServiceClient> _blobs;
    private readonly SocketsHttpHandler _handler = new()
    {
        // An address that swallows packets must not keep a caller for the system's two minutes.
        ConnectTimeout = TimeSpan.FromSeconds(3),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        AutomaticDecompression = DecompressionMethods.None,
        AllowAutoRedirect = false,
        UseCookies = false,
    };

    private readonly HttpClientTransport _transport;
    private readonly ConcurrentDictionary<string, Task> _made = new(StringComparer.Ordinal);

    /// <summary>Connects to nothing yet. Throws <see cref="StorageException"/> if the settings name no account.</summary>
    public StorageAccount(StorageSettings settings)
    {
        if (!settings.Prefix.All(char.IsAsciiLetterOrDigit) || settings.Prefix.Length > 40 || settings.Prefix.FirstOrDefault('a') is >= '0' and <= '9')
        {
            throw new StorageException($"Storage__Prefix is '{settings.Prefix}', but begins names of tables: at most 40 letters and digits, a letter first.");
        }

        _settings = settings;
        _transport = new HttpClientTransport(new HttpClient(_handler) { Timeout = Timeout.InfiniteTimeSpan });
        (_tables, _queues) = settings.ConnectionString.Length > 0 ? FromConnectionString() : FromIdentity();
        _blobs = new Lazy<BlobServiceClient>(settings.ConnectionString.Length > 0 ? BlobsFromConnectionString : BlobsFromIdentity);
    }

    public void Dispose()
    {
        _transport.Dispose();
        _handler.Dispose();
    }

    /// <summary>The table of that name (<see cref="TableNames"/>) with the configured prefix; it exists when this returns.</summary>
    public async Task<TableClient> TableAsync(string name, CancellationToken cancellationToken)
    {
        TableClient table = _tables.GetTableClient(_settings.Prefix + name);
        await OnceAsync($"table {name}", () => table.CreateIfNotExistsAsync(CancellationToken.None), cancellationToken);
        return table;
    }

    /// <summary>The queue of that name (<see cref="QueueNames"/>); it exists when this returns.</summary>
    public async Task<QueueClient> QueueAsync(string name, CancellationToken cancellationToken)
    {
        QueueClient queue = _queues.GetQueueClient(name);
        await OnceAsync($"queue {name}", () => queue.CreateIfNotExistsAsync(cancellationToken: CancellationToken.None), cancellationToken);
        return queue;
    }

    /// <summary>
    /// The container of that name (<see cref="ContainerNames"/>) with the configured prefix; it exists when this returns. Throws
    /// <see cref="StorageException"/> also if the settings name tables and queues but no blobs.
    /// </summary>
    public async Task<BlobContainerClient> ContainerAsync(string name, CancellationToken cancellationToken)
    {
        // Names of tables do not differ by case either, so no two prefixes become one here
        // (https://learn.microsoft.com/rest/api/storageservices/naming-and-referencing-containers--blobs--and-metadata).
        BlobContainerClient container = _blobs.Value.GetBlobContainerClient(_settings.Prefix.ToLowerInvariant() + name);
        await OnceAsync($"container {name}", () => container.CreateIfNotExistsAsync(cancellationToken: CancellationToken.None), cancellationToken);
        return container;
    }

    // One caller makes it, the others wait for the same; a failure is forgotten so that the next call tries again.
    private async Task OnceAsync(string key, Func<Task> make, CancellationToken cancellationToken)
    {
        Task made = _made.GetOrAdd(key, _ => make());
        try
        {
            await made.WaitAsync(cancellationToken);
        }
        catch (Exception) when (made.IsFaulted || made.IsCanceled)
        {
            _made.TryRemove(new KeyValuePair<string, Task>(key, made));
            throw;
        }
    }

    private (TableServiceClient, QueueServiceClient) FromConnectionString()
    {
        try
        {
            string connection = _settings.ConnectionString;
            var tables = new TableServiceClient(connection, With(new TableClientOptions(), AccountOf(connection)));
            return (tables, new QueueServiceClient(connection, QueueOptions(tables.AccountName)));
        }
        catch (Exception unreadable) when (unreadable is FormatException or ArgumentException or InvalidOperationException)
        {
            // The reader's own message may quote the key.
            throw new StorageException(
                "AzureWebJobsStorage is no connection string of a storage account (AccountName=…;AccountKey=…;EndpointSuffix=core.windows.net).");
        }
    }

    private (TableServiceClient, QueueServiceClient) FromIdentity()
    {
        Uri table = UriOf(_settings.TableServiceUri, "table");
        DefaultAzureCredential credential = Identity();
        return (
            new TableServiceClient(table, credential, With(new TableClientOptions(), table.Host)),
            new QueueServiceClient(UriOf(_settings.QueueServiceUri, "queue"), credential, QueueOptions(table.Host)));
    }

    // The tables were made of the same string before, so it can be read; it may name no blobs.
    private BlobServiceClient BlobsFromConnectionString()
    {
        try
        {
            return new BlobServiceClient(_settings.ConnectionString, BlobOptions(_tables.AccountName));
        }
        // NullReferenceException: what the client of Azure.Storage.Blobs 12.30.1 makes of a string without a BlobEndpoint or an account's name.
        catch (Exception missing) when (missing is FormatException or ArgumentException or InvalidOperationException or NullReferenceException)
        {
            throw new StorageException("AzureWebJobsStorage names no blobs of the account: give it a BlobEndpoint beside those of tables and queues.");
        }
    }

    private BlobServiceClient BlobsFromIdentity()
    {
        Uri blob = UriOf(_settings.BlobServiceUri, "blob");
        return new BlobServiceClient(blob, Identity(), BlobOptions(blob.Host));
    }

    private Uri UriOf(Uri? given, string kind) => given
        ?? (_settings.AccountName.Length > 0 && _settings.AccountName.All(char.IsAsciiLetterOrDigit)
            ? new Uri($"https://{_settings.AccountName}.{kind}.core.windows.net")
            : throw new StorageException(kind == "blob" ? $"{Missing} Advisories need its blobs: AzureWebJobsStorage__blobServiceUri." : Missing));

    private DefaultAzureCredential Identity() => AzureTokens.CredentialOf(new AzureIdentity(_settings.ClientId));

    // 2025-11-05 is the newest version that Azurite 3.35.0 knows, so that one started without skipApiVersionCheck serves too.
    private QueueClientOptions QueueOptions(string account) =>
        With(new QueueClientOptions(QueueClientOptions.ServiceVersion.V2025_11_05), account);

    private BlobClientOptions BlobOptions(string account) => With(new BlobClientOptions(BlobClientOptions.ServiceVersion.V2025_11_05), account);

    private T With<T>(T options, string account)
        where T : ClientOptions
    {
        options.Transport = _transport;
        options.Retry.Mode = RetryMode.Exponential;
        options.Retry.MaxRetries = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.MaxDelay = TimeSpan.FromSeconds(2);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(30);
        options.AddPolicy(new StorageFailures(account), HttpPipelinePosition.PerCall);
        return options;
    }

    private static string AccountOf(string connection) =>
        connection.Split(';', StringSplitOptions.TrimEntries)
            .FirstOrDefault(part => part.StartsWith("AccountName=", StringComparison.OrdinalIgnoreCase))?["AccountName=".Length..]
        ?? "of AzureWebJobsStorage";
}
