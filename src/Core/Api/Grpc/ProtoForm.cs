using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api.Grpc;

/// <summary>
/// Writes a message of <see cref="Wire"/> as protobuf: the fields that its JSON has, with the numbers that the proto files give to their names. So what
/// an answer says, and from which release on, stands in one place, and neither JSON nor a second message of it is made.
/// </summary>
internal sealed class ProtoForm
{
    private static readonly ConcurrentDictionary<(System.Type, MessageDescriptor, ApiLevel), ProtoForm> Known = new();

    private readonly List<Action<object, ProtoBuffer>> _fields = [];

    private ProtoForm()
    {
    }

    private delegate void ValueWriter(object value, ProtoBuffer buffer);

    /// <summary>
    /// How messages of a type are written at a level. Throws <see cref="NotSupportedException"/> if they have a field that the proto message does not have.
    /// </summary>
    public static ProtoForm Of(System.Type type, MessageDescriptor message, ApiLevel level) =>
        Known.GetOrAdd((type, message, level), key => Make(key.Item1, key.Item2, key.Item3));

    /// <summary>Writes the fields of a message, without its length.</summary>
    public void Write(object message, ProtoBuffer buffer)
    {
        foreach (Action<object, ProtoBuffer> field in _fields)
        {
            field(message, buffer);
        }
    }

    private static ProtoForm Make(System.Type type, MessageDescriptor message, ApiLevel level)
    {
        var form = new ProtoForm();
        IEnumerable<(FieldDescriptor Field, Func<object, object?> Get)> fields = WireJson.FormOf(type, level).Properties
            .Where(property => property.AttributeProvider?.IsDefined(typeof(OwnAttribute), inherit: false) != true)
            .Select(property => (FieldOf(message, property), property.Get!))
            .OrderBy(field => field.Item1.FieldNumber);
        foreach ((FieldDescriptor field, Func<object, object?> get) in fields)
        {
            form._fields.Add(WriterOf(field, get, level));
        }

        return form;
    }

    private static FieldDescriptor FieldOf(MessageDescriptor message, JsonPropertyInfo property) =>
        message.Fields.InDeclarationOrder().FirstOrDefault(field => field.JsonName == property.Name || field.Name == property.Name)
        ?? throw new NotSupportedException($"{message.FullName} has no field {property.Name}.");

    private static Action<object, ProtoBuffer> WriterOf(FieldDescriptor field, Func<object, object?> get, ApiLevel level)
    {
        if (field.IsMap)
        {
            return Map(field, get);
        }

        (uint wireType, ValueWriter write) = ValueOf(field, level);
        ulong tag = TagOf(field, wireType);
        if (field.IsRepeated)
        {
            // Numbers of a list stand together (https://protobuf.dev/programming-guides/encoding/#packed).
            return wireType == (uint)WireFormat.WireType.LengthDelimited ? Repeated(tag, get, write) : Packed(field, get, write);
        }

        // A member of a oneof is there when it is set, whatever it is; of others proto3 writes no zero.
        bool isAlways = field.ContainingOneof is not null || field.FieldType == FieldType.Message;
        return (message, buffer) =>
        {
            if (get(message) is { } value && (isAlways || !IsZero(value)))
            {
                buffer.Varint(tag);
                write(value, buffer);
            }
        };
    }

    private static Action<object, ProtoBuffer> Repeated(ulong tag, Func<object, object?> get, ValueWriter write) => (message, buffer) =>
    {
        foreach (object value in (IEnumerable)get(message)!)
        {
            buffer.Varint(tag);
            write(value, buffer);
        }
    };

    private static Action<object, ProtoBuffer> Packed(FieldDescriptor field, Func<object, object?> get, ValueWriter write)
    {
        ulong tag = TagOf(field, (uint)WireFormat.WireType.LengthDelimited);
        return (message, buffer) =>
        {
            if (get(message) is not ICollection { Count: > 0 } values)
            {
                return;
            }

            buffer.Varint(tag);
            int begin = buffer.Begin();
            foreach (object value in values)
            {
                write(value, buffer);
            }

            buffer.End(begin);
        };
    }

