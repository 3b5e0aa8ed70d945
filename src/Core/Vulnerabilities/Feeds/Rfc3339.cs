using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Dates of RFC 3339 with their zone, as the schemas of OSV and CSAF ask. One without would be read as this machine's time.</summary>
internal static class Rfc3339
{
    /// <summary>A date in UTC, null if there is none; false if what stands there is no such date.</summary>
    public static bool TryDate(JsonElement owner, string name, out DateTimeOffset? date)
    {
        date = null;
        if (!owner.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return true;
        }

        if (value.ValueKind != JsonValueKind.String || !TryDate(value, out var read))
        {
            return false;
        }

        date = read;
        return true;
    }

    /// <summary>The same of a text that stands in no JSON.</summary>
    public static bool TryDate(string text, out DateTimeOffset date)
    {
        using var value = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(text));
        return TryDate(value.RootElement, out date);
    }

    private static bool TryDate(JsonElement value, out DateTimeOffset date)
    {
        bool isDate = value.TryGetDateTimeOffset(out date) && HasZone(value.GetString()!);
        date = date.ToUniversalTime();
        return isDate;
    }

    private static bool HasZone(string date) => date.EndsWith('Z') || (date.Length > 16 && date[^6] is '+' or '-' && date[^3] == ':');
}
