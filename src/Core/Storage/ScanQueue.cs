using System.Diagnostics.CodeAnalysis;
using System.Text;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;

namespace ImageScan.Core.Storage;

/// <summary>
/// A queue of scans, in the form of the Functions host: base64 text, and <c>NAME-poison</c> for what failed too often
/// (https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue-trigger). Every method throws
/// <see cref="StorageException"/> if storage fails.
/// </summary>
[SuppressMessage("Naming", "CA1711", Justification = "It is a queue, though no collection.")]
public sealed class ScanQueue(StorageAccount account, string name = QueueNames.ImageScans)
{
    /// <summary>How often a message is tried; the host's default (maxDequeueCount).</summary>
    public const int MaxDequeueCount = 5;

    /// <summary>Messages of one queue that one instance has in work at a time: batchSize and newBatchThreshold of host.json together.</summary>
    public const int MessagesAtATime = 3;

    // The service hands out at most this many at once.
    private const int MaxReceived = 32;

    /// <summary>Puts a message into the queue. Throws <see cref="StorageException"/> also if it is longer than a queue takes.</summary>
    public async Task EnqueueAsync(ScanMessage message, CancellationToken cancellationToken)
    {
        string text = message.ToJson();
        int bytes = Encoding.UTF8.GetByteCount(text);
        if (bytes > StorageLimits.MessageBytes)
        {
            throw new StorageException(
                $"The message of job {message.JobId} takes {bytes:N0} bytes; a queue takes {StorageLimits.MessageBytes:N0}. Shorten the image's name.");
        }

        await SendAsync(name, text, cancellationToken);
    }

    /// <summary>
    /// Takes up to <paramref name="count"/> messages; nobody else gets them for <paramref name="visibility"/>. What is no base64 goes to the
    /// poison queue as it is; what is no <see cref="ScanMessage"/> has a null <see cref="ReceivedScan.Message"/>.
    /// </summary>
    public Task<IReadOnlyList<ReceivedScan>> ReceiveAsync(int count, TimeSpan visibility, CancellationToken cancellationToken) =>
        ReceiveFromAsync(name, count, visibility, cancellationToken);

    /// <summary>As <see cref="ReceiveAsync"/>, from the poison queue.</summary>
    public Task<IReadOnlyList<ReceivedScan>> ReceivePoisonAsync(int count, TimeSpan visibility, CancellationToken cancellationToken) =>
        ReceiveFromAsync(name + QueueNames.PoisonSuffix, count, visibility, cancellationToken);

    /// <summary>Removes a message that is done; false if it has gone back to the queue meanwhile and may be another's.</summary>
    public async Task<bool> DeleteAsync(ReceivedScan received, CancellationToken cancellationToken)
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
    public async Task<ReceivedScan?> RenewAsync(ReceivedScan received, TimeSpan visibility, CancellationToken cancellationToken)
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
    public async Task MoveToPoisonAsync(ReceivedScan received, CancellationToken cancellationToken)
    {
        // First there, then away: stopped in between, the message is there twice, which its reader must bear, and never lost.
        await SendAsync(name + QueueNames.PoisonSuffix, received.Text, cancellationToken);
        await DeleteAsync(received, cancellationToken);
    }

    private async Task<IReadOnlyList<ReceivedScan>> ReceiveFromAsync(string from, int count, TimeSpan visibility, CancellationToken cancellationToken)
    {
        QueueClient queue = await account.QueueAsync(from, cancellationToken);
        Response<QueueMessage[]> messages =
            await queue.ReceiveMessagesAsync(Math.Clamp(count, 1, MaxReceived), visibility, cancellationToken);
        var received = new List<ReceivedScan>(messages.Value.Length);
        foreach (QueueMessage message in messages.Value)
        {
            string body = message.Body.ToString();
            bool isBase64 = TryDecode(body, out string text);
            var scan = new ReceivedScan(from, message.MessageId, message.PopReceipt, message.DequeueCount, isBase64 ? text : body);
            if (isBase64 || from.EndsWith(QueueNames.PoisonSuffix, StringComparison.Ordinal))
            {
                received.Add(scan);
            }
            else
            {
                await MoveToPoisonAsync(scan, cancellationToken);
            }
        }

        return received;
    }

    private async Task SendAsync(string to, string text, CancellationToken cancellationToken)
    {
        QueueClient queue = await account.QueueAsync(to, cancellationToken);
        await queue.SendMessageAsync(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), cancellationToken);
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
public sealed record ReceivedScan(string Queue, string MessageId, string PopReceipt, long DequeueCount, string Text)
{
    /// <summary>What it asks for; null if it is no message of ours.</summary>
    public ScanMessage? Message => ScanMessage.TryParse(Text, out ScanMessage? message) ? message : null;
}
