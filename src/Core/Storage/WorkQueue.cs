using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace ImageScan.Core.Storage;

/// <summary>
/// A queue of work, in the form of the Functions host: base64 text, and <c>NAME-poison</c> for what failed too often
/// (https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger). Every method throws
/// <see cref="StorageException"/> if storage fails.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "It is a queue, though no collection.")]
public sealed class WorkQueue(StorageAccount account, string name)
{
    /// <summary>How often a message is tried; the host's default (maxDequeueCount).</summary>
    public const int MaxDequeueCount = 5;

    /// <summary>Messages of one queue that one instance has in work at a time: batchSize and newBatchThreshold of host.json together.</summary>
    public const int MessagesAtATime = 3;

    // https://learn.microsoft.com/rest/api/storageservices/put-message: what never expires has this time to live.
    private static readonly TimeSpan ForEver = TimeSpan.FromSeconds(-1);

    // The service hands out at most this many at once.
    private const int MaxReceived = 32;

    /// <summary>The queue's name.</summary>
    public string Name => name;

    /// <summary>Where messages go that were delivered too often.</summary>
    public WorkQueue Poison => new(account, name + QueueNames.PoisonSuffix);

    /// <summary>Puts a message into the queue. Throws <see cref="StorageException"/> also if it is longer than a queue takes.</summary>
    public Task SendAsync(string text, CancellationToken cancellationToken) => SendAsync(text, timeToLive: null, TimeSpan.Zero, cancellationToken);

    /// <summary>As above, and it is kept until somebody takes it; a queue keeps others seven days.</summary>
    public Task SendForEverAsync(string text, CancellationToken cancellationToken) => SendAsync(text, ForEver, TimeSpan.Zero, cancellationToken);

    /// <summary>As the first; nobody gets it before that time is over. A queue takes seven days at most.</summary>
    public Task SendLaterAsync(string text, TimeSpan delay, CancellationToken cancellationToken) => SendAsync(text, timeToLive: null, delay, cancellationToken);

    private async Task SendAsync(string text, TimeSpan? timeToLive, TimeSpan delay, CancellationToken cancellationToken)
    {
        int bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > StorageLimits.MessageBytes)
        {
            throw new StorageException($"A message for {name} takes {bytes:N0} bytes; a queue takes {StorageLimits.MessageBytes:N0}.");
        }

        await SendToAsync(name, text, cancellationToken, timeToLive, delay);
    }

    /// <summary>
    /// Takes up to <paramref name="count"/> messages; nobody else gets them for <paramref name="visibility"/>. What is no base64 goes to the
    /// poison queue as it is.
    /// </summary>
    public Task<IReadOnlyList<ReceivedMessage>> ReceiveAsync(int count, TimeSpan visibility, CancellationToken cancellationToken) =>
        ReceiveFromAsync(name, count, visibility, cancellationToken);

    /// <summary>As <see cref="ReceiveAsync"/>, from the poison queue.</summary>
    public Task<IReadOnlyList<ReceivedMessage>> ReceivePoisonAsync(int count, TimeSpan visibility, CancellationToken cancellationToken) =>
        ReceiveFromAsync(name + QueueNames.PoisonSuffix, count, visibility, cancellationToken);

    /// <summary>When the oldest message that waits was sent; null if none waits. One that somebody works on does not wait.</summary>
    public async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken)
    {
        QueueClient queue = await account.QueueAsync(name, cancellationToken);
        Response<PeekedMessage> peeked = await queue.PeekMessageAsync(cancellationToken);
        return peeked.Value?.InsertedOn;
    }

    /// <summary>Removes a message that is done; false if it has gone back to the queue meanwhile and may be another's.</summary>
    public async Task<bool> DeleteAsync(ReceivedMessage received, CancellationToken cancellationToken)
    {
        QueueClient queue = await account.QueueAsync(received.Queue, cancellationToken);
        try
        {
            await queue.DeleteMessageAsync(received.MessageId, received.PopReceipt, cancellationToken);
            return true;
        }
        catch (RequestFailedException gone) when (gone.Status is 400 or 404)
        {
            return false;
        }
    }

    /// <summary>
    /// Keeps a message for another <paramref name="visibility"/> from now, or gives it back after that time. Returns it with the receipt that
    /// the next call needs; null if it has gone back to the queue meanwhile.
    /// </summary>
    public async Task<ReceivedMessage?> RenewAsync(ReceivedMessage received, TimeSpan visibility, CancellationToken cancellationToken)
    {
        QueueClient queue = await account.QueueAsync(received.Queue, cancellationToken);
        try
        {
            Response<UpdateReceipt> receipt = await queue.UpdateMessageAsync(
                received.MessageId, received.PopReceipt, visibilityTimeout: visibility, cancellationToken: cancellationToken);
            return received with { PopReceipt = receipt.Value.PopReceipt };
        }
        catch (RequestFailedException gone) when (gone.Status is 400 or 404)
        {
            return null;
        }
    }

    /// <summary>Moves a message to the poison queue, as the host does with one that failed <see cref="MaxDequeueCount"/> times.</summary>
    public async Task MoveToPoisonAsync(ReceivedMessage received, CancellationToken cancellationToken)
    {
        // First there, then away: stopped in between, the message is there twice, which its reader must bear, and never lost.
        await SendToAsync(name + QueueNames.PoisonSuffix, received.Text, cancellationToken);
        await DeleteAsync(received, cancellationToken);
    }

    private async Task<IReadOnlyList<ReceivedMessage>> ReceiveFromAsync(string from, int count, TimeSpan visibility, CancellationToken cancellationToken)
    {
        QueueClient queue = await account.QueueAsync(from, cancellationToken);
        Response<QueueMessage[]> messages =
            await queue.ReceiveMessagesAsync(Math.Clamp(count, 1, MaxReceived), visibility, cancellationToken);
        var received = new List<ReceivedMessage>(messages.Value.Length);
        foreach (QueueMessage sent in messages.Value)
        {
            string body = sent.Body.ToString();
            bool isBase64 = TryDecode(body, out string text);
            var message = new ReceivedMessage(from, sent.MessageId, sent.PopReceipt, sent.DequeueCount, isBase64 ? text : body);
            if (isBase64 || from.EndsWith(QueueNames.PoisonSuffix, StringComparison.Ordinal))
            {
                received.Add(message);
            }
            else
            {
                await MoveToPoisonAsync(message, cancellationToken);
            }
        }

        return received;
    }

    private async Task SendToAsync(
        string to, string text, CancellationToken cancellationToken, TimeSpan? timeToLive = null, TimeSpan delay = default)
    {
        QueueClient queue = await account.QueueAsync(to, cancellationToken);
        await queue.SendMessageAsync(
            Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), delay > TimeSpan.Zero ? delay : null, timeToLive, cancellationToken);
    }

    private static bool TryDecode(string body, out string text)
    {
        var bytes = new byte[body.Length];
        bool decoded = Convert.TryFromBase64String(body, bytes, out int length);
        text = Encoding.UTF8.GetString(bytes, 0, length);
        return decoded;
    }
}

/// <summary>A message taken from a queue, ours until its visibility runs out.</summary>
/// <param name="Queue">The queue it is in.</param>
/// <param name="MessageId">The service's name for it.</param>
/// <param name="PopReceipt">Proves that it is still ours; another after each renewal.</param>
/// <param name="DequeueCount">How often it was taken, this time included.</param>
/// <param name="Text">What it says, decoded.</param>
public sealed record ReceivedMessage(string Queue, string MessageId, string PopReceipt, long DequeueCount, string Text);
