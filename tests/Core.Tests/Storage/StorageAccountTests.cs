using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Tests.Storage;

public sealed class StorageAccountTests
{
    private const string Key = "c2VjcmV0c2VjcmV0";

    [Fact]
    public void SaysWhichSettingIsMissing()
    {
        StorageException refusal = Assert.Throws<StorageException>(() => new StorageAccount(new StorageSettings()));

        Assert.Contains("AzureWebJobsStorage", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("AccountKey=" + Key)]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=%" + Key + ";EndpointSuffix=core.windows.net")]
    public void RefusesWhatIsNoConnectionStringWithoutQuotingIt(string text)
    {
        StorageException refusal = Assert.Throws<StorageException>(() => new StorageAccount(new StorageSettings { ConnectionString = text }));

        Assert.Contains("AzureWebJobsStorage", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, refusal.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1a")]
    [InlineData("a-b")]
    [InlineData("a/b")]
    public void RefusesAPrefixThatNoTableMayHave(string prefix)
    {
        StorageException refusal = Assert.Throws<StorageException>(
            () => new StorageAccount(new StorageSettings { ConnectionString = "UseDevelopmentStorage=true", Prefix = prefix }));

        Assert.Contains("Storage__Prefix", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scans", true)]
    [InlineData("scans.example", false)]
    public void TakesAnIdentityForAnAccountThatIsAName(string accountName, bool taken)
    {
        Exception? refusal = Record.Exception(() => new StorageAccount(new StorageSettings { AccountName = accountName }).Dispose());

        Assert.Equal(taken, refusal is null);
        Assert.True(refusal is null or StorageException);
    }

    [Fact]
    public async Task SaysWithinSecondsThatNobodyAnswers()
    {
        using var account = new StorageAccount(new StorageSettings { ConnectionString = ConnectionTo(ClosedPort()) });
        long start = Stopwatch.GetTimestamp();

        StorageException table = await Assert.ThrowsAsync<StorageException>(() => account.TableAsync(TableNames.Jobs, TestContext.Current.CancellationToken));
        StorageException queue = await Assert.ThrowsAsync<StorageException>(() => account.QueueAsync(QueueNames.ImageScans, TestContext.Current.CancellationToken));
        StorageException blobs = await Assert.ThrowsAsync<StorageException>(
            () => account.ContainerAsync(ContainerNames.Advisories, TestContext.Current.CancellationToken));

        Assert.Contains("AzureWebJobsStorage", table.Message, StringComparison.Ordinal);
        Assert.Contains("AzureWebJobsStorage", queue.Message, StringComparison.Ordinal);
        Assert.Contains("AzureWebJobsStorage", blobs.Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 20);
    }

    // Who scans without published advisories needs no blobs.
    [Fact]
    public async Task AsksForAnAddressOfBlobsOnlyWhereTheyAreUsed()
    {
        // With an account's name the client takes the usual address.
        const string WithoutBlobs = "TableEndpoint=http://127.0.0.1:9/a;QueueEndpoint=http://127.0.0.1:9/a;SharedAccessSignature=sv=2025-11-05&sig=c2VjcmV0";
        using var account = new StorageAccount(new StorageSettings { ConnectionString = WithoutBlobs });
        using var identity = new StorageAccount(new StorageSettings { TableServiceUri = new Uri("https://t.example"), QueueServiceUri = new Uri("https://q.example") });

        StorageException byKey = await Assert.ThrowsAsync<StorageException>(
            () => account.ContainerAsync(ContainerNames.Advisories, TestContext.Current.CancellationToken));
        StorageException byIdentity = await Assert.ThrowsAsync<StorageException>(
            () => identity.ContainerAsync(ContainerNames.Advisories, TestContext.Current.CancellationToken));

        Assert.Contains("BlobEndpoint", byKey.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", byKey.ToString(), StringComparison.Ordinal);
        Assert.Contains("AzureWebJobsStorage__blobServiceUri", byIdentity.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TriesAgainAfterAFailure()
    {
        int requests = 0;
        await using WebApplication service = await ServeAsync(context =>
        {
            context.Response.StatusCode = Interlocked.Increment(ref requests) == 1 ? 403 : 204;
            return Task.CompletedTask;
        });
        using var account = new StorageAccount(new StorageSettings { ConnectionString = ConnectionTo(new Uri(service.Urls.First()).Port) });

        await Assert.ThrowsAsync<StorageException>(() => account.TableAsync(TableNames.Jobs, TestContext.Current.CancellationToken));
        await account.TableAsync(TableNames.Jobs, TestContext.Current.CancellationToken);
        await account.TableAsync(TableNames.Jobs, TestContext.Current.CancellationToken);

        Assert.Equal(2, requests);
    }

    [Theory]
    [InlineData(403, "Storage Table Data Contributor")]
    [InlineData(403, "Storage Blob Data Contributor")]
    [InlineData(401, "AzureWebJobsStorage")]
    [InlineData(503, "try again later")]
    public async Task SaysWhatToDoAboutARefusal(int status, string remedy)
    {
        await using WebApplication service = await ServeAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.Headers["x-ms-error-code"] = "TheCode";
            return Task.CompletedTask;
        });
        using var account = new StorageAccount(new StorageSettings { ConnectionString = ConnectionTo(new Uri(service.Urls.First()).Port) });

        StorageException refusal = await Assert.ThrowsAsync<StorageException>(() => account.TableAsync(TableNames.Jobs, TestContext.Current.CancellationToken));

        Assert.Contains($"{status} TheCode", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, refusal.ToString(), StringComparison.Ordinal);
    }

    private static async Task<WebApplication> ServeAsync(RequestDelegate answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication service = builder.Build();
        service.Run(answer);
        await service.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string ConnectionTo(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName=a;AccountKey={Key};TableEndpoint=http://127.0.0.1:{port}/a;QueueEndpoint=http://127.0.0.1:{port}/a;BlobEndpoint=http://127.0.0.1:{port}/a";
}
