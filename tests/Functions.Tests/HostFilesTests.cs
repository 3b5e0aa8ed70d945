using System.Text.Json;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.TestSupport;

namespace ImageScan.Functions.Tests;

/// <summary>What host.json and the sample of local.settings.json must say.</summary>
public sealed class HostFilesTests
{
    private static readonly JsonElement Host = RepositoryFiles.Json("host.json");
    private static readonly JsonElement Queues = Host.GetProperty("extensions").GetProperty("queues");

    // Spans of the host and of the worker are of one trace then (https://learn.microsoft.com/azure/azure-functions/opentelemetry-howto).
    [Fact]
    public void TheHostSpeaksOpenTelemetry() => Assert.Equal("OpenTelemetry", Host.GetProperty("telemetryMode").GetString());

    // Clients know /v1/..., the host's own default is /api/v1/...
    [Fact]
    public void TheHostServesRoutesAtTheRoot() =>
        Assert.Equal("", Host.GetProperty("extensions").GetProperty("http").GetProperty("routePrefix").GetString());

    [Fact]
    public void TheHostFileIsOfTheCurrentSchema() => Assert.Equal("2.0", Host.GetProperty("version").GetString());

    // A scan is heavy: an instance takes few at a time, of each queue, and lets others share the rest.
    [Fact]
    public void AnInstanceHasAsManyMessagesInWorkAsInTheLocalHead() =>
        Assert.Equal(WorkQueue.MessagesAtATime, Queues.GetProperty("batchSize").GetInt32() + Queues.GetProperty("newBatchThreshold").GetInt32());

    // A batch belongs to who takes it, though another instance may be idle; and with a threshold of 0 the next is taken when all of it is done.
    [Fact]
    public void AnInstanceTakesNoMessageThatItHasNoPlaceFor()
    {
        Assert.Equal(1, Queues.GetProperty("batchSize").GetInt32());
        Assert.True(Queues.GetProperty("newBatchThreshold").GetInt32() > 0);
    }

    // It would replace batchSize and newBatchThreshold by what it learns from CPU and memory
    // (https://learn.microsoft.com/azure/azure-functions/functions-concurrency#dynamic-concurrency).
    [Fact]
    public void NothingElseSaysHowManyMessagesAreInWork() => Assert.False(Host.TryGetProperty("concurrency", out _));

    // An HTTP caller may be waiting for the message; the host's own default is a minute of sleep. It allows no less than 100 ms
    // (https://github.com/Azure/azure-sdk-for-net/blob/main/sdk/storage/Microsoft.Azure.WebJobs.Extensions.Storage.Common/src/Shared/Queues/QueuePollingIntervals.cs).
    [Fact]
    public void AnIdleInstanceLooksForWorkWithinSeconds() =>
        Assert.InRange(TimeSpan.Parse(Queues.GetProperty("maxPollingInterval").GetString()!, null), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    // The host's default is none at all: five tries within a second would outlast no registry's bad moment.
    [Fact]
    public void AFailedMessageRestsWhileACallerStillWaits()
    {
        TimeSpan rest = TimeSpan.Parse(Queues.GetProperty("visibilityTimeout").GetString()!, null);

        Assert.True(rest > TimeSpan.Zero);
        Assert.True(rest * (WorkQueue.MaxDequeueCount - 1) < TimeSpan.FromSeconds(new ScanSettings().WaitSeconds));
    }

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

    // Paths of webhooks may end with a secret. These are what of the host's log has paths: a line for each request
    // (https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script.WebHost/Middleware/SystemTraceMiddleware.cs), one for each that is handed to the
    // worker (https://github.com/dotnet/yarp/blob/main/src/ReverseProxy/Forwarder/HttpForwarder.cs), and ASP.NET's own. Its spans have them too, which no setting
    // changes: infra/monitoring.bicep.
    [Fact]
    public void TheHostLogsNoPathsOfRequests()
    {
        JsonElement levels = Host.GetProperty("logging").GetProperty("logLevel");

        Assert.All(
            (string[])["Microsoft.AspNetCore", "Microsoft.Azure.WebJobs.Script.WebHost.Middleware.SystemTraceMiddleware", "Yarp"],
            category => Assert.Equal("Warning", levels.GetProperty(category).GetString()));
    }

    // Counts only for who has the host not speak OpenTelemetry (AzureFunctionsJobHost__telemetryMode)
    // (https://github.com/Azure/azure-webjobs-sdk/blob/dev/src/Microsoft.Azure.WebJobs.Logging.ApplicationInsights/Initializers/WebJobsTelemetryInitializer.cs).
    [Fact]
    public void TheHostSendsNoAddressesInItsOtherModeEither() => Assert.False(
        Host.GetProperty("logging").GetProperty("applicationInsights").GetProperty("httpAutoCollectionOptions")
            .GetProperty("enableHttpTriggerExtendedInfoCollection").GetBoolean());

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

    // Or the host's own page is at the root until a function has answered there once
    // (https://github.com/Azure/azure-functions-host/blob/v4.1037.0/src/WebJobs.Script.WebHost/Middleware/HomepageMiddleware.cs).
    [Fact]
    public void TheHostShowsNoPageOfItsOwn()
    {
        Assert.Equal("true", RepositoryFiles.Json("local.settings.sample.json").GetProperty("Values").GetProperty("AzureWebJobsDisableHomepage").GetString());
        Assert.Contains("AzureWebJobsDisableHomepage: 'true'", File.ReadAllText(Repository.Path("infra/app.bicep")), StringComparison.Ordinal);
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
