using System.Text.Json;
using ImageScan.Core.Results;

namespace ImageScan.Core.Notifications.Sinks;

/// <summary>
/// A webhook of Workflows in Teams, which takes an Adaptive Card in a message
/// (https://learn.microsoft.com/connectors/teams/#microsoft-teams-webhook). All texts are runs of a RichTextBlock, of which the schema says that no Markdown
/// is read in them (https://learn.microsoft.com/adaptive-cards/schema-explorer/text-run): so none of an image can be a link, or a heading.
/// </summary>
public sealed class TeamsSink(NotificationPost post) : INotificationSink
{
    // "The message size limit is 28 KB" (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook). Others
    // have met it at 21 (https://www.rubydoc.info/gems/msteams_hermes/MsTeamsHermes/Message), so this stays below.
    internal const int MaxBytes = 20_000;

    private const int MostLines = 30;

    public NotificationType Type => NotificationType.Teams;

    public Task<DeliveryOutcome> DeliverAsync(Notification notification, NotificationRule rule, CancellationToken cancellationToken) =>
        post.SendAsync(rule, BodyOf(notification), "application/json", new Dictionary<string, string>(), cancellationToken);

    internal static byte[] BodyOf(Notification notification)
    {
        // Texts of hostile images take six bytes a character; with fewer lines it fits, at last with none.
        for (int most = MostLines; ; most /= 2)
        {
            byte[] body = BodyOf(notification, most);
            if (body.Length <= MaxBytes || most == 0)
            {
                return body;
            }
        }
    }

    private static byte[] BodyOf(Notification notification, int most)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("type", "message");
            json.WriteStartArray("attachments");
            json.WriteStartObject();
            json.WriteString("contentType", "application/vnd.microsoft.card.adaptive");
            json.WriteNull("contentUrl");
            json.WritePropertyName("content");
            WriteCard(json, notification, most);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static void WriteCard(Utf8JsonWriter json, Notification notification, int most)
    {
        json.WriteStartObject();
        json.WriteString("$schema", "http://adaptivecards.io/schemas/adaptive-card.json");
        json.WriteString("type", "AdaptiveCard");
        // What Teams renders on all clients; runs of text came with 1.2.
        json.WriteString("version", "1.4");
        json.WriteStartArray("body");
        WriteLine(json, NotificationText.TitleOf(notification), isStrong: true);
        WriteLine(json, NotificationText.ImageOf(notification), isStrong: false);
        WriteLine(json, NotificationText.CountsOf(notification), isStrong: false);
        foreach ((string heading, NotifiedFindings findings) in NotificationText.ListsOf(notification))
        {
            WriteLine(json, heading, isStrong: true);
            int shown = Math.Min(most, findings.Listed.Count);
            foreach (ChangedFinding finding in findings.Listed.Take(shown))
            {
                WriteLine(json, NotificationText.LineOf(finding), isStrong: false);
            }

            if (shown < findings.Total)
            {
                WriteLine(json, $"… and {findings.Total - shown} more", isStrong: false);
            }
        }

        WriteLine(json, NotificationText.WhenOf(notification), isStrong: false);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteLine(Utf8JsonWriter json, string text, bool isStrong)
    {
        json.WriteStartObject();
        json.WriteString("type", "RichTextBlock");
        json.WriteStartArray("inlines");
        json.WriteStartObject();
        json.WriteString("type", "TextRun");
        // {{DATE(…)}} and the like are functions in texts of cards (https://learn.microsoft.com/adaptive-cards/authoring-cards/text-features), and ${…} are
        // expressions of templates. With a space behind every brace no number of braces begins one.
        json.WriteString("text", text.Replace("${", "$ {", StringComparison.Ordinal).Replace("{", "{ ", StringComparison.Ordinal));
        if (isStrong)
        {
            json.WriteString("weight", "Bolder");
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
