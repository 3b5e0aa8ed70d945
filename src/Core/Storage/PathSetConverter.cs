using System.Text.Json;
using System.Text.Json.Serialization;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Storage;

/// <summary>A <see cref="PathSet"/> as base64 of its bytes.</summary>
internal sealed class PathSetConverter : JsonConverter<PathSet>
{
    public override PathSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return PathSet.FromBytes(reader.GetBytesFromBase64());
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException)
        {
            throw new JsonException("A path set is no base64 of eight bytes a path.", e);
        }
    }

    public override void Write(Utf8JsonWriter writer, PathSet value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.ToBytes());
}
