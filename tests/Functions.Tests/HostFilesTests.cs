using System.Text.Json;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Functions.Tests;

/// <summary>What host.json and the sample of local.settings.json must say.</summary>
public sealed class HostFilesTests
{
    private static readonly JsonElement Host = RepositoryFiles.Json("host.json");
    private static readonly JsonElement Queues = Host.GetProperty("extensions").GetProperty("queues");

    // Clients know /v1/..., the host's own default is /api/v1/...
    [Fact]
    public void TheHostServesRoutesAtTheRoot() =>
        Assert.Equal("", Host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());

    [Fact]
    public void TheHostFileIsOfTheCurrentSchema() => Assert.Equal("2.0", Host.GetProperty("version").GetString());

    // A scan is heavy: an instance takes few at a time and lets others share the rest.
    [Fact]
    public void AnInstanceTakesFewScansAtATime() =>
        Assert.InRange(Queues.GetProperty("batchSize").GetInt32() + Queues.GetProperty("newBatchThreshold").GetInt32(), 1, 4);

    // An HTTP caller may be waiting for the message; the host's own default is a minute of sleep.
    [Fact]
    public void AnIdleInstanceLooksForWorkWithinSeconds() =>
        Assert.True(TimeSpan.Parse(Queues.GetProperty("maxPollingInterval").GetString()!, null) <= TimeSpan.FromSeconds(5));

    // Both heads give a message up after as many attempts.
    [Fact]
    public void AMessageIsTriedAsOftenAsInTheLocalHead() =>
        Assert.Equal(WorkQueue.MaxDequeueCount, Queues.GetProperty("maxDequeueCount").GetInt32());

    // The form in which Core sends; the host would take plain text for it and give the message up.
    [Fact]
    public void MessagesAreBase64() => Assert.Equal("base64", Queues.GetProperty("messageEncoding").GetString());

    // Or the host would end a long scan before it can say what happened to it.
    [Fact]
    public void AScanEndsBeforeTheHostEndsIt() =>
        Assert.True(TimeSpan.FromSeconds(new ScanSettings().TimeoutSeconds) < TimeSpan.Parse(Host.GetProperty("functionTimeout").GetString()!, null));

    // Or the host would end the whole process, and the scans in it.
    [Fact]
    public void ARefreshEndsBeforeTheHostEndsIt() =>
        Assert.True(TimeSpan.FromMinutes(new AdvisorySettings().RefreshMinutes) < TimeSpan.Parse(Host.GetProperty("functionTimeout").GetString()!, null));

    // Ten minutes is the longest that every plan allows
    // (https://learn.microsoft.com/azure/azure-functions/functions-scale#timeout).
    [Fact]
    public void TheTimeoutFitsEveryPlan() =>
        Assert.True(TimeSpan.Parse(Host.GetProperty("functionTimeout").GetString()!, null) <= TimeSpan.FromMinutes(10));

    [Fact]
    public void TheSampleRunsOnTheIsolatedWorkerAndLocalStorage()
    {
        JsonElement values = RepositoryFiles.Json("local.settings.sample.json").GetProperty("Values");

        Assert.Equal("dotnet-isolated", values.GetProperty("FUNCTIONS_WORKER_RUNTIME").GetString());
        Assert.Equal("UseDevelopmentStorage=true", values.GetProperty("AzureWebJobsStorage").GetString());
    }

    // The host reads Values as environment variables: anything but a string stops it.
    [Fact]
    public void EverySampleValueIsAString() =>
        Assert.All(
            RepositoryFiles.Json("local.settings.sample.json").GetProperty("Values").EnumerateObject(),
            value => Assert.Equal(JsonValueKind.String, value.Value.ValueKind));

    // A sample that is copied as it is must let nobody in.
    [Fact]
    public void TheSampleHoldsNoTokenThatSomebodyKnows() =>
        Assert.Equal(
            new string('0', 64),
            RepositoryFiles.Json("local.settings.sample.json").GetProperty("Values").GetProperty("Access__Tokens__0__Hash").GetString());
}
