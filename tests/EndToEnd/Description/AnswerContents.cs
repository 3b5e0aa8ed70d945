using System.Text.Json;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Description;

/// <summary>Which values and which fields answers have had, by StackRox's names of messages and enums.</summary>
internal sealed class AnswerContents
{
    private readonly HashSet<string> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _filled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>Values of enums, <c>ScoreVersion V3</c>.</summary>
    public IReadOnlySet<string> Values => _values;

    /// <summary>Fields that were not their zero value, <c>Image.id</c>.</summary>
    public IReadOnlySet<string> Filled => _filled;

    /// <summary>Messages that were there at all.</summary>
    public IReadOnlySet<string> Seen => _seen;

    /// <summary>Takes an image of an answer.</summary>
    public void Add(JsonElement image) => Add(image, "Image");

    private void Add(JsonElement message, string type)
    {
        _seen.Add(type);
        foreach (ProtoField field in ProtoTable.FieldsOf(type, int.MaxValue))
        {
            if (!message.TryGetProperty(field.Name, out JsonElement value))
            {
                continue;
            }

            if (!IsZero(value))
            {
                _filled.Add($"{type}.{field.Name}");
            }

            foreach (JsonElement item in field.IsList ? value.EnumerateArray().ToArray() : [value])
            {
                AddItem(item, field.Type, $"{type}.{field.Name}");
            }
        }
    }

    private void AddItem(JsonElement item, string type, string name)
    {
        if (ProtoTable.Enums.ContainsKey(type))
        {
            // Zero is a value like any other.
            _values.Add($"{type} {item.GetString()}");
            _filled.Add(name);
        }
        else if (item.ValueKind == JsonValueKind.Object && ProtoTable.Messages.ContainsKey(type))
        {
            Add(item, type);
        }
    }

    private static bool IsZero(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.GetString() is "" or "0",
        JsonValueKind.Number => value.GetDouble() == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => !value.EnumerateObject().Any(),
        _ => false,
    };
}
