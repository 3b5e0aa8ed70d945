using System.Net;
using System.Text.Json;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Notifications;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Notifications;

/// <summary>At least once, whoever is down; and never where it may not go.</summary>
[Collection(EventServers.Name)]
public sealed class DeliveryTests(SharedAzurite azurite)
{
    private static readonly string Bad = TestAdvisories.Record("CVE-2026-1001", "lodash", "4.17.21");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TriesAgainEverLaterUntilTheReceiverIsThere()
    {
        await using NotificationLab lab = await ScannedAsync();
        lab.Receiver.Answer = response => response.StatusCode = 503;

        await lab.HandleAsync();

        StoredNotification first = Assert.Single(await lab.RowsAsync());
        Assert.Equal((NotificationState.Waiting, 1), (first.State, first.Attempts));
        Assert.Contains("127.0.0.1 answered 503", first.Reason, StringComparison.Ordinal);
        Assert.InRange(first.DueAt - lab.Clock.GetUtcNow(), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(12));
        // The next message is in the queue, but not to be had yet.
        Assert.Empty(await lab.TakeAsync());

        await lab.HandleNextTryAsync();
        StoredNotification second = Assert.Single(await lab.RowsAsync());
        Assert.InRange(second.DueAt - lab.Clock.GetUtcNow(), TimeSpan.FromSeconds(16), TimeSpan.FromSeconds(24));
        lab.Receiver.Answer = response => response.StatusCode = 200;
        await lab.HandleNextTryAsync();

        StoredNotification done = Assert.Single(await lab.RowsAsync());
        Assert.Equal((NotificationState.Done, null), (done.State, done.Content));
        Assert.Equal(3, lab.Receiver.Posts.Count);
        Assert.Single(lab.Receiver.Posts.Select(post => post.Headers["X-ImageScan-Delivery"]).Distinct());
    }

    [Fact]
    public async Task RespectsWhatTheReceiverAsksForWithinBounds()
    {
        await using NotificationLab lab = await ScannedAsync();
        lab.Receiver.Answer = response => (response.StatusCode, response.Headers.RetryAfter) = (429, "600");
        await lab.HandleAsync();
        Assert.Equal(TimeSpan.FromMinutes(10), Assert.Single(await lab.RowsAsync()).DueAt - lab.Clock.GetUtcNow());

        lab.Receiver.Answer = response => (response.StatusCode, response.Headers.RetryAfter) = (429, "99999999");
        await lab.HandleNextTryAsync();

        Assert.Equal(BackOff.Longest, Assert.Single(await lab.RowsAsync()).DueAt - lab.Clock.GetUtcNow());
    }

    [Fact]
    public async Task GivesUpAfterManyTriesAndForgetsAfterAMonth()
    {
        await using NotificationLab lab = await ScannedAsync();
        await lab.Receiver.DisposeAsync();
        await lab.HandleAsync();
        for (int i = 1; i < BackOff.MaxAttempts; i++)
        {
            await lab.HandleNextTryAsync();
        }

        JsonElement failed = Assert.Single(await lab.FailedAsync());
        Assert.Equal(BackOff.MaxAttempts, failed.GetProperty("attempts").GetInt32());
        Assert.StartsWith("127.0.0.1 could not be reached", failed.GetProperty("reason").GetString(), StringComparison.Ordinal);

        lab.Clock.Advance(TimeSpan.FromDays(29));
        await lab.Sweep.RunAsync(Token);
        Assert.Single(await lab.RowsAsync());
        lab.Clock.Advance(TimeSpan.FromDays(2));
        await lab.Sweep.RunAsync(Token);
        Assert.Empty(await lab.RowsAsync());
    }

