using System.Text;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;

namespace ImageScan.EndToEnd.Storage;

public sealed class ScanQueueTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly ScanMessage Message = new("job-1", "nginx", "linux/amd64", false);

    private readonly string _name = $"q{Guid.NewGuid():n}";
    private readonly StorageAccount _account;
    private readonly ScanQueue _queue;

    public ScanQueueTests(SharedAzurite azurite)
    {
        _account = azurite.OwnTables();
        _queue = new ScanQueue(_account, _name);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _account.Dispose();

    [Fact]
    public async Task GivesAMessageToOneReaderUntilItIsDeleted()
    {
        await _queue.EnqueueAsync(Message, Token);

        ReceivedScan received = Assert.Single(await _queue.ReceiveAsync(10, Minute, Token));

        Assert.Equal(Message, received.Message);
        Assert.Equal(1, received.DequeueCount);
        Assert.Empty(await _queue.ReceiveAsync(10, Minute, Token));
        Assert.True(await _queue.DeleteAsync(received, Token));
        Assert.False(await _queue.DeleteAsync(received, Token));
    }

    [Fact]
    public async Task IsBase64AsTheFunctionsHostHasIt()
    {
        await _queue.EnqueueAsync(Message, Token);

        QueueClient raw = await _account.QueueAsync(_name, Token);
        PeekedMessage peeked = await raw.PeekMessageAsync(Token);

        Assert.Equal(Message.ToJson(), Encoding.UTF8.GetString(Convert.FromBase64String(peeked.Body.ToString())));
    }

    [Fact]
    public async Task KeepsAMessageThatIsRenewedAndGivesItBackWhenAsked()
    {
        await _queue.EnqueueAsync(Message, Token);
        ReceivedScan received = Assert.Single(await _queue.ReceiveAsync(1, Minute, Token));

        ReceivedScan renewed = (await _queue.RenewAsync(received, Minute, Token))!;
        Assert.Null(await _queue.RenewAsync(received, Minute, Token));
        Assert.NotNull(await _queue.RenewAsync(renewed, TimeSpan.Zero, Token));

        ReceivedScan again = Assert.Single(await _queue.ReceiveAsync(1, Minute, Token));
        Assert.Equal(2, again.DequeueCount);
        Assert.Equal(Message, again.Message);
        Assert.False(await _queue.DeleteAsync(received, Token));
    }

    [Fact]
    public async Task MovesAMessageToThePoisonQueue()
    {
        await _queue.EnqueueAsync(Message, Token);
        ReceivedScan received = Assert.Single(await _queue.ReceiveAsync(1, Minute, Token));

        await _queue.MoveToPoisonAsync(received, Token);

        Assert.Empty(await _queue.ReceiveAsync(1, Minute, Token));
        ReceivedScan poisoned = Assert.Single(await _queue.ReceivePoisonAsync(1, Minute, Token));
        Assert.Equal(Message, poisoned.Message);
        Assert.Equal($"{_name}-poison", poisoned.Queue);
        Assert.True(await _queue.DeleteAsync(poisoned, Token));
    }

    [Fact]
    public async Task PutsWhatIsNoBase64IntoThePoisonQueue()
    {
        QueueClient raw = await _account.QueueAsync(_name, Token);
        await raw.SendMessageAsync("{\"not\":\"base64\"}", Token);
        await _queue.EnqueueAsync(Message, Token);

        Assert.Equal(Message, Assert.Single(await _queue.ReceiveAsync(10, Minute, Token)).Message);
        ReceivedScan poisoned = Assert.Single(await _queue.ReceivePoisonAsync(10, Minute, Token));
        Assert.Equal("{\"not\":\"base64\"}", poisoned.Text);
        Assert.Null(poisoned.Message);
    }

    [Fact]
    public async Task TakesTheLongestMessageAndRefusesALongerOne()
    {
        int rest = 48 * 1024 - (Message with { Image = "" }).ToJson().Length;
        await _queue.EnqueueAsync(Message with { Image = new string('a', rest) }, Token);

        StorageException refusal = await Assert.ThrowsAsync<StorageException>(() => _queue.EnqueueAsync(Message with { Image = new string('a', rest + 1) }, Token));

        Assert.Contains("49,153", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(rest, Assert.Single(await _queue.ReceiveAsync(10, Minute, Token)).Message!.Image.Length);
    }
}
