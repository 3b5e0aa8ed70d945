using System.Text.Json;
using ImageScan.Core.Notifications;
using ImageScan.Core.Notifications.Sinks;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Notifications;

/// <summary>What each kind of receiver gets, the whole way from a scan.</summary>
[Collection(EventServers.Name)]
public sealed class SinkTests(SharedAzurite azurite)
{
    private static readonly string Bad = TestAdvisories.Record("CVE-2026-1001", "lodash", "4.17.21");
    private static readonly MadeImage Affected = TestImages.OfNpm("lodash@4.17.20");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendsBlocksToSlack()
    {
        await using NotificationLab lab = await SentAsync(("Type", "Slack"), ("Secret", ""));

        JsonElement json = Assert.Single(lab.Receiver.Posts).Json;
        Assert.StartsWith("1 new finding: `127.0.0.1:", json.GetProperty("text").GetString(), StringComparison.Ordinal);
        string blocks = json.GetProperty("blocks").ToString();
        Assert.Contains("CRITICAL CVE-2026-1001 lodash 4.17.20, fixed by 4.17.21", blocks, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendsACardToTeams()
    {
        await using NotificationLab lab = await SentAsync(("Type", "Teams"), ("Secret", ""));

        JsonElement attachment = Assert.Single(Assert.Single(lab.Receiver.Posts).Json.GetProperty("attachments").EnumerateArray());
        Assert.Equal("application/vnd.microsoft.card.adaptive", attachment.GetProperty("contentType").GetString());
        Assert.Contains("CRITICAL CVE-2026-1001 lodash 4.17.20, fixed by 4.17.21", attachment.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendsACloudEventToEventGridWithItsKey()
    {
        await using NotificationLab lab = await SentAsync(("Type", "EventGrid"));

        ReceivedPost post = Assert.Single(lab.Receiver.Posts);
        Assert.Equal(NotificationLab.Secret, post.Headers["aeg-sas-key"]);
        Assert.Equal("application/cloudevents-batch+json; charset=utf-8", post.Headers["Content-Type"]);
        JsonElement cloudEvent = Assert.Single(post.Json.EnumerateArray());
        Assert.Equal(
            ("1.0", "dev.imagescan.findings.new", "/imagescan/notifications/team"),
            (cloudEvent.GetProperty("specversion").GetString(), cloudEvent.GetProperty("type").GetString(), cloudEvent.GetProperty("source").GetString()));
        Assert.Equal("CVE-2026-1001", cloudEvent.GetProperty("data").GetProperty("findings")[0].GetProperty("cve").GetString());
    }

    [Fact]
    public async Task SendsATokenOfTheIdentityToEventGridWithoutAKey()
    {
        await using NotificationLab lab = await SentAsync(handle: false, ("Type", "EventGrid"), ("Secret", ""), ("ClientId", "client-1"));
        StoredNotification row = Assert.Single(await lab.RowsAsync());
        NotificationRule rule = Assert.Single(lab.Outbox.Rules.All);
        var post = lab.Server.Services.GetRequiredService<NotificationPost>();
        var sink = new EventGridSink(post, (client, _) => ValueTask.FromResult($"token-of-{client}"));
        var without = new EventGridSink(post, (_, _) => throw new Azure.Identity.AuthenticationFailedException("names the tenant"));

        DeliveryOutcome sent = await sink.DeliverAsync(row.Content!, rule, Token);
        DeliveryOutcome later = await without.DeliverAsync(row.Content!, rule, Token);

        Assert.Equal(DeliveryVerdict.Delivered, sent.Verdict);
        ReceivedPost received = Assert.Single(lab.Receiver.Posts);
        Assert.Equal("Bearer token-of-client-1", received.Headers["Authorization"]);
        Assert.DoesNotContain("aeg-sas-key", received.Headers.Keys);
        Assert.Equal(DeliveryVerdict.Later, later.Verdict);
        Assert.DoesNotContain("tenant", later.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("true", "4.17.20", "Failed")]
    [InlineData("true", "4.17.21", "Passed")]
    [InlineData("false", "4.17.21", "Failed")]
    public async Task TellsTheRegistryWhetherTheImageMayLeaveItsQuarantine(string allowPartial, string version, string expected)
    {
        await using NotificationLab lab = await QuarantineAsync(("AllowPartial", allowPartial));
        var registry = new Quarantine(lab.Registry);
        MadeImage image = TestImages.OfNpm($"lodash@{version}");
        lab.Registry.Push("team/image", "1", image);

        // It has no distribution, so it is read in part only.
        await lab.TellAsync("quarantine", $"{lab.Registry.Host}/team/image:1@{image.Manifest.Digest}");
        await lab.HandleAsync();

        (string path, string authorization, JsonElement body) = Assert.Single(registry.Patches);
        Assert.Equal(($"/acr/v1/team/image/_manifests/{image.Manifest.Digest}", "Bearer may-push"), (path, authorization));
        Assert.Equal(expected, body.GetProperty("quarantineState").GetString());
        JsonElement details = JsonDocument.Parse(body.GetProperty("quarantineDetails").GetString()!).RootElement;
        Assert.Equal(expected == "Passed" ? "scan passed" : "scan failed", details.GetProperty("state").GetString());
        Assert.Equal(["repository:team/image:pull,push"], registry.Scopes);
        Assert.Equal(NotificationState.Done, Assert.Single(await lab.RowsAsync()).State);
    }

    [Theory]
    [InlineData(404, NotificationState.Done)]
    [InlineData(405, NotificationState.Done)]
    [InlineData(403, NotificationState.Failed)]
    [InlineData(503, NotificationState.Waiting)]
    public async Task TakesARegistryWithoutQuarantineForDoneAndTriesAgainWhereThatHelps(int status, NotificationState expected)
    {
        await using NotificationLab lab = await QuarantineAsync();
        _ = new Quarantine(lab.Registry) { Status = status };
        lab.Registry.Push("team/image", "1", Affected);

        await lab.TellAsync("quarantine", $"{lab.Registry.Host}/team/image:1@{Affected.Manifest.Digest}");
        await lab.HandleAsync();

        StoredNotification row = Assert.Single(await lab.RowsAsync());
        Assert.Equal(expected, row.State);
        Assert.DoesNotContain("registry-password", row.Reason, StringComparison.Ordinal);
    }

    // A production image that somebody looks at again must not be taken back; and a push is no question.
    [Fact]
    public async Task SaysNothingToTheRegistryThatDoesNotAsk()
    {
        await using NotificationLab lab = await QuarantineAsync();
        string name = lab.Registry.Push("team/image", "1", Affected);

        await lab.ScanAsync(name);
        await lab.ScanAsync(name, force: true);
        await lab.TellAsync("push", $"{name}@{Affected.Manifest.Digest}");

        Assert.Empty(await lab.RowsAsync());
    }

    [Fact]
    public async Task JudgesTheImageInEachRepositoryThatItWasPushedTo()
    {
        await using NotificationLab lab = await QuarantineAsync();
        var registry = new Quarantine(lab.Registry);
        string[] names = [lab.Registry.Push("other/image", "1", Affected), lab.Registry.Push("team/a", "1", Affected), lab.Registry.Push("team/b", "1", Affected)];
        string[] pushed = [.. names.Select(name => $"{name}@{Affected.Manifest.Digest}")];

        // One job, which only the second event makes one that a registry waits for.
        string[] jobs = [.. await lab.BeginAsync("push", pushed[0]), .. await lab.BeginAsync("quarantine", pushed[1]), .. await lab.BeginAsync("push", pushed[2])];
        await lab.DoAsync(jobs);
        await lab.HandleAsync();

        Assert.Single(jobs.Distinct());
        Assert.Equal(
            ["/acr/v1/team/a", "/acr/v1/team/b"], registry.Patches.Select(patch => patch.Path.Split("/_manifests")[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SendsTheLastVerdictAloneAndByTheAdvisoriesOfThen()
    {
        await using NotificationLab lab = await QuarantineAsync(("AllowPartial", "true"));
        var registry = new Quarantine(lab.Registry);
        await lab.Advisories.ReplaceAsync(TestAdvisories.Record("CVE-2026-1003", "minimist", "1.2.6"));
        string name = $"{lab.Registry.Push("team/image", "1", Affected)}@{Affected.Manifest.Digest}";
        await lab.TellAsync("quarantine", name);
        string first = Assert.Single(await lab.TakeAsync());
        await lab.TellAsync("quarantine", name);
        string second = Assert.Single(await lab.TakeAsync());
        await lab.Advisories.ReplaceAsync(Bad);
        await lab.Server.Services.GetRequiredService<ImageRematch>().RunAsync(Token);

        await lab.Delivery.HandleAsync(second, Token);
        await lab.Delivery.HandleAsync(first, Token);

        Assert.Equal("Failed", Assert.Single(registry.Patches).Body.GetProperty("quarantineState").GetString());
        Assert.All(await lab.RowsAsync(), row => Assert.Equal(NotificationState.Done, row.State));
    }

    private async Task<NotificationLab> QuarantineAsync(params IEnumerable<(string Name, string Value)> rule)
    {
        NotificationLab lab = await NotificationLab.StartAsync(
            azurite,
            [
                ("Type", "AcrQuarantine"),
                ("Url", ""),
                ("Secret", ""),
                ("MinSeverity", "Critical"),
                ("Images", "{registry}/team/*"),
                ("Registries:0:Username", "scanner"),
                ("Registries:0:Password", "registry-password"),
                .. rule,
            ]);
        await lab.Advisories.ReplaceAsync(Bad);
        return lab;
    }

    private Task<NotificationLab> SentAsync(params (string Name, string Value)[] rule) => SentAsync(handle: true, rule);

    private async Task<NotificationLab> SentAsync(bool handle, params (string Name, string Value)[] rule)
    {
        NotificationLab lab = await NotificationLab.StartAsync(azurite, rule);
        await lab.Advisories.ReplaceAsync(Bad);
        await lab.ScanAsync(lab.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20")));
        if (handle)
        {
            await lab.HandleAsync();
        }

        return lab;
    }

    /// <summary>A registry that takes verdicts as https://github.com/Azure/acr/blob/main/docs/preview/quarantine/readme.md says, for those who may push.</summary>
    private sealed class Quarantine
    {
        public Quarantine(TestRegistry registry) => registry.Misbehave(async (context, _) => await AnswerAsync(context, registry.Host));

        public List<(string Path, string Authorization, JsonElement Body)> Patches { get; } = [];

        public List<string> Scopes { get; } = [];

        public int Status { get; init; } = StatusCodes.Status200OK;

        private async Task<bool> AnswerAsync(HttpContext context, string host)
        {
            if (context.Request.Path == "/oauth2/token")
            {
                Assert.Equal(
                    Convert.ToBase64String("scanner:registry-password"u8), context.Request.Headers.Authorization.ToString()["Basic ".Length..]);
                Scopes.Add(context.Request.Query["scope"].ToString());
                await context.Response.WriteAsJsonAsync(new { access_token = "may-push" });
                return true;
            }

            if (!HttpMethods.IsPatch(context.Request.Method))
            {
                return false;
            }

            string authorization = context.Request.Headers.Authorization.ToString();
            if (authorization.Length == 0)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{host}/oauth2/token\",service=\"{host}\"";
                return true;
            }

            using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body);
            Patches.Add((context.Request.Path, authorization, body.RootElement.Clone()));
            context.Response.StatusCode = Status;
            return true;
        }
    }
}
