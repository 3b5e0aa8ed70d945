using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>A thousand events: none is lost, and nobody who waits for a scan waits for them.</summary>
[Collection(EventServers.Name)]
public sealed class WebhookFloodTests(SharedAzurite azurite, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Events = 1_000;

    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20");
    private static readonly MadeImage[] Held = [.. Enumerable.Range(0, 10).Select(i => TestImages.OfNpm($"held@1.0.{i}"))];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ClearAsync();

    // Queues are shared by all tests: whoever comes next must not work off what is left of a flood.
    public ValueTask DisposeAsync() => ClearAsync();

    [Fact]
    public async Task OfOneRequestIsTakenAtOnceAndAllOfItBegun()
    {
        await using ScanApp app = await StartAsync();
        string body = $"[{string.Join(',', Enumerable.Range(0, Events).Select(i => $$"""{"image":"{{NameOf(app, i)}}"}"""))}]";
        var clock = Stopwatch.StartNew();

        using HttpRequestMessage request = WebhookRequest.Signed(body);
        ApiAnswer answer = await app.SendAsync(request);

        TimeSpan taken = clock.Elapsed;
        int begun = answer.Json.GetProperty("jobs").GetArrayLength();
        int later = answer.Json.GetProperty("later").GetInt32();
        output.WriteLine($"{Events} events in {taken.TotalSeconds:0.00} s, {later} of them later");
        Assert.Equal((HttpStatusCode.Accepted, Events, Events), (answer.Status, answer.Json.GetProperty("accepted").GetInt32(), begun + later));
        Assert.InRange(taken, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await AssertAllHaveJobsAsync(app);
    }

    // The flood does not end before the caller has his answer, and all that it may have of this instance is taken then.
    [Fact]
    public async Task OfManyRequestsDelaysNoCaller()
    {
        await using ScanApp app = await StartAsync();
        string name = app.Registry.Push("made/image", "1", Image);
        var gate = new Gate();
        string[] held = PushHeld(app, gate);
        var statuses = new ConcurrentBag<HttpStatusCode>();
        var longest = new ConcurrentBag<TimeSpan>();
        bool isAnswered = false;
        Task flood = Parallel.ForEachAsync(
            Names().TakeWhile((_, sent) => sent < Events + Held.Length || (!Volatile.Read(ref isAnswered) && sent < 10 * Events)),
            new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token },
            async (pushed, token) =>
            {
                using HttpRequestMessage request = WebhookRequest.Signed($$"""{"image":"{{pushed}}"}""");
                var clock = Stopwatch.StartNew();
                statuses.Add((await app.SendAsync(request, token)).Status);
                longest.Add(clock.Elapsed);
            });
        await gate.Reached;
        await Eventually.GetAsync(() => Task.FromResult(statuses.Count), count => count > Events / 4);
        var waited = Stopwatch.StartNew();

        ApiAnswer scan = await app.ScanAsync(name);

        TimeSpan wait = waited.Elapsed;
        bool isFlooded = !flood.IsCompleted;
        Volatile.Write(ref isAnswered, true);
        ApiAnswer unread = await app.GetAsync($"/v1/images/{Held[0].Manifest.Digest}");
        gate.Open();
        await flood;
        output.WriteLine(
            $"a caller waited {wait.TotalSeconds:0.00} s amid {statuses.Count} events; the slowest of their requests took {longest.Max().TotalSeconds:0.00} s");
        Assert.True(isFlooded);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (scan.Status, unread.Status));
        Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.Accepted, status));
        await AssertAllHaveJobsAsync(app, held);

        IEnumerable<string> Names() => held.Concat(Enumerable.Range(0, int.MaxValue).Select(i => NameOf(app, i)));
    }

    // Images that are there, whose registry is slow.
    private static string[] PushHeld(ScanApp app, Gate gate)
    {
        app.Registry.Misbehave((context, _) =>
            context.Request.Path.StartsWithSegments("/v2/made/held") ? gate.BeforeAnything(context) : Task.FromResult(false));
        return [.. Held.Select((image, i) => $"{app.Registry.Push("made/held", $"{i}", image)}@{image.Manifest.Digest}")];
    }

    private async ValueTask ClearAsync()
    {
        foreach (string name in new[] { QueueNames.BackgroundScans, QueueNames.RegistryEvents })
        {
            var queue = new QueueClient(azurite.ConnectionString, name);
            await queue.CreateIfNotExistsAsync(cancellationToken: CancellationToken.None);
            await queue.ClearMessagesAsync(CancellationToken.None);
        }
    }

    // Most of what would be scanned is not there; how long that takes is nobody's matter here.
    private Task<ScanApp> StartAsync() => ScanApp.StartAsync(azurite, [.. WebhookRequest.Settings, ("Scan:BackgroundPerMinute", "60")]);

    private static string NameOf(ScanApp app, int number) => $"{app.Registry.Host}/made/image:{number}@{Storage.Scans.DigestOf($"image {number}")}";

    private static async Task AssertAllHaveJobsAsync(ScanApp app, params string[] others)
    {
        TableClient table = await app.Services.GetRequiredService<StorageAccount>().TableAsync(TableNames.Jobs, Token);
        string[] wanted = [.. others, .. Enumerable.Range(0, Events).Select(i => NameOf(app, i))];
        HashSet<string> found = await Eventually.GetAsync(
            async () => (await table.QueryAsync<TableEntity>("RowKey eq 'job'", cancellationToken: Token).ToListAsync(Token))
                .Select(row => Compressed.TryRead(row.GetBinary("Job"), out ScanJob? job) ? job.ImageName : "").ToHashSet(),
            names => names.IsSupersetOf(wanted));
        Assert.Empty(wanted.Except(found));
    }
}
