using ImageScan.Core.Storage;
using Microsoft.Extensions.Configuration;

namespace ImageScan.Core.Tests.Storage;

public sealed class StorageSettingsTests
{
    [Fact]
    public void ReadsAConnectionString()
    {
        StorageSettings settings = From(("AzureWebJobsStorage", "UseDevelopmentStorage=true"), ("Storage:Prefix", "Blue"));

        Assert.Equal(new StorageSettings { ConnectionString = "UseDevelopmentStorage=true", Prefix = "Blue" }, settings);
    }

    [Fact]
    public void ReadsAnIdentity()
    {
        StorageSettings settings = From(
            ("AzureWebJobsStorage:accountName", "scans"),
            ("AzureWebJobsStorage:clientId", "c"),
            ("AzureWebJobsStorage:tableServiceUri", "https://t.example"),
            ("AzureWebJobsStorage:queueServiceUri", "https://q.example"),
            ("AzureWebJobsStorage:blobServiceUri", "https://b.example"));

        Assert.Equal(
            new StorageSettings
            {
                AccountName = "scans",
                ClientId = "c",
                TableServiceUri = new Uri("https://t.example"),
                QueueServiceUri = new Uri("https://q.example"),
                BlobServiceUri = new Uri("https://b.example"),
            },
            settings);
    }

    [Fact]
    public void NamesTheSettingThatIsNoAddress()
    {
        StorageException refusal = Assert.Throws<StorageException>(() => From(("AzureWebJobsStorage:queueServiceUri", "scans")));

        Assert.Contains("AzureWebJobsStorage__queueServiceUri", refusal.Message, StringComparison.Ordinal);
    }

    private static StorageSettings From(params (string Name, string Value)[] settings) =>
        StorageSettings.From(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Name, string? (pair) => pair.Value)).Build());
}