    // A map is a list of messages with a key and a value (https://protobuf.dev/programming-guides/encoding/#maps).
    private static Action<object, ProtoBuffer> Map(FieldDescriptor field, Func<object, object?> get)
    {
        ulong tag = TagOf(field, (uint)WireFormat.WireType.LengthDelimited);
        return (message, buffer) =>
        {
            foreach ((string key, string value) in (IEnumerable<KeyValuePair<string, string>>)get(message)!)
            {
                buffer.Varint(tag);
                int begin = buffer.Begin();
                buffer.Varint((1 << 3) | (uint)WireFormat.WireType.LengthDelimited);
                buffer.Text(key);
                buffer.Varint((2 << 3) | (uint)WireFormat.WireType.LengthDelimited);
                buffer.Text(value);
                buffer.End(begin);
            }
        };
    }

    private static (uint WireType, ValueWriter Write) ValueOf(FieldDescriptor field, ApiLevel level) => field.FieldType switch
    {
        FieldType.String => ((uint)WireFormat.WireType.LengthDelimited, (value, buffer) => buffer.Text((string)value)),
        FieldType.Bytes => ((uint)WireFormat.WireType.LengthDelimited, (value, buffer) => buffer.Bytes(((ReadOnlyMemory<byte>)value).Span)),
        FieldType.Bool => ((uint)WireFormat.WireType.Varint, (value, buffer) => buffer.Varint((bool)value ? 1u : 0)),
        FieldType.Int32 or FieldType.Int64 => ((uint)WireFormat.WireType.Varint, (value, buffer) =>
            buffer.Varint((ulong)Convert.ToInt64(value, CultureInfo.InvariantCulture))),
        FieldType.UInt64 => ((uint)WireFormat.WireType.Varint, (value, buffer) => buffer.Varint((ulong)value)),
        FieldType.Float => ((uint)WireFormat.WireType.Fixed32, (value, buffer) => buffer.Float((float)value)),
        FieldType.Enum => ((uint)WireFormat.WireType.Varint, Enum(field.EnumType)),
        FieldType.Message => ((uint)WireFormat.WireType.LengthDelimited, Message(field.MessageType, level)),
        var other => throw new NotSupportedException($"{field.FullName} is of the type {other}, which no answer has had yet."),
    };

    private static ValueWriter Message(MessageDescriptor message, ApiLevel level) => message.FullName == Timestamp.Descriptor.FullName
        ? Time
        : (value, buffer) =>
        {
            int begin = buffer.Begin();
            Of(value.GetType(), message, level).Write(value, buffer);
            buffer.End(begin);
        };

    private static void Time(object value, ProtoBuffer buffer)
    {
        var time = Timestamp.FromDateTimeOffset((DateTimeOffset)value);
        int begin = buffer.Begin();
        WriteUnlessZero(Timestamp.SecondsFieldNumber, time.Seconds, buffer);
        WriteUnlessZero(Timestamp.NanosFieldNumber, time.Nanos, buffer);
        buffer.End(begin);
    }

    private static void WriteUnlessZero(int number, long value, ProtoBuffer buffer)
    {
        if (value != 0)
        {
            buffer.Varint((ulong)number << 3);
            buffer.Varint((ulong)value);
        }
    }

    // By the names that JSON writes, as proto's numbers need not be ours.
    private static ValueWriter Enum(EnumDescriptor type)
    {
        var numbers = type.Values.ToFrozenDictionary(value => value.Name, value => (ulong)value.Number, StringComparer.Ordinal);
        var known = new ConcurrentDictionary<object, ulong>();
        return (value, buffer) => buffer.Varint(known.GetOrAdd(value, each => numbers[JsonNamingPolicy.SnakeCaseUpper.ConvertName($"{each}")]));
    }

    private static bool IsZero(object value) => value switch
    {
        string text => text.Length == 0,
        bool flag => !flag,
        int number => number == 0,
        long number => number == 0,
        ulong number => number == 0,
        // A zero that is negative is one that is said.
        float number => BitConverter.SingleToUInt32Bits(number) == 0,
        ReadOnlyMemory<byte> bytes => bytes.IsEmpty,
        System.Enum member => Convert.ToInt32(member, CultureInfo.InvariantCulture) == 0,
        _ => false,
    };

    private static ulong TagOf(FieldDescriptor field, uint wireType) => ((ulong)field.FieldNumber << 3) | wireType;
}
