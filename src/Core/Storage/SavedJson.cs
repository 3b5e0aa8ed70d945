using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Signatures;

namespace ImageScan.Core.Storage;

/// <summary>The JSON form in which the nouns of a result are kept: all their members, under their own names.</summary>
internal static class SavedJson
{
    private static readonly JsonSerializerOptions Kept = new(SavedJsonContext.Default.Options)
    {
        TypeInfoResolver = ((IJsonTypeInfoResolver)SavedJsonContext.Default).WithAddedModifier(RequireWhatIsNeverNull),

        // Nobody reads it but us: + and < of versions and names stay one byte.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// How to write and read <typeparamref name="T"/>. Reading throws <see cref="JsonException"/> where a member is missing that is never null.
    /// </summary>
    public static JsonTypeInfo<T> Of<T>() => (JsonTypeInfo<T>)Kept.GetTypeInfo(typeof(T));

    // Generated readers set an init-only member to null when it is absent, whatever its initializer says. What an older version of us has
    // written without it counts as unreadable instead, unless the member itself has a value for that.
    private static void RequireWhatIsNeverNull(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties)
        {
            property.IsRequired |= property is { IsGetNullable: false, IsSetNullable: false, Set: not null };
        }
    }
}

[JsonSourceGenerationOptions(
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true,
    Converters = [typeof(DigestConverter), typeof(PathSetConverter)])]
[JsonSerializable(typeof(Scan))]
[JsonSerializable(typeof(SavedOccurrences))]
[JsonSerializable(typeof(LayerInventory))]
[JsonSerializable(typeof(ScanJob))]
[JsonSerializable(typeof(JobLayer))]
[JsonSerializable(typeof(FindingChanges))]
[JsonSerializable(typeof(DelegationConfig))]
[JsonSerializable(typeof(VulnerabilityException))]
[JsonSerializable(typeof(SignatureIntegration))]
[JsonSerializable(typeof(VexUpload))]
[JsonSerializable(typeof(KnownSignatures))]
[JsonSerializable(typeof(ImageIntegration))]
[JsonSerializable(typeof(Notification))]
[JsonSerializable(typeof(IReadOnlyList<ImageReference>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(Dictionary<string, DateTimeOffset>))]
[JsonSerializable(typeof(Dictionary<string, uint>))]
internal sealed partial class SavedJsonContext : JsonSerializerContext;

/// <summary>The part of a saved scan that outlives its content.</summary>
internal sealed record SavedOccurrences(IReadOnlyDictionary<string, DateTimeOffset> FirstInImage);

internal sealed class DigestConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Digest.TryParse(reader.GetString(), out Digest? digest) ? digest : throw new JsonException("A digest is not readable.");

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
