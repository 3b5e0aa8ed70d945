using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Results;

namespace ImageScan.Core.Notifications.Sinks;

/// <summary>
/// JSON of our own, signed: <c>X-ImageScan-Signature: sha256=</c> and the HMAC-SHA256 of timestamp, dot and body, in hexadecimal. The time is part of what is
/// signed, so that a receiver can refuse what is replayed.
/// </summary>
public sealed class WebhookSink(NotificationPost post, TimeProvider time) : INotificationSink
{
    public const string SignatureHeader = "X-ImageScan-Signature";

    /// <summary>Seconds since 1970 when it was sent.</summary>
    public const string TimestampHeader = "X-ImageScan-Timestamp";

    /// <summary>The id of the notification, the same with each try, so that a receiver knows what it has.</summary>
    public const string DeliveryHeader = "X-ImageScan-Delivery";

    public NotificationType Type => NotificationType.Webhook;

    public Task<DeliveryOutcome> DeliverAsync(Notification notification, NotificationRule rule, CancellationToken cancellationToken)
    {
        byte[] body = NotificationJson.Of(notification);
        string timestamp = time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var headers = new Dictionary<string, string>
        {
            [SignatureHeader] = SignatureOf(rule.Secret, timestamp, body),
            [TimestampHeader] = timestamp,
            [DeliveryHeader] = notification.Id,
        };
        return post.SendAsync(rule, body, "application/json", headers, cancellationToken);
    }

    /// <summary>The value of <see cref="SignatureHeader"/>.</summary>
    internal static string SignatureOf(string secret, string timestamp, ReadOnlySpan<byte> body)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes($"{timestamp}."), .. body];
        return $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed))}";
    }
}
