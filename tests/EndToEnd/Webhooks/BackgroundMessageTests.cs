using System.Net;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>The messages of scans that nobody waits for, delivered one by one by the tests; no worker takes any.</summary>
[Collection(EventServers.Name)]
public sealed class BackgroundMessageTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Slow = TestImages.OfNpm("left-pad@1.3.0");
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20");

    private readonly HoldClock _time = new();
    private readonly Gate _gate = new();
    private Task _occupied = Task.CompletedTask;
    private TestRegistry _registry = null!;
    private TokenServer _server = null!;
    private BackgroundQueueHandler _handler = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private JobStore Jobs => Get<JobStore>();

    private ScanQueues Queues => Get<ScanQueues>();

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(Token);
        _server = await TokenServer.StartAsync(
            azurite,
            [
                ("Storage:Prefix", ScanApp.NewPrefix()),
                ("Registries:0:Host", _registry.Host),
                ("Registries:0:Insecure", "true"),
                .. WebhookRequest.Settings.Select(
                    setting => (setting.Name, setting.Value.Replace(ScanApp.RegistryHost, _registry.Host, StringComparison.Ordinal))),
            ]);
        _handler = new BackgroundQueueHandler(
            Get<MixedQueueHandler>(), Jobs, Queues, new ScanSettings(), _time, NullLogger<BackgroundQueueHandler>.Instance);

        // Queues are shared by all tests, and these look at what lies in them.
        await ClearAsync(QueueNames.BackgroundScans);
        await ClearAsync(QueueNames.ImageScans);
    }

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        await _occupied.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _handler.Dispose();
        await _server.DisposeAsync();
        await _registry.DisposeAsync();
    }

    // Whoever joins a job that is held sends no message, since its holder brings it forward.
    [Fact]
    public async Task WhoseTryFailsAfterSomebodyHasJoinedGoesOnInHisQueue()
    {
        _registry.Misbehave(async (context, _) =>
        {
            await _gate.BeforeAnything(context);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return true;
        });
        ScanJob job = await BeginAsync("made/image", Image);
        Task tried = HandleAsync(job);
        await _gate.Reached;
        await PromoteAsync(job);
        int before = await MessagesAsync(Queues.Images, job);
        _gate.Open();
        await tried;

        ScanJob left = await FindAsync(job);
        Assert.Equal((ScanJobState.Queued, null, false, 0), (left.State, left.Holder, left.IsBackground, left.Rests));
        Assert.Equal((0, 1), (before, await MessagesAsync(Queues.Images, job)));
    }

    [Theory]
    [InlineData(ScanJobState.Queued, null, 1, 1)]
    [InlineData(ScanJobState.Joining, null, 2, 1)]
    [InlineData(ScanJobState.Queued, null, 0, 0)]
    [InlineData(ScanJobState.Reading, "somebody", 1, 0)]
    [InlineData(ScanJobState.Reading, null, 1, 0)]
    public async Task WhoseJobHasLeftAreSentToTheOtherQueueWhereNobodyElseDoesIt(ScanJobState state, string? holder, int attempts, int sent)
    {
        ScanJob job = await BeginAsync("made/image", Image);
        await Jobs.UpdateAsync(job.Id, open => open with { IsBackground = false, State = state, Holder = holder, Attempts = attempts }, Token);

        await HandleAsync(job);
        await _handler.HandlePoisonAsync(new LayerMessage(job.Id, $"{Image.Layers[0].Digest}").ToJson(), Token);

        Assert.True((await FindAsync(job)).IsOpen);
        Assert.Equal(sent, await MessagesAsync(Queues.Images, job));
        Assert.Empty(_registry.Requests);
    }

    [Fact]
    public async Task ThatAreHeldAreNotDoneWhenSomebodyHasComeMeanwhile()
    {
        await OccupyAsync();
        ScanJob job = await BeginAsync("made/image", Image);
        Task held = HandleAsync(job);
        await _time.HeldAsync(2);
        await PromoteAsync(job);
        _gate.Open();
        await held;

        ScanJob left = await FindAsync(job);
        Assert.Equal((ScanJobState.Queued, 0), (left.State, left.Attempts));
        Assert.DoesNotContain(_registry.Requests, request => request.Path.Contains("made/image", StringComparison.Ordinal));
        Assert.Equal(1, await MessagesAsync(Queues.Images, job));
    }

    [Fact]
    public async Task ForWhichThereIsNoPlaceArePutBackAndTheirJobIsAsYoung()
    {
        await OccupyAsync();
        ScanJob job = await BeginAsync("made/image", Image);
        await ClearAsync(QueueNames.BackgroundScans);
        Task held = HandleAsync(job);
        await _time.HeldAsync(2);
        _time.Advance(BackgroundQueueHandler.LongestHold);
        await held;
        _gate.Open();

        Assert.Equal((ScanJobState.Queued, 1), ((await FindAsync(job)).State, (await FindAsync(job)).Beats));
        Assert.Equal(1, await MessagesAsync(Queues.Background, job));
    }

    // What is put back is counted anew by the queue.
    [Theory]
    [InlineData(5, null, ScanJobState.Failed)]
    [InlineData(4, null, ScanJobState.Queued)]
    [InlineData(5, RegistryFailure.Unavailable, ScanJobState.Queued)]
    public async Task ThatFailAgainAndAgainAreNotPutBackForEver(int attempts, RegistryFailure? failure, ScanJobState state)
    {
        await OccupyAsync();
        ScanJob job = await BeginAsync("made/image", Image);
        await Jobs.UpdateAsync(
            job.Id, open => open with { Attempts = attempts + 3, Rests = 3, ErrorMessage = "internal error", RegistryFailure = failure }, Token);
        Task held = HandleAsync(job);
        await _time.HeldAsync(2);
        _time.Advance(BackgroundQueueHandler.LongestHold);
        await held;
        _gate.Open();

        Assert.Equal(state, (await FindAsync(job)).State);
    }

    [Fact]
    public async Task WhoseRegistryDoesNotAnswerRestAtOnceForADay()
    {
        _registry.Misbehave(RegistryFaults.Refuse(503, times: int.MaxValue, retryAfter: 1));
        ScanJob job = await BeginAsync("made/image", Image);

        await HandleAsync(job);

        ScanJob rests = await FindAsync(job);
        Assert.Equal(
            (ScanJobState.Queued, null, 1, 1, RegistryFailure.Unavailable), (rests.State, rests.Holder, rests.Attempts, rests.Rests, rests.RegistryFailure));
        await AgeAsync(job, BackgroundQueueHandler.LongestPatience + TimeSpan.FromMinutes(1));
        await Assert.ThrowsAsync<RegistryException>(() => HandleAsync(job));
    }

    [Fact]
    public async Task WhoseImageIsNotThereYetRestUntilItIs()
    {
        ScanJob job = await BeginAsync("made/late", Image);
        await HandleAsync(job);
        ScanJob rests = await FindAsync(job);
        _registry.Push("made/late", "1", Image);
        await HandleAsync(job);

        Assert.Equal((ScanJobState.Queued, 1, RegistryFailure.NotFound), (rests.State, rests.Rests, rests.RegistryFailure));
        Assert.Equal(ScanJobState.Done, (await FindAsync(job)).State);
    }

    [Fact]
    public async Task WhoseImageDoesNotComeHaveFailedAfterTenMinutes()
    {
        ScanJob job = await BeginAsync("made/never", Image);
        await AgeAsync(job, TimeSpan.FromMinutes(10));

        await HandleAsync(job);

        ScanJob failed = await FindAsync(job);
        Assert.Equal((ScanJobState.Failed, RegistryFailure.NotFound), (failed.State, failed.RegistryFailure));
    }

    [Fact]
    public async Task ThatWaitForHoursAreNotThoughtLostUnlessTheyAre()
    {
        ScanJob job = await BeginAsync("made/image", Image);
        var sweep = new JobSweep(
            Jobs,
            Queues,
            Get<JobResumption>(),
            new ScanSettings(),
            new FakeTimeProvider(DateTimeOffset.UtcNow + TimeSpan.FromHours(6)),
            NullLogger<JobSweep>.Instance);

        int waiting = await sweep.RunAsync(Token);
        await ClearAsync(QueueNames.BackgroundScans);
        int lost = await sweep.RunAsync(Token);

        Assert.Equal((0, 1), (waiting, lost));
        Assert.Equal(1, await MessagesAsync(Queues.Background, job));
    }

    // Callers ask the same host over the same few connections.
    [Fact]
    public async Task OfTagsAskTheirRegistryTwiceAtATime()
    {
        int asking = 0;
        int most = 0;
        var locked = new Lock();
        // Who asks next does so after it has an answer, so what is counted is down by then; waiting for a caller to hang up would count those gone.
        _registry.Misbehave(async (context, _) =>
        {
            lock (locked)
            {
                most = Math.Max(most, ++asking);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), Token);
            lock (locked)
            {
                asking--;
            }

            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return true;
        });

        ApiAnswer[] told = await Task.WhenAll(TellTagsAsync("first"), TellTagsAsync("second"));

        Assert.Equal(
            [(HttpStatusCode.Accepted, 8), (HttpStatusCode.Accepted, 8)],
            told.Select(answer => (answer.Status, answer.Json.GetProperty("accepted").GetInt32())));
        Assert.Equal(2, most);
    }

    private async Task<ApiAnswer> TellTagsAsync(string repository)
    {
        string events = string.Join(',', Enumerable.Range(0, 8).Select(i => $$"""{"image":"{{_registry.Host}}/made/{{repository}}:{{i}}"}"""));
        using HttpRequestMessage request = WebhookRequest.Signed($"[{events}]");
        return await _server.SendAsync(request);
    }

    // The only place is taken until the gate opens.
    private async Task OccupyAsync()
    {
        _registry.Push("made/slow", "1", Slow);
        _registry.Push("made/image", "1", Image);
        _registry.Misbehave(_gate.Before(Slow.Layers[0].Digest));
        _occupied = HandleAsync(await BeginAsync("made/slow", Slow));
        await _gate.Reached;
    }

    private Task<ScanJob> BeginAsync(string repository, MadeImage image)
    {
        Assert.True(ImageReference.TryParse($"{_registry.Host}/{repository}:1@{image.Manifest.Digest}", out ImageReference? name, out _));
        return Get<ScanDispatcher>().BeginAsync(new ScanRequest(name) { IsBackground = true }, [], Token);
    }

    private Task HandleAsync(ScanJob job) => _handler.HandleAsync(new ScanMessage(job.Id).ToJson(), Token);

    private async Task PromoteAsync(ScanJob job) => await Get<JobPromotion>().PromoteAsync(await FindAsync(job), Token);

    private async Task<ScanJob> FindAsync(ScanJob job) => (await Jobs.FindAsync(job.Id, Token))!;

    private Task<ScanJob?> AgeAsync(ScanJob job, TimeSpan age) => Jobs.UpdateAsync(job.Id, open => open with { CreatedAt = open.CreatedAt - age }, Token);

    // A message that is seen here comes back when the test is over.
    private static async Task<int> MessagesAsync(WorkQueue queue, ScanJob job)
    {
        int found = 0;
        while (await queue.ReceiveAsync(32, TimeSpan.FromSeconds(30), Token) is { Count: > 0 } received)
        {
            found += received.Count(message => ScanMessage.TryParse(message.Text, out ScanMessage? sent) && sent.JobId == job.Id);
        }

        return found;
    }

    private async Task ClearAsync(string queue) => await (await Get<StorageAccount>().QueueAsync(queue, Token)).ClearMessagesAsync(Token);

    private T Get<T>()
        where T : notnull => _server.Services.GetRequiredService<T>();

    // Knows how many messages are held, by the timers that would put them back.
    private sealed class HoldClock() : FakeTimeProvider(DateTimeOffset.UtcNow)
    {
        private int _held;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref _held, dueTime == BackgroundQueueHandler.LongestHold ? 1 : 0);
            return base.CreateTimer(callback, state, dueTime, period);
        }

        public Task<int> HeldAsync(int wanted) => Eventually.GetAsync(() => Task.FromResult(Volatile.Read(ref _held)), held => held >= wanted);
    }
}
