using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary>How a body is laid out.</summary>
public enum WireLayout
{
    Compact,

    /// <summary>Indented by two spaces, for people.</summary>
    Pretty,
}

/// <summary>Writes the messages of this room as 4.5's gateway does: proto's JSON mapping with every default emitted.</summary>
public static class WireJson
{
    private static readonly WireContext Compact = new(OptionsFor(WireLayout.Compact));
    private static readonly WireContext Pretty = new(OptionsFor(WireLayout.Pretty));

    /// <summary>The message as UTF-8. Throws <see cref="NotSupportedException"/> for a type that is no message of this room.</summary>
    public static byte[] BytesOf<TMessage>(TMessage message, WireLayout layout)
    {
        WireContext context = layout == WireLayout.Pretty ? Pretty : Compact;
        return context.GetTypeInfo(typeof(TMessage)) is { } type
            ? JsonSerializer.SerializeToUtf8Bytes(message, type)
            : throw new NotSupportedException($"{typeof(TMessage).Name} is no message of the API: list it in {nameof(WireContext)}.");
    }

    private static JsonSerializerOptions OptionsFor(WireLayout layout) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = GoStringEncoder.Instance,
        WriteIndented = layout == WireLayout.Pretty,
        NewLine = "\n",
        Converters = { new TimestampConverter(), new Int64Converter(), new UInt64Converter(), new FloatConverter(), new BytesConverter() },
    };
}

// Metadata only: the fast path of source generation knows nothing of the converters above.
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WireImage))]
[JsonSerializable(typeof(WireListImages))]
[JsonSerializable(typeof(WireImageCount))]
[JsonSerializable(typeof(WireImageChanges))]
[JsonSerializable(typeof(WirePing))]
[JsonSerializable(typeof(WireServerMetadata))]
[JsonSerializable(typeof(WireError))]
internal sealed partial class WireContext : JsonSerializerContext;
