using System.Collections.Concurrent;
using Azure.Storage.Queues;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.EndToEnd.Hosting;

public sealed class QueueLoopTests : IAsyncDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly string _name = $"q{Guid.NewGuid():n}";
    private readonly StorageAccount _account;
    private readonly WorkQueue _queue;
    private readonly ConcurrentQueue<string> _taken = [];
    private readonly SemaphoreSlim _gate = new(0);
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
    private Task _running = Task.CompletedTask;

    public QueueLoopTests(SharedAzurite azurite)
    {
        _account = azurite.OwnTables();
        _queue = new WorkQueue(_account, _name);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _gate.Dispose();
        _account.Dispose();
    }

    [Fact]
    public async Task GivesAMessageBackAtOnceWhenToldToStop()
    {
        await SendAsync("long");
        Start(places: 1, (_, stopping) => Task.Delay(Timeout.Infinite, stopping));
        await TakenAsync(1);

        await StopAsync();

        ReceivedMessage again = Assert.Single(await _queue.ReceiveAsync(1, Minute, Token));
        Assert.Equal(2, again.DequeueCount);
    }

    [Fact]
    public async Task LetsWhatIsNearlyDoneComeToItsEnd()
    {
        await SendAsync("short");
        Start(places: 1, (_, _) => _gate.WaitAsync(Token));
        await TakenAsync(1);

        Task stopped = StopAsync();
        _gate.Release();
        await stopped;

        Assert.Empty(await _queue.ReceiveAsync(1, Minute, Token));
    }

    [Fact]
    public async Task TakesOnlyWhatItHasAPlaceForAndLeavesTheRestToOthers()
    {
        await SendAsync("a", "b", "c", "d");
        Start(places: 2, (_, stopping) => _gate.WaitAsync(stopping));
        await TakenAsync(2);

        Assert.Equal(2, await VisibleAsync());
        _gate.Release(4);
        await TakenAsync(4);
    }

    [Fact]
    public async Task IsNotHeldUpByOneLongMessage()
    {
        await SendAsync("long", "a", "b", "c");
        Start(places: 2, (text, stopping) => text == "long" ? Task.Delay(Timeout.Infinite, stopping) : Task.CompletedTask);

        await TakenAsync(4);

        Assert.Equal(0, await VisibleAsync());
    }

    [Fact]
    public async Task KeepsAMessageForAsLongAsItIsInWork()
    {
        await SendAsync("long");
        Start(places: 2, (_, stopping) => Task.Delay(TimeSpan.FromSeconds(7), stopping), visibility: TimeSpan.FromSeconds(3));

        await TakenAsync(1);
        await Task.Delay(TimeSpan.FromSeconds(8), Token);

        Assert.Single(_taken);
        Assert.Equal(0, await VisibleAsync());
    }

    [Fact]
    public async Task TriesFiveTimesAndPutsTheMessageIntoThePoisonQueue()
    {
        await SendAsync("bad");
        Start(places: 2, (_, _) => throw new InvalidOperationException("always"));

        IReadOnlyList<ReceivedMessage> poison = await Eventually.GetAsync(() => _queue.ReceivePoisonAsync(1, Minute, Token), received => received.Count > 0);

        Assert.Equal(WorkQueue.MaxDequeueCount, _taken.Count);
        Assert.Equal("bad", Assert.Single(poison).Text);
    }

    // Nobody has said that it failed: whoever had it died.
    [Fact]
    public async Task DoesNotTryAMessageThatKilledItsProcessEachTime()
    {
        await SendAsync("deadly");
        for (int death = 0; death < WorkQueue.MaxDequeueCount; death++)
        {
            await _queue.RenewAsync(Assert.Single(await _queue.ReceiveAsync(1, Minute, Token)), TimeSpan.Zero, Token);
        }

        Start(places: 1, (_, _) => Task.CompletedTask);

        Assert.Single(await Eventually.GetAsync(() => _queue.ReceivePoisonAsync(1, Minute, Token), received => received.Count > 0));
        Assert.Empty(_taken);
    }

    [Fact]
    public async Task DropsWhatFailsInThePoisonQueue()
    {
        WorkQueue poison = _queue.Poison;
        await poison.SendAsync("worse", Token);
        Start(places: 1, (_, _) => throw new InvalidOperationException("always"), queue: poison);

        await TakenAsync(WorkQueue.MaxDequeueCount);
        await StopAsync();

        Assert.Empty(await poison.ReceiveAsync(1, Minute, Token));
        Assert.Empty(await poison.ReceivePoisonAsync(1, Minute, Token));
    }

    private async Task SendAsync(params string[] jobs)
    {
        foreach (string job in jobs)
        {
            await _queue.SendAsync(job, Token);
        }
    }

    private void Start(int places, Func<string, CancellationToken, Task> handle, TimeSpan? visibility = null, WorkQueue? queue = null)
    {
        var work = new QueueWork(queue ?? _queue, places, (text, stopping) =>
        {
            _taken.Enqueue(text);
            return handle(text, stopping);
        });
        var loop = new QueueLoop(work, TimeProvider.System, NullLogger.Instance)
        {
            Visibility = visibility ?? TimeSpan.FromSeconds(30),
            FirstRest = TimeSpan.Zero,
        };
        _running = loop.RunAsync(_stop.Token);
    }

    // What another process could take now.
    private async Task<int> VisibleAsync()
    {
        QueueClient queue = await _account.QueueAsync(_name, Token);
        return (await queue.PeekMessagesAsync(32, Token)).Value.Length;
    }

    private async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(15), Token);
    }

    private Task<int> TakenAsync(int count) => Eventually.GetAsync(() => Task.FromResult(_taken.Count), taken => taken >= count);
}
