using System.Diagnostics;
using System.Net;
using Azure.Data.Tables;
using ImageScan.Core.Api;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Telemetry;

[Collection(WholeProcess.Name)]
public sealed class ReadinessTests(SharedAzurite azurite)
{
    private const string Route = $"/{Routes.Ready}";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task IsAWordForEverybody()
    {
        await using TokenServer server = await TokenServer.StartAsync(azurite);

        ApiAnswer answer = await server.SendAsync("GET", Route, token: null);

        Assert.Equal((HttpStatusCode.OK, "ready"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task SaysWhatIsMissingOnlyToThoseWhoMayRead()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(TestAdvisories.Record("CVE-2026-1001", "lodash", "4.17.21"));
        await using TokenServer server = await TokenServer.StartAsync(
            azurite, [("Storage:Prefix", ScanApp.NewPrefix()), ("Advisories:Path", advisories.Path), ("Health:AdvisoryDays", "1")]);

        ApiAnswer stranger = await server.SendAsync("GET", Route, token: null);
        ApiAnswer nobody = await server.SendAsync("GET", Route, "nobody's");
        ApiAnswer reader = await server.SendAsync("GET", Route, TokenServer.Reader);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "not ready"), (stranger.Status, stranger.Message));
        Assert.Equal((stranger.Status, stranger.Text), (nobody.Status, nobody.Text));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, reader.Status);
        Assert.StartsWith("not ready: advisories: ", reader.Message, StringComparison.Ordinal);
        Assert.EndsWith("days old, and Health__AdvisoryDays is 1", reader.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SeesATableThatIsGone()
    {
        await using TokenServer server = await TokenServer.StartAsync(azurite);
        StorageAccount account = server.Services.GetRequiredService<StorageAccount>();
        TableClient table = await account.TableAsync(TableNames.Images, Token);
        await table.DeleteAsync(Token);

        ApiAnswer answer = await server.SendAsync("GET", Route, TokenServer.Reader);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.StartsWith("not ready: tables: ", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LooksOnceHoweverManyAskAndAgainAfterAFewSeconds()
    {
        await using TokenServer server = await TokenServer.StartAsync(azurite);
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        Readiness readiness = Of(server, time);
        TableClient table = await server.Services.GetRequiredService<StorageAccount>().TableAsync(TableNames.Images, Token);

        Assert.Empty(await readiness.FaultsAsync(Token));
        await table.DeleteAsync(Token);
        Assert.Empty(await readiness.FaultsAsync(Token));
        time.Advance(Readiness.KeptFor);

        Assert.Single(await readiness.FaultsAsync(Token));
    }

    // Waits for storage as long as Azurite is stopped, but no longer than it says.
    [Fact]
    public async Task WaitsNoLongerThanItSays()
    {
        await using ScanApp app = await ScanApp.StartAsync(SilentAccount.Of(azurite.ConnectionString, out SilentAccount silent));
        using SilentAccount opened = silent;
        var clock = Stopwatch.StartNew();

        ApiAnswer answer = await app.GetAsync(Route);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Readiness.Patience + TimeSpan.FromSeconds(10));
        Assert.Contains("tables: no answer within 3 s", answer.Message, StringComparison.Ordinal);
    }

    private static Readiness Of(TokenServer server, TimeProvider time) => new(
        server.Services.GetRequiredService<StorageAccount>(),
        server.Services.GetRequiredService<ScanQueues>(),
        server.Services.GetRequiredService<AdvisorySnapshots>(),
        server.Services.GetRequiredService<ClusterSettings>(),
        new HealthSettings(),
        time);
}
