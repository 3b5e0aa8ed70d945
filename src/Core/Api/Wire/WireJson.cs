using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace ImageScan.Core.Api.Wire;

/// <summary>How a body is laid out.</summary>
public enum WireLayout
{
    Compact,

    /// <summary>Indented by two spaces, for people.</summary>
    Pretty,
}

/// <summary>
/// Writes the messages of this room as StackRox's gateway does: proto's JSON mapping with every default emitted. Up to 4.5 it was grpc-gateway 1,
/// which writes as Go's encoding/json does; since 4.6 it is protojson
/// (https://pkg.go.dev/google.golang.org/protobuf/encoding/protojson), which leaves <c>&lt; &gt; &amp;</c> as they are and writes no bytes as "".
/// </summary>
public static class WireJson
{
    /// <summary>The first level that is written by protojson.</summary>
    internal const ApiLevel FirstProtojson = (ApiLevel)406;

    private static readonly ConcurrentDictionary<(ApiLevel, WireLayout), JsonSerializerOptions> Options = new();

    /// <summary>The message as UTF-8. Throws <see cref="NotSupportedException"/> for a type that is no message of this room.</summary>
    public static byte[] BytesOf<TMessage>(TMessage message, WireLayout layout, ApiLevel level = ApiLevel.Release45)
    {
        JsonSerializerOptions options = OptionsOf(level, layout);
        return options.TryGetTypeInfo(typeof(TMessage), out JsonTypeInfo? type)
            ? JsonSerializer.SerializeToUtf8Bytes(message, type)
            : throw new NotSupportedException($"{typeof(TMessage).Name} is no message of the API: list it in {nameof(WireContext)}.");
    }

    /// <summary>
    /// What the serializer knows of a message, or of a part of one, at a level: its fields in their order. Throws
    /// <see cref="NotSupportedException"/> for a type that is neither.
    /// </summary>
    internal static JsonTypeInfo FormOf(Type type, ApiLevel level) => OptionsOf(level, WireLayout.Compact).GetTypeInfo(type);

    private static JsonSerializerOptions OptionsOf(ApiLevel level, WireLayout layout) =>
        Options.GetOrAdd((level, layout), key => OptionsFor(key.Item1, key.Item2));

    private static JsonSerializerOptions OptionsFor(ApiLevel level, WireLayout layout) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = level < FirstProtojson ? GoStringEncoder.Instance : GoStringEncoder.WithoutHtml,
        WriteIndented = layout == WireLayout.Pretty,
        NewLine = "\n",
        Converters =
        {
            new TimestampConverter(),
            new Int64Converter(),
            new UInt64Converter(),
            new FloatConverter(),
            new BytesConverter(writesNull: level < FirstProtojson),
        },
        TypeInfoResolver = WireContext.Default.WithAddedModifier(type => Shape(type, level)),
    };

    // A field of a later release is left out as if the message had never had it.
    private static void Shape(JsonTypeInfo type, ApiLevel level)
    {
        if (type.Kind != JsonTypeInfoKind.Object)
        {
            return;
        }

        for (int i = type.Properties.Count - 1; i >= 0; i--)
        {
            if (type.Properties[i].AttributeProvider?.GetCustomAttributes(typeof(SinceAttribute), inherit: false) is [SinceAttribute since]
                && !since.IsIn(level))
            {
                type.Properties.RemoveAt(i);
            }
        }

        if (type.Type == typeof(WireError) && level >= FirstProtojson)
        {
            type.Properties.Single(property => property.Name == "error").Order = 1;
        }
    }
}

// Metadata only: the fast path of source generation knows nothing of the converters above.
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WireImage))]
[JsonSerializable(typeof(WireListImages))]
[JsonSerializable(typeof(WireImageCount))]
[JsonSerializable(typeof(WireImageChanges))]
[JsonSerializable(typeof(WireImageHistory))]
[JsonSerializable(typeof(WireScanJob))]
[JsonSerializable(typeof(WireWatchedName))]
[JsonSerializable(typeof(WireWatchedImages))]
[JsonSerializable(typeof(WireEmpty))]
[JsonSerializable(typeof(WireWebhookAnswer))]
[JsonSerializable(typeof(WireWebhookValidation))]
[JsonSerializable(typeof(WireDelegationConfig))]
[JsonSerializable(typeof(WireDelegationClusters))]
[JsonSerializable(typeof(WireAuthStatus))]
[JsonSerializable(typeof(WirePermissions))]
[JsonSerializable(typeof(WireExchangedToken))]
[JsonSerializable(typeof(WireApiToken))]
[JsonSerializable(typeof(WireApiTokens))]
[JsonSerializable(typeof(WireGeneratedToken))]
[JsonSerializable(typeof(WireAllowedRoles))]
[JsonSerializable(typeof(WireAuditPage))]
[JsonSerializable(typeof(WireFailedNotifications))]
[JsonSerializable(typeof(WireExceptionAnswer))]
[JsonSerializable(typeof(WireExceptions))]
[JsonSerializable(typeof(WireVulnerabilityRequestAnswer))]
[JsonSerializable(typeof(WireVulnerabilityRequests))]
[JsonSerializable(typeof(WireSignatureIntegration))]
[JsonSerializable(typeof(WireSignatureIntegrations))]
[JsonSerializable(typeof(WireBadge))]
[JsonSerializable(typeof(WireVexDocument))]
[JsonSerializable(typeof(WireVexDocuments))]
[JsonSerializable(typeof(WireImageIntegration))]
[JsonSerializable(typeof(WireImageIntegrations))]
[JsonSerializable(typeof(WirePing))]
[JsonSerializable(typeof(WireServerMetadata))]
[JsonSerializable(typeof(WireError))]
[JsonSerializable(typeof(WireStreamFailure))]
[JsonSerializable(typeof(WireStatusFailure))]
[JsonSerializable(typeof(WireExportLine))]
[JsonSerializable(typeof(WireDeletedImages))]
[JsonSerializable(typeof(WireVulnerabilityDefinitions))]
[JsonSerializable(typeof(WireBuildDetection))]
[JsonSerializable(typeof(WirePolicy))]
[JsonSerializable(typeof(WireListPolicies))]
[JsonSerializable(typeof(WireHarborMetadata))]
[JsonSerializable(typeof(WireHarborScanResponse))]
[JsonSerializable(typeof(WireHarborReport))]
[JsonSerializable(typeof(WireHarborFailure))]
internal sealed partial class WireContext : JsonSerializerContext;
