using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Notifications;

/// <summary>
/// Keeps what is to be sent until it is: written before the scan that it speaks of is saved, and sent over a queue once it is. If a process dies in
/// between, <see cref="NotificationSweep"/> finds the row.
/// </summary>
public sealed class NotificationOutbox(
    NotificationRules rules, NotificationStore store, StorageAccount account, TimeProvider time, ILogger<NotificationOutbox> logger)
{
    /// <summary>How long after it was written a row is left to whoever wrote it: longer than saving takes.</summary>
    public static readonly TimeSpan Head = TimeSpan.FromMinutes(2);

    /// <summary>The rules that are gone by.</summary>
    public NotificationRules Rules => rules;

    /// <summary>What is to be sent: <see cref="NotificationMessage"/>.</summary>
    public WorkQueue Queue { get; } = new(account, QueueNames.Notifications);

    /// <summary>Keeps notifications; the same one again is the same row. Throws <see cref="StorageException"/>.</summary>
    public async Task WriteAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellationToken)
    {
        foreach (Notification notification in notifications)
        {
            DateTimeOffset now = time.GetUtcNow();
            await store.PutAsync(notification, now, now + Head, cancellationToken);
        }
    }

    /// <summary>Has notifications sent whose scan is saved. What cannot be put into the queue now the sweep will.</summary>
    public async Task SendAsync(IReadOnlyList<Notification> notifications, CancellationToken cancellationToken)
    {
        foreach (Notification notification in notifications)
        {
            try
            {
                var message = new NotificationMessage(notification.Id, Attempts: 0, IsSaved: true) { Trace = MessageTrace.Current };
                await Queue.SendAsync(message.ToJson(), cancellationToken);
            }
            catch (StorageException failure)
            {
                logger.LogWarning("Notification left to the sweep {Notification}: {Reason}", notification.Id, HostileText.Plain(failure.Message, 1_000));
            }
        }
    }
}
