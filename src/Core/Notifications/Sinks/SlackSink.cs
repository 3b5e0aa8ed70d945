using System.Text;
using System.Text.Json;
using ImageScan.Core.Results;

namespace ImageScan.Core.Notifications.Sinks;

/// <summary>
/// An incoming webhook of Slack (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks), in blocks
/// (https://docs.slack.dev/reference/block-kit/blocks). Every text of an image stands in a code span, escaped.
/// </summary>
public sealed class SlackSink(NotificationPost post) : INotificationSink
{
    // https://docs.slack.dev/reference/block-kit/composition-objects/text-object; a header takes 150 (…/blocks/header-block). Fifty blocks are a message.
    private const int SectionCharacters = 3_000;

    // All blocks together, which no page says: https://github.com/slackapi/bolt-js/issues/2509 met it at some 13,000.
    private const int MessageCharacters = 9_000;

    public NotificationType Type => NotificationType.Slack;

    public Task<DeliveryOutcome> DeliverAsync(Notification notification, NotificationRule rule, CancellationToken cancellationToken) =>
        post.SendAsync(rule, BodyOf(notification), "application/json", new Dictionary<string, string>(), cancellationToken);

    internal static byte[] BodyOf(Notification notification)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            // What banners show, and who cannot see blocks.
            json.WriteString("text", $"{Escaped(NotificationText.TitleOf(notification))}: {Code(NotificationText.ImageOf(notification))}");
            json.WriteStartArray("blocks");
            WriteBlock(json, "header", "plain_text", NotificationText.TitleOf(notification));
            WriteBlock(json, "section", "mrkdwn", $"{Code(NotificationText.ImageOf(notification))}\n{Escaped(NotificationText.CountsOf(notification))}");
            foreach (string section in SectionsOf(notification))
            {
                WriteBlock(json, "section", "mrkdwn", section);
            }

            WriteBlock(json, "section", "mrkdwn", Escaped(NotificationText.WhenOf(notification)));
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return bytes.ToArray();
    }

    private static IEnumerable<string> SectionsOf(Notification notification)
    {
        int left = MessageCharacters;
        foreach ((string heading, NotifiedFindings findings) in NotificationText.ListsOf(notification))
        {
            var section = new StringBuilder($"*{heading}*");
            int shown = 0;
            foreach (ChangedFinding finding in findings.Listed)
            {
                string line = $"\n{Code(NotificationText.LineOf(finding))}";
                // Room for the line that says how many more there are.
                if (section.Length + line.Length > Math.Min(SectionCharacters, left) - 50)
                {
                    break;
                }

                section.Append(line);
                shown++;
            }

            section.Append(shown < findings.Total ? $"\n… and {findings.Total - shown} more" : "");
            left -= section.Length;
            yield return section.ToString();
        }
    }

    private static void WriteBlock(Utf8JsonWriter json, string type, string textType, string text)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteStartObject("text");
        json.WriteString("type", textType);
        json.WriteString("text", text);
        if (textType == "mrkdwn")
        {
            // Or Slack would make links of what looks like an address, a channel or a person.
            json.WriteBoolean("verbatim", true);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    // Only these three begin anything in Slack's markup (https://docs.slack.dev/messaging/formatting-message-text#escaping); in a code span no star or
    // underscore counts, and nothing leaves it but a backtick.
    private static string Code(string text) => $"`{Escaped(text).Replace('`', '\'')}`";

    private static string Escaped(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
