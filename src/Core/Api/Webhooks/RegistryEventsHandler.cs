using System.Text;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>
/// Takes one message of the queue <c>registry-events</c>: what Event Grid delivers into it, in either schema, one event or a list, and what webhooks
/// have stored there since it was too much for one request. Who can write to the queue needs no other proof; of which registries he may speak is what
/// <c>Webhooks__eventgrid__Registries</c> says, or for what a webhook has stored its own list.
/// </summary>
public sealed class RegistryEventsHandler(WebhookSources sources, RegistryEvents events, ScanQueues queues, ILogger<RegistryEventsHandler> logger)
{
    /// <summary>The sender that Event Grid is.</summary>
    public const string EventGrid = "eventgrid";

    /// <summary>
    /// Begins what the message asks for. What it throws brings the message back: <see cref="FormatException"/> for one that is none, and whatever keeps it
    /// from being done.
    /// </summary>
    public async Task HandleAsync(string message, CancellationToken cancellationToken)
    {
        using JsonDocument json = WebhookBody.Parse(Encoding.UTF8.GetBytes(message));
        (string sender, IReadOnlyList<RegistryEvent> told, int ignored) = Read(json.RootElement);
        WebhookSource source = sources.Find(sender) ?? throw new FormatException($"no kind of webhook is called {HostileText.Quote(sender)}");
        EventOutcome outcome = await events.TakeAsync(source, told, began: null, cancellationToken);
        logger.LogInformation(
            "Registry events taken {Sender}: {Accepted} accepted, {Dropped} dropped, {Ignored} ignored", sender, outcome.Accepted, outcome.Dropped, ignored);
    }

    /// <summary>
    /// Takes a message that was delivered too often: it is kept for ever in a queue that nobody reads, for somebody to look at and to put back.
    /// </summary>
    public async Task HandlePoisonAsync(string message, CancellationToken cancellationToken)
    {
        ScanMetrics.Poisoned(QueueNames.RegistryEvents);
        await queues.KeptRegistryEvents.SendForEverAsync(message, cancellationToken);
        logger.LogError(
            "Registry events could not be taken and are kept in the queue {Queue}, {Characters} characters: see the warnings before this, mend what they "
                + "say, and move the message to {Origin}",
            queues.KeptRegistryEvents.Name,
            message.Length,
            QueueNames.RegistryEvents);
    }

    private (string Sender, IReadOnlyList<RegistryEvent> Told, int Ignored) Read(JsonElement message)
    {
        if (StoredEvents.TryParse(message, out StoredEvents? stored))
        {
            return (stored.Sender, stored.RegistryEvents, 0);
        }

        WebhookSource eventGrid = sources.Find(EventGrid) ?? throw new FormatException("the message is of nobody who is known");
        WebhookReading reading = eventGrid.Provider.Read(new WebhookMessage(new Microsoft.AspNetCore.Http.HeaderDictionary(), message));
        return (EventGrid, reading.Events, reading.Ignored);
    }
}
