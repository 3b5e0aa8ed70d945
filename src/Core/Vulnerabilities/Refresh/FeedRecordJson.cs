using System.Collections;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>The JSON form of records in packs: all their members, less those that say nothing.</summary>
internal static class FeedRecordJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions
        {
            // The text is read by nobody but this class.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 32,
            Converters = { new JsonStringEnumConverter(), new EcosystemConverter(), new ScoresConverter() },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOutWhatSaysNothing } },
        };
        options.MakeReadOnly();
        return options;
    }

    // Source and Feed are those of the line and of the pack; what has no setter follows from the rest.
    private static void LeaveOutWhatSaysNothing(JsonTypeInfo type)
    {
        foreach (JsonPropertyInfo property in type.Properties.Where(property => !property.IsRequired))
        {
            bool isOfTheLine = property.Name is nameof(FeedRecord.Source) or nameof(FeedRecord.Feed) && typeof(FeedRecord).IsAssignableFrom(type.Type);
            if (isOfTheLine || (property.Set is null && property.AssociatedParameter is null))
            {
                property.ShouldSerialize = (_, _) => false;
                continue;
            }

            object? nothing = property.PropertyType.IsValueType ? Activator.CreateInstance(property.PropertyType) : null;
            // A parameter of a constructor that is left out becomes null, a member what it is initialised to.
            bool isParameter = property.AssociatedParameter is not null;
            bool isNullable = property.IsGetNullable;
            property.ShouldSerialize = (_, value) => value switch
            {
                null => false,
                ValueType => !value.Equals(nothing),
                "" => isParameter || isNullable,
                ICollection { Count: 0 } => isParameter,
                CvssVectors { IsEmpty: true } => isParameter,
                _ => true,
            };
        }
    }

    private sealed class EcosystemConverter : JsonConverter<OsvEcosystem>
    {
        public override OsvEcosystem Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            OsvEcosystem.Parse(reader.GetString() ?? "");

        public override void Write(Utf8JsonWriter writer, OsvEcosystem value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
    }

    /// <summary>Scores follow from their vectors, but for that of 4.0, whose vector nobody keeps.</summary>
    private sealed class ScoresConverter : JsonConverter<CvssScores>
    {
        public override CvssScores Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            Written written = JsonSerializer.Deserialize<Written>(ref reader, options);
            _ = CvssV3.TryParse(written.V3, out CvssV3? v3);
            _ = CvssV2.TryParse(written.V2, out CvssV2? v2);
            return new CvssScores(v3, v2, written.V4);
        }

        public override void Write(Utf8JsonWriter writer, CvssScores value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new Written(value.V3?.Vector, value.V2?.Vector, value.V4Score), options);

        private readonly record struct Written(string? V3, string? V2, float? V4);
    }
}
