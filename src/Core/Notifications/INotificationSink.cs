using ImageScan.Core.Results;

namespace ImageScan.Core.Notifications;

/// <summary>Sends in one form. To add one: a class, a line in Composition, a value of <see cref="NotificationType"/>.</summary>
public interface INotificationSink
{
    NotificationType Type { get; }

    /// <summary>
    /// Sends once and says what came of it; throws only where it is cancelled. Neither reason nor log has a secret or an address that is one.
    /// </summary>
    Task<DeliveryOutcome> DeliverAsync(Notification notification, NotificationRule rule, CancellationToken cancellationToken);
}

/// <summary>What came of one try.</summary>
public enum DeliveryVerdict
{
    /// <summary>The receiver has it.</summary>
    Delivered,

    /// <summary>Another try may go well.</summary>
    Later,

    /// <summary>No other try will.</summary>
    Refused,
}

/// <summary>What came of one try.</summary>
/// <param name="Verdict">Which of the three.</param>
/// <param name="Reason">Why it is not delivered, for people; "" if it is.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone; null if it does not.</param>
public sealed record DeliveryOutcome(DeliveryVerdict Verdict, string Reason = "", TimeSpan? RetryAfter = null)
{
    public static readonly DeliveryOutcome Delivered = new(DeliveryVerdict.Delivered);
}
