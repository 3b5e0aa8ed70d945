using System.Buffers;
using System.Globalization;
using System.Text.Json;
using ImageScan.Core.Images;

namespace ImageScan.Core.Vex;

/// <summary>
/// Reads VEX documents: OpenVEX 0.2.0 (https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md) and CycloneDX 1.4 to 1.6
/// (https://cyclonedx.org/capabilities/vex/), with statements beside a bill or alone. A document that is half understood might hide what it was
/// not meant to hide: so one that breaks its format anywhere is refused as a whole.
/// </summary>
public static class VexReader
{
    /// <summary>The largest document taken.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>How deep arrays and objects may nest.</summary>
    public const int MaxDepth = 64;

    /// <summary>Statements of a document, and of all together, with each identifier in them counted once.</summary>
    public const int MaxIdentifiers = 200_000;

    private const int MaxTextCharacters = 2_000;

    /// <summary>Reads a document. Throws <see cref="FormatException"/>, with a sentence for people, for what is none or is too much.</summary>
    /// <param name="input">UTF-8; read to its end, or one byte beyond what is taken.</param>
    public static VexDocument Read(Stream input)
    {
        var content = new ArrayBufferWriter<byte>();
        int read;
        while ((read = input.Read(content.GetSpan(1 << 16))) > 0)
        {
            content.Advance(read);
            EnsureSize(content.WrittenCount);
        }

        return Read(content.WrittenMemory);
    }

    /// <summary>Reads a document that is at hand. Throws <see cref="FormatException"/>.</summary>
    public static VexDocument Read(ReadOnlyMemory<byte> content)
    {
        EnsureSize(content.Length);
        ReadOnlyMemory<byte> text = content.Span.StartsWith("\uFEFF"u8) ? content[3..] : content;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            JsonElement root = document.RootElement;
            return root.ValueKind != JsonValueKind.Object ? throw new FormatException("A VEX document is a JSON object, and this is none.")
                : root.TryGetProperty("@context", out _) ? new OpenVexReader().Read(root)
                : root.TryGetProperty("bomFormat", out _) ? new CycloneDxVexReader().Read(root)
                : throw new FormatException("This is neither OpenVEX (it has no @context) nor CycloneDX (it has no bomFormat).");
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new FormatException($"The VEX document is no valid JSON: {HostileText.Plain(broken.Message)}", broken);
        }
    }

    /// <summary>The text of a member; null if it has none. Throws <see cref="FormatException"/> if it is something else.</summary>
    internal static string? TextOf(JsonElement owner, string name) => !owner.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw new FormatException($"The member {name} of a VEX document is a text, and here it is something else.");

    /// <summary>The items of a member; none if it is not there. Throws <see cref="FormatException"/> if it is no array of objects.</summary>
    internal static IEnumerable<JsonElement> ObjectsOf(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out JsonElement list))
        {
            yield break;
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            throw new FormatException($"The member {name} of a VEX document is a list, and here it is something else.");
        }

        foreach (JsonElement item in list.EnumerateArray())
        {
            yield return item.ValueKind == JsonValueKind.Object
                ? item
                : throw new FormatException($"The items of {name} in a VEX document are objects, and here one is not.");
        }
    }

    /// <summary>An object among the members; null if it is not there. Throws <see cref="FormatException"/> if it is something else.</summary>
    internal static JsonElement? ObjectOf(JsonElement owner, string name) => !owner.TryGetProperty(name, out JsonElement value) ? null
        : value.ValueKind == JsonValueKind.Object ? value
        : throw new FormatException($"The member {name} of a VEX document is an object, and here it is something else.");

    /// <summary>A time; null if there is none. Throws <see cref="FormatException"/> if it is no time with its distance from UTC.</summary>
    internal static DateTimeOffset? TimeOf(JsonElement owner, string name)
    {
        if (TextOf(owner, name) is not { } text)
        {
            return null;
        }

        // RFC 3339 wants an offset; .NET would take the machine's.
        return text.Length <= 64 && text.Contains('T', StringComparison.OrdinalIgnoreCase)
            && (text.EndsWith('Z') || text.EndsWith('z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.OrdinalIgnoreCase))
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time)
                ? time
                : throw new FormatException($"The {name} {HostileText.Quote(text)} of a VEX document is no time of RFC 3339.");
    }

    /// <summary>A text for people, cut.</summary>
    internal static string Shortened(string? text) => text is null ? "" : HostileText.Plain(text, MaxTextCharacters);

    private static void EnsureSize(int bytes)
    {
        if (bytes > MaxBytes)
        {
            throw new FormatException($"The VEX document has more than {MaxBytes / 1024 / 1024} MiB.");
        }
    }
}
