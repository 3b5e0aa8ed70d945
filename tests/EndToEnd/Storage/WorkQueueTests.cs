using System.Text;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;

namespace ImageScan.EndToEnd.Storage;

public sealed class WorkQueueTests : IDisposable
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private const string Message = """{"jobId":"job-1"}""";

    private readonly string _name = $"q{Guid.NewGuid():n}";
    private readonly StorageAccount _account;
    private readonly WorkQueue _queue;

    public WorkQueueTests(SharedAzurite azurite)
    {
        _account = azurite.OwnTables();
        _queue = new WorkQueue(_account, _name);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _account.Dispose();

    [Fact]
    public async Task GivesAMessageToOneReaderUntilItIsDeleted()
    {
        await _queue.SendAsync(Message, Token);

        ReceivedMessage received = Assert.Single(await _queue.ReceiveAsync(10, Minute, Token));

        Assert.Equal(Message, received.Text);
        Assert.Equal(1, received.DequeueCount);
        Assert.Empty(await _queue.ReceiveAsync(10, Minute, Token));
        Assert.True(await _queue.DeleteAsync(received, Token));
        Assert.False(await _queue.DeleteAsync(received, Token));
    }

    [Fact]
    public async Task IsBase64AsTheFunctionsHostHasIt()
    {
        await _queue.SendAsync(Message, Token);

        QueueClient raw = await _account.QueueAsync(_name, Token);
        PeekedMessage peeked = await raw.PeekMessageAsync(Token);

        Assert.Equal(Message, Encoding.UTF8.GetString(Convert.FromBase64String(peeked.Body.ToString())));
    }

    [Fact]
    public async Task KeepsAMessageThatIsRenewedAndGivesItBackWhenAsked()
    {
        await _queue.SendAsync(Message, Token);
        ReceivedMessage received = Assert.Single(await _queue.ReceiveAsync(1, Minute, Token));

        ReceivedMessage renewed = (await _queue.RenewAsync(received, Minute, Token))!;
        Assert.Null(await _queue.RenewAsync(received, Minute, Token));
        Assert.NotNull(await _queue.RenewAsync(renewed, TimeSpan.Zero, Token));

        ReceivedMessage again = Assert.Single(await _queue.ReceiveAsync(1, Minute, Token));
        Assert.Equal(2, again.DequeueCount);
        Assert.Equal(Message, again.Text);
        Assert.False(await _queue.DeleteAsync(received, Token));
    }

    [Fact]
    public async Task MovesAMessageToThePoisonQueue()
    {
        await _queue.SendAsync(Message, Token);
        ReceivedMessage received = Assert.Single(await _queue.ReceiveAsync(1, Minute, Token));

        await _queue.MoveToPoisonAsync(received, Token);

        Assert.Empty(await _queue.ReceiveAsync(1, Minute, Token));
        ReceivedMessage poisoned = Assert.Single(await _queue.ReceivePoisonAsync(1, Minute, Token));
        Assert.Equal(Message, poisoned.Text);
        Assert.Equal($"{_name}-poison", poisoned.Queue);
        Assert.True(await _queue.DeleteAsync(poisoned, Token));
    }

    [Fact]
    public async Task PutsWhatIsNoBase64IntoThePoisonQueue()
    {
        QueueClient raw = await _account.QueueAsync(_name, Token);
        await raw.SendMessageAsync("{\"not\":\"base64\"}", Token);
        await _queue.SendAsync(Message, Token);

        Assert.Equal(Message, Assert.Single(await _queue.ReceiveAsync(10, Minute, Token)).Text);
        ReceivedMessage poisoned = Assert.Single(await _queue.ReceivePoisonAsync(10, Minute, Token));
        Assert.Equal("{\"not\":\"base64\"}", poisoned.Text);
    }

    [Fact]
    public async Task TakesTheLongestMessageAndRefusesALongerOne()
    {
        const int Longest = 48 * 1024;
        await _queue.SendAsync(new string('a', Longest), Token);

        StorageException refusal = await Assert.ThrowsAsync<StorageException>(() => _queue.SendAsync(new string('a', Longest + 1), Token));

        Assert.Contains("49,153", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(Longest, Assert.Single(await _queue.ReceiveAsync(10, Minute, Token)).Text.Length);
    }
}
