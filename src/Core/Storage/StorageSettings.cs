using Microsoft.Extensions.Configuration;

namespace ImageScan.Core.Storage;

/// <summary>
/// Which storage account to use, by the names that the Functions host gives its own
/// (https://learn.microsoft.com/azure/azure-functions/functions-reference#connecting-to-host-storage-with-an-identity).
/// </summary>
public sealed record StorageSettings
{
    /// <summary><c>AzureWebJobsStorage</c>: a connection string; "" to connect with an identity.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary><c>AzureWebJobsStorage__accountName</c>: the account, in Azure's public cloud.</summary>
    public string AccountName { get; init; } = "";

    /// <summary><c>AzureWebJobsStorage__tableServiceUri</c>, for other clouds and own domains; null to go by the account's name.</summary>
    public Uri? TableServiceUri { get; init; }

    /// <summary><c>AzureWebJobsStorage__queueServiceUri</c>.</summary>
    public Uri? QueueServiceUri { get; init; }

    /// <summary><c>AzureWebJobsStorage__blobServiceUri</c>.</summary>
    public Uri? BlobServiceUri { get; init; }

    /// <summary><c>AzureWebJobsStorage__clientId</c>: the user-assigned identity; "" for the system-assigned one.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>
    /// <c>Storage__Prefix</c>: begins the name of every table and, in small letters, every container; letters and digits. Queues have no prefix,
    /// since triggers bind their names, so apps that use them need accounts of their own.
    /// </summary>
    public string Prefix { get; init; } = "";

    /// <summary>Reads the settings. Throws <see cref="StorageException"/> if an address is none.</summary>
    public static StorageSettings From(IConfiguration configuration)
    {
        IConfigurationSection account = configuration.GetSection("AzureWebJobsStorage");
        return new StorageSettings
        {
            ConnectionString = account.Value ?? "",
            AccountName = account["accountName"] ?? "",
            TableServiceUri = UriOf(account, "tableServiceUri"),
            QueueServiceUri = UriOf(account, "queueServiceUri"),
            BlobServiceUri = UriOf(account, "blobServiceUri"),
            ClientId = account["clientId"] ?? "",
            Prefix = configuration["Storage:Prefix"] ?? "",
        };
    }

    private static Uri? UriOf(IConfigurationSection account, string name) => account[name] switch
    {
        null or "" => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) => uri,
        var text => throw new StorageException($"AzureWebJobsStorage__{name} is '{text}', which is no address such as https://ACCOUNT.table.core.windows.net."),
    };
}