    [Fact]
    public async Task KeepsWhatIsRefusedUntilSomebodyHasItSentAgain()
    {
        await using NotificationLab lab = await ScannedAsync();
        lab.Receiver.Answer = response => response.StatusCode = 410;
        await lab.HandleAsync();

        JsonElement failed = Assert.Single(await lab.FailedAsync());
        Assert.Equal(("team", "newFindings", "127.0.0.1 answered 410", 1), (
            failed.GetProperty("rule").GetString(),
            failed.GetProperty("occasion").GetString(),
            failed.GetProperty("reason").GetString(),
            failed.GetProperty("attempts").GetInt32()));
        string retry = $"/v1/notifications/failed/{failed.GetProperty("id").GetString()}/retry";
        Assert.Equal(HttpStatusCode.Forbidden, (await lab.Server.SendAsync("POST", retry, TokenServer.Scanner)).Status);

        lab.Receiver.Answer = response => response.StatusCode = 200;
        Assert.Equal(HttpStatusCode.OK, (await lab.Server.SendAsync("POST", retry, TokenServer.Admin)).Status);
        await lab.HandleAsync();

        Assert.Equal(2, lab.Receiver.Posts.Count);
        Assert.Empty(await lab.FailedAsync());
        ApiAnswer audit = await lab.Server.SendAsync("GET", "/v1/audit", TokenServer.Admin);
        Assert.Equal("RetryNotification", Assert.Single(audit.Json.GetProperty("entries").EnumerateArray()).GetProperty("operation").GetString());
        foreach (string unknown in new[] { retry, "/v1/notifications/failed/none/retry", "/v1/notifications/failed/%2e%2e%23/retry" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await lab.Server.SendAsync("POST", unknown, TokenServer.Admin)).Status);
        }
    }

    [Fact]
    public async Task SendsWhatIsSavedButWasNeverPutIntoTheQueue()
    {
        await using NotificationLab lab = await ScannedAsync();
        // As if the process had died between saving and sending.
        Assert.Single(await lab.TakeAsync());

        Assert.Equal(0, await lab.Sweep.RunAsync(Token));
        lab.Clock.Advance(NotificationOutbox.Head + TimeSpan.FromMinutes(1));
        Assert.Equal(1, await lab.Sweep.RunAsync(Token));
        Assert.Equal(0, await lab.Sweep.RunAsync(Token));
        await lab.HandleAsync();

        Assert.Single(lab.Receiver.Posts);
    }

    [Fact]
    public async Task NeverTellsOfAScanThatWasNotSaved()
    {
        await using NotificationLab lab = await ScannedAsync();
        await lab.HandleAsync();
        StoredNotification sent = Assert.Single(await lab.RowsAsync());
        var other = Digest.Parse($"sha256:{new string('a', 64)}");
        // As if the process had died between writing and saving: of an image that is not stored, and of a later scan of one that is.
        await lab.Outbox.WriteAsync([Notification(other, lab.Clock.GetUtcNow()), Notification(Digest.Parse(await IdAsync(lab)), lab.Clock.GetUtcNow().AddHours(1))], Token);

        lab.Clock.Advance(NotificationOutbox.Head + TimeSpan.FromMinutes(1));
        Assert.Equal(2, await lab.Sweep.RunAsync(Token));
        await lab.HandleAsync();
        Assert.Equal(3, (await lab.RowsAsync()).Count);
        lab.Clock.Advance(SavedScans.Patience);
        await lab.Sweep.RunAsync(Token);
        await lab.HandleAsync();

        Assert.Equal(sent.Id, Assert.Single(await lab.RowsAsync()).Id);
        Assert.Single(lab.Receiver.Posts);
    }

    // A later scan is stored: nobody knows whether ours was in between, but what holds for it may be told.
    [Fact]
    public async Task TellsOfAReplacedScanWhatHoldsForTheNextOne()
    {
        await using NotificationLab lab = await ScannedAsync();
        await lab.TakeAsync();
        var image = Digest.Parse(await IdAsync(lab));
        Notification before = Notification(image, lab.Clock.GetUtcNow().AddHours(-1)) with
        {
            Findings = new NotifiedFindings(
                [new("CVE-2026-1001", "lodash", "4.17.20", Core.Vulnerabilities.Severity.Critical, "4.17.21"), new("CVE-1", "gone", "1", Core.Vulnerabilities.Severity.Critical, null)],
                3),
        };
        await lab.Outbox.WriteAsync([before], Token);

        await lab.Delivery.HandleAsync(new NotificationMessage(before.Id, 0, IsSaved: false).ToJson(), Token);

        ReceivedPost post = Assert.Single(lab.Receiver.Posts);
        Assert.Equal(["CVE-2026-1001"], post.CvesOf("findings"));
        Assert.Equal(0, post.Json.GetProperty("moreFindings").GetInt32());
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 0)]
    public async Task TellsOfEveryScanAlsoIfTheNextOneIsStoredUnlessItCameFirst(int hoursWhenWritten, int expected)
    {
        await using NotificationLab lab = await NotificationLab.StartAsync(azurite, ("On", "EveryScan"));
        await ScanAsync(lab);
        await lab.TakeAsync();
        lab.Clock.Advance(TimeSpan.FromHours(hoursWhenWritten));
        Notification before = Notification(Digest.Parse(await IdAsync(lab)), DateTimeOffset.UtcNow.AddHours(-1)) with { Occasion = NotificationOccasion.EveryScan };
        await lab.Outbox.WriteAsync([before], Token);

        await lab.Delivery.HandleAsync(new NotificationMessage(before.Id, 0, IsSaved: false).ToJson(), Token);

        Assert.Equal(expected, lab.Receiver.Posts.Count);
    }

    // As if the process had died in each of its tries.
    [Fact]
    public async Task GivesUpWhatNeverEnds()
    {
        await using NotificationLab lab = await ScannedAsync();
        StoredNotification row = Assert.Single(await lab.RowsAsync());
        await lab.Store.TryReplaceAsync(row, row with { Attempts = BackOff.MaxAttempts }, Token);

        await lab.HandleNextTryAsync();

        Assert.Equal(NotificationState.Failed, Assert.Single(await lab.RowsAsync()).State);
        Assert.Empty(lab.Receiver.Posts);
    }

    [Fact]
    public async Task WaitsForNoSinkForEver()
    {
        await using NotificationLab lab = await ScannedAsync();
        var sink = new SilentSink();
        NotificationDelivery delivery = lab.DeliveryBy([sink]);

        Task handled = delivery.HandleAsync(Assert.Single(await lab.TakeAsync()), Token);
        await sink.Asked.Task.WaitAsync(Token);
        lab.Clock.Advance(NotificationDelivery.LongestDelivery);
        await handled;

        StoredNotification row = Assert.Single(await lab.RowsAsync());
        Assert.Equal((NotificationState.Waiting, "it took too long"), (row.State, row.Reason));
    }

    [Fact]
    public async Task KeepsWhatAnotherVersionHasWritten()
    {
        await using NotificationLab lab = await ScannedAsync();
        StoredNotification row = Assert.Single(await lab.RowsAsync());
        TableClient table = await lab.Server.Services.GetRequiredService<StorageAccount>().TableAsync(TableNames.Notifications, Token);
        byte[] content = [1, 2, 3];
        await table.UpdateEntityAsync(new TableEntity(row.Id[..1], row.Id) { ["Content0"] = content }, Azure.ETag.All, TableUpdateMode.Merge, Token);

        lab.Clock.Advance(NotificationOutbox.Head + TimeSpan.FromMinutes(1));
        await lab.Sweep.RunAsync(Token);
        await lab.HandleAsync();

        Assert.Equal("it was written by another version", Assert.Single(await lab.FailedAsync()).GetProperty("reason").GetString());
        TableEntity kept = await table.GetEntityAsync<TableEntity>(row.Id[..1], row.Id, cancellationToken: Token);
        Assert.Equal(content, kept.GetBinary("Content0"));
    }

    [Fact]
    public async Task GivesAnUnknownRuleAnHour()
    {
        await using NotificationLab lab = await ScannedAsync();
        StoredNotification row = Assert.Single(await lab.RowsAsync());
        await lab.Store.TryReplaceAsync(row, row with { Rule = "gone" }, Token);
        string message = Assert.Single(await lab.TakeAsync());

        await lab.Delivery.HandleAsync(message, Token);
        await lab.Delivery.HandleAsync(message, Token);
        Assert.Equal(NotificationState.Waiting, Assert.Single(await lab.RowsAsync()).State);
        lab.Clock.Advance(NotificationDelivery.UnknownRuleFor + TimeSpan.FromMinutes(1));
        Assert.Equal(1, await lab.Sweep.RunAsync(Token));
        await lab.HandleAsync();

        StoredNotification failed = Assert.Single(await lab.RowsAsync());
        Assert.Equal((NotificationState.Failed, "there is no rule of that name"), (failed.State, failed.Reason));
        Assert.NotNull(failed.Content);
    }

    [Fact]
    public async Task SendsOnceWhatIsAskedForTwice()
    {
        await using NotificationLab lab = await ScannedAsync();
        string message = Assert.Single(await lab.TakeAsync());

        await Task.WhenAll(lab.Delivery.HandleAsync(message, Token), lab.Delivery.HandleAsync(message, Token));
        await lab.Delivery.HandleAsync(message, Token);
        lab.Delivery.HandlePoison(message);

        Assert.Single(lab.Receiver.Posts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"id":"../x","attempts":0,"isSaved":true}""")]
    public async Task RefusesMessagesThatAreNone(string message)
    {
        await using NotificationLab lab = await NotificationLab.StartAsync(azurite);

        await Assert.ThrowsAsync<FormatException>(() => lab.Delivery.HandleAsync(message, Token));
        lab.Delivery.HandlePoison(message);
    }

    [Fact]
    public async Task FollowsNoRedirect()
    {
        await using NotificationLab lab = await ScannedAsync();
        lab.Receiver.Answer = response => (response.StatusCode, response.Headers.Location) = (307, "/elsewhere");

        await lab.HandleAsync();

        Assert.Equal("127.0.0.1 answered 307; no redirect is followed", Assert.Single(await lab.FailedAsync()).GetProperty("reason").GetString());
        Assert.Single(lab.Receiver.Posts);
    }

    [Fact]
    public async Task GoesToNoPrivateAddressThatIsNotAllowed()
    {
        await using NotificationLab lab = await NotificationLab.StartAsync(azurite, ("AllowPrivateAddress", "false"), ("Url", "https://127.0.0.1:1/path-is-secret"));
        await ScanAsync(lab);

        await lab.HandleAsync();

        string reason = Assert.Single(await lab.FailedAsync()).GetProperty("reason").GetString()!;
        Assert.StartsWith("127.0.0.1 has the address 127.0.0.1, which is loopback: refused", reason, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysNoSecretInLogsAnswersAndRows()
    {
        await using NotificationLab lab = await ScannedAsync();
        foreach (int status in new[] { 500, 200, 404 })
        {
            lab.Receiver.Answer = response => response.StatusCode = status;
            await ScanAsync(lab, $"image-{status}");
            await lab.HandleAsync();
        }

        await lab.Receiver.DisposeAsync();
        await ScanAsync(lab, "image-gone");
        await lab.HandleAsync();

        string said = string.Join('\n', [lab.Logger.Text, .. (await lab.FailedAsync()).Select(failed => $"{failed}"), .. (await lab.RowsAsync()).Select(row => $"{row}")]);
        Assert.Contains("answered 404", said, StringComparison.Ordinal);
        Assert.Contains("could not be reached", said, StringComparison.Ordinal);
        Assert.DoesNotContain("is-secret", said, StringComparison.Ordinal);
        Assert.DoesNotContain(NotificationLab.Secret, said, StringComparison.Ordinal);
    }

    private sealed class SilentSink : INotificationSink
    {
        public NotificationType Type => NotificationType.Webhook;

        public TaskCompletionSource Asked { get; } = new();

        public Task<DeliveryOutcome> DeliverAsync(Notification notification, NotificationRule rule, CancellationToken cancellationToken)
        {
            Asked.SetResult();
            return new TaskCompletionSource<DeliveryOutcome>().Task;
        }
    }

    private async Task<NotificationLab> ScannedAsync()
    {
        NotificationLab lab = await NotificationLab.StartAsync(azurite);
        await ScanAsync(lab);
        return lab;
    }

    private static async Task ScanAsync(NotificationLab lab, string repository = "image")
    {
        if (!File.Exists(lab.Advisories.Path))
        {
            await lab.Advisories.ReplaceAsync(Bad);
        }

        await lab.ScanAsync(lab.Registry.Push($"made/{repository}", "1", TestImages.OfNpm("lodash@4.17.20", $"{repository}@1")));
    }

    private static async Task<string> IdAsync(NotificationLab lab)
    {
        ApiAnswer listed = await lab.Server.SendAsync("GET", "/v1/images", TokenServer.Reader);
        return listed.Json.GetProperty("images")[0].GetProperty("id").GetString()!;
    }

    private static Notification Notification(Digest digest, DateTimeOffset scannedAt) => new()
    {
        Id = Guid.NewGuid().ToString("n"),
        Rule = "team",
        Occasion = NotificationOccasion.NewFindings,
        Image = "registry.example.com/made/image:1",
        Digest = digest,
        Platform = "linux/amd64",
        ScannedAt = scannedAt,
        Advisories = null,
        IsPartial = false,
        Counts = new FindingCounts(0, 0, 0, 0, 0, 0),
        Findings = new NotifiedFindings([new("CVE-1", "package", "1", Core.Vulnerabilities.Severity.Critical, null)], 0),
        Removed = NotifiedFindings.None,
        Fixed = NotifiedFindings.None,
    };
}
