using System.Diagnostics;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Notifications;

/// <summary>
/// Takes one message of <c>notifications</c> and sends what its row says. A message may come twice, or late: who begins to send writes that first, so that
/// of two one does, and if it dies the sweep sends again. So everything is sent at least once, and hardly anything twice.
/// </summary>
public sealed class NotificationDelivery(
    NotificationOutbox outbox,
    NotificationStore store,
    SavedScans saved,
    IEnumerable<INotificationSink> sinks,
    NotificationRetention retention,
    TimeProvider time,
    ILogger<NotificationDelivery> logger)
{
    /// <summary>How long a row stays that was taken, so that a message that comes late, or a step that is repeated, sends nothing again.</summary>
    public static readonly TimeSpan DoneFor = TimeSpan.FromDays(1);

    /// <summary>How long a row is left alone whose rule this process does not know: while versions change, another one does.</summary>
    public static readonly TimeSpan UnknownRuleFor = TimeSpan.FromHours(1);

    /// <summary>How long a sink may take.</summary>
    public static readonly TimeSpan LongestDelivery = TimeSpan.FromSeconds(90);

    private const string NoRule = "there is no rule of that name";

    // Longer than a sink takes, its clock and ours a little apart.
    private static readonly TimeSpan LongestTry = TimeSpan.FromMinutes(2);

    private readonly Dictionary<NotificationType, INotificationSink> _sinks = sinks.ToDictionary(sink => sink.Type);

    /// <summary>
    /// Sends, or says when to try again. Throws <see cref="StorageException"/>, so that the queue delivers the message again, and
    /// <see cref="FormatException"/> for a message that is none of ours.
    /// </summary>
    public async Task HandleAsync(string message, CancellationToken cancellationToken)
    {
        if (!NotificationMessage.TryParse(message, out NotificationMessage? asked) || !NotificationStore.IsId(asked.Id))
        {
            throw new FormatException($"A queue message of {message.Length} characters is no notification.");
        }

        using Activity? span = ScanTelemetry.StartMessage(QueueNames.Notifications, asked.Trace);

        if (await store.FindAsync(asked.Id, cancellationToken) is not { State: NotificationState.Waiting } stored || stored.Attempts != asked.Attempts)
        {
            return;
        }

        if (outbox.Rules.Find(stored.Rule) is not { } rule)
        {
            await WithoutRuleAsync(stored, cancellationToken);
            return;
        }

        // What cannot be read says nothing to anybody; another version may have written it. And who died at every try has said nothing of why.
        if (stored.Content is not { } content || stored.Attempts >= BackOff.MaxAttempts)
        {
            await GiveUpAsync(stored, stored.Content is null ? "it was written by another version" : "its last try never ended", cancellationToken);
            return;
        }

        if (content.Occasion == NotificationOccasion.Verdict)
        {
            if (await store.HasNewerAsync(stored, cancellationToken))
            {
                logger.LogInformation("Notification dropped {Notification}: there is a newer verdict", stored.Id);
                await EndAsync(stored, cancellationToken);
                return;
            }

            content = await saved.RenewedAsync(content, rule, cancellationToken);
        }

        if (!asked.IsSaved && !stored.IsSaved)
        {
            if (await saved.CheckAsync(stored, content, cancellationToken) is not { } stillTrue)
            {
                return;
            }

            content = stillTrue;
        }

        await TryAsync(stored with { Content = content, IsSaved = true }, rule, cancellationToken);
    }

    /// <summary>Takes a message that was delivered too often. Its row still waits, and the sweep sends another.</summary>
    public void HandlePoison(string message)
    {
        ScanMetrics.Poisoned(QueueNames.Notifications);
        string id = NotificationMessage.TryParse(message, out NotificationMessage? asked) ? asked.Id : "none";
        logger.LogError("Notification message delivered too often {Notification}: the sweep sends another", HostileText.Plain(id));
    }

    private async Task TryAsync(StoredNotification stored, NotificationRule rule, CancellationToken cancellationToken)
    {
        // Who is beaten leaves it to the other. If this process dies now, the sweep finds the row by its time.
        StoredNotification begun = stored with { Attempts = stored.Attempts + 1, DueAt = time.GetUtcNow() + LongestTry };
        if (!await store.TryReplaceAsync(stored, begun, cancellationToken)
            || await store.FindAsync(stored.Id, cancellationToken) is not { State: NotificationState.Waiting } held || held.Attempts != begun.Attempts)
        {
            return;
        }

        DeliveryOutcome outcome =
            await ScanTelemetry.PhaseAsync(SpanNames.Notify, _ => DeliverAsync(begun.Content!, rule, cancellationToken));
        switch (outcome.Verdict)
        {
            case DeliveryVerdict.Delivered:
                ScanMetrics.Notified("sent");
                logger.LogInformation("Notification sent {Notification} by {Rule}", stored.Id, HostileText.Plain(rule.Name));
                await EndAsync(held, cancellationToken);
                break;
            case DeliveryVerdict.Later when begun.Attempts < BackOff.MaxAttempts:
                await PutOffAsync(held, outcome, cancellationToken);
                break;
            default:
                await GiveUpAsync(held, outcome.Reason, cancellationToken);
                break;
        }
    }

    private async Task<DeliveryOutcome> DeliverAsync(Notification content, NotificationRule rule, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(LongestDelivery, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await _sinks[rule.Type].DeliverAsync(content, rule, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryOutcome(DeliveryVerdict.Later, "it took too long");
        }
    }

    private async Task EndAsync(StoredNotification held, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        await store.TryReplaceAsync(
            held, held with { State = NotificationState.Done, Content = null, DueAt = now + DoneFor, TriedAt = now, Reason = "" }, cancellationToken);
    }

    private async Task WithoutRuleAsync(StoredNotification stored, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        if (stored is not { Reason: NoRule, TriedAt: { } since })
        {
            // The sweep sends another message then.
            logger.LogWarning("Notification put off {Notification}: {Rule} is no rule here", stored.Id, HostileText.Plain(stored.Rule));
            await store.TryReplaceAsync(stored, stored with { DueAt = now + UnknownRuleFor, TriedAt = now, Reason = NoRule }, cancellationToken);
        }
        else if (now - since >= UnknownRuleFor)
        {
            await GiveUpAsync(stored, NoRule, cancellationToken);
        }
    }

    private async Task PutOffAsync(StoredNotification held, DeliveryOutcome outcome, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        ScanMetrics.Notified("later");
        TimeSpan wait = BackOff.After(held.Attempts, outcome.RetryAfter, Random.Shared.NextDouble());
        logger.LogWarning(
            "Notification put off {Notification} by {Rule}, try {Attempt}, again in {Wait}: {Reason}",
            held.Id, HostileText.Plain(held.Rule), held.Attempts, wait, HostileText.Plain(outcome.Reason, 500));
        if (await store.TryReplaceAsync(held, held with { DueAt = now + wait, TriedAt = now, Reason = outcome.Reason }, cancellationToken))
        {
            var message = new NotificationMessage(held.Id, held.Attempts, IsSaved: true) { Trace = MessageTrace.Current };
            await outbox.Queue.SendLaterAsync(message.ToJson(), wait, cancellationToken);
        }
    }

    private async Task GiveUpAsync(StoredNotification stored, string reason, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        ScanMetrics.Notified("failed");
        logger.LogError(
            "Notification given up {Notification} by {Rule} after {Attempts} tries: {Reason}",
            stored.Id, HostileText.Plain(stored.Rule), stored.Attempts, HostileText.Plain(reason, 500));
        await store.TryReplaceAsync(
            stored, stored with { State = NotificationState.Failed, DueAt = now + retention.Failed, TriedAt = now, Reason = reason }, cancellationToken);
    }
}

/// <summary>How long what was given up is kept.</summary>
public sealed record NotificationRetention(TimeSpan Failed);
