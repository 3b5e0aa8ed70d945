using System.Text.Json;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Notifications;

/// <summary>
/// A notification as JSON of our own (docs/notifications.md): the body of a webhook and the data of a CloudEvent. All but ASCII is escaped, so that no text
/// of an image does anything in a log that shows it.
/// </summary>
internal static class NotificationJson
{
    public static byte[] Of(Notification notification)
    {
        var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            Write(json, notification);
        }

        return bytes.ToArray();
    }

    /// <summary>Writes it as an object.</summary>
    public static void Write(Utf8JsonWriter json, Notification notification)
    {
        json.WriteStartObject();
        json.WriteString("id", notification.Id);
        json.WriteString("rule", notification.Rule);
        json.WriteString("reason", WordOf(notification.Occasion));
        json.WriteStartObject("image");
        json.WriteString("name", notification.Image);
        json.WriteString("digest", notification.Digest.ToString());
        json.WriteString("platform", notification.Platform);
        json.WriteEndObject();
        json.WriteString("scannedAt", notification.ScannedAt);
        json.WriteBoolean("partial", notification.IsPartial);
        WriteAdvisories(json, notification.Advisories);
        WriteCounts(json, notification.Counts);
        WriteFindings(json, "findings", "moreFindings", notification.Findings);
        WriteFindings(json, "removed", "moreRemoved", notification.Removed);
        WriteFindings(json, "fixed", "moreFixed", notification.Fixed);
        json.WriteEndObject();
    }

    /// <summary>What the reason is called.</summary>
    public static string WordOf(NotificationOccasion occasion) => occasion switch
    {
        NotificationOccasion.NewFindings => "newFindings",
        NotificationOccasion.Changes => "changes",
        NotificationOccasion.EveryScan => "scanned",
        _ => "verdict",
    };

    /// <summary>What a severity is called: StackRox's word.</summary>
    public static string WordOf(Severity severity) => severity.ToString().ToUpperInvariant();

    private static void WriteAdvisories(Utf8JsonWriter json, AdvisoryOrigin? advisories)
    {
        if (advisories is null)
        {
            json.WriteNull("advisories");
            return;
        }

        json.WriteStartObject("advisories");
        json.WriteString("id", advisories.Id);
        json.WriteString("builtAt", advisories.BuiltAt);
        json.WriteBoolean("starterSet", advisories.IsStarterSet);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, FindingCounts counts)
    {
        json.WriteStartObject("counts");
        json.WriteNumber("critical", counts.Critical);
        json.WriteNumber("important", counts.Important);
        json.WriteNumber("moderate", counts.Moderate);
        json.WriteNumber("low", counts.Low);
        json.WriteNumber("unknown", counts.Unknown);
        json.WriteNumber("fixable", counts.Fixable);
        json.WriteEndObject();
    }

    private static void WriteFindings(Utf8JsonWriter json, string name, string more, NotifiedFindings findings)
    {
        json.WriteStartArray(name);
        foreach (ChangedFinding finding in findings.Listed)
        {
            json.WriteStartObject();
            json.WriteString("cve", finding.Cve);
            json.WriteString("package", finding.Package);
            json.WriteString("version", finding.Version);
            json.WriteString("severity", WordOf(finding.Severity));
            json.WriteString("fixedBy", finding.FixedBy);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber(more, findings.More);
    }
}
