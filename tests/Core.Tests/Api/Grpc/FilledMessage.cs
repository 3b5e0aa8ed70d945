using System.Collections;
using System.Reflection;
using System.Text.Json.Serialization;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Tests.Api.Grpc;

/// <summary>Messages of the wire with something in every field, and in no two the same where that can be.</summary>
internal sealed class FilledMessage
{
    private int _number;

    /// <summary>A message of a type with all its fields set, two of each list.</summary>
    public object Of(Type type)
    {
        // Some are all parameters; the constructor that copies is none of theirs.
        ConstructorInfo constructor = type.GetConstructors().MaxBy(each => each.GetParameters().Length)!;
        object message = constructor.Invoke([.. constructor.GetParameters().Select(parameter => ValueOf(parameter.ParameterType))]);
        foreach (PropertyInfo property in type.GetProperties().Where(property => property.SetMethod is not null && property.GetCustomAttribute<JsonIgnoreAttribute>()?.Condition != JsonIgnoreCondition.Always))
        {
            property.SetValue(message, ValueOf(property.PropertyType));
        }

        // One of its scores is set: they are members of a oneof.
        return message is WireCvssScore score ? score with { CvssV2 = null } : message;
    }

    private object ValueOf(Type type)
    {
        int number = ++_number;
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(string) => $"text <{number}> ü\u2028",
            _ when type == typeof(bool) => true,
            _ when type == typeof(int) => -number,
            _ when type == typeof(long) => long.MinValue + number,
            _ when type == typeof(ulong) => ulong.MaxValue - (ulong)number,
            _ when type == typeof(float) => number / 7f,
            _ when type == typeof(DateTimeOffset) => new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).AddTicks(number),
            _ when type == typeof(ReadOnlyMemory<byte>) => new ReadOnlyMemory<byte>([(byte)number, 0, 255]),
            _ when type == typeof(IReadOnlyDictionary<string, string>) => new Dictionary<string, string> { [$"key {number}"] = "", [""] = $"value {number}" },
            { IsEnum: true } => Enum.GetValues(type).GetValue(number % Enum.GetValues(type).Length)!,
            { IsGenericType: true } => ListOf(type.GetGenericArguments()[0]),
            _ => Of(type),
        };
    }

    private IList ListOf(Type type)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(type))!;
        list.Add(ValueOf(type));
        list.Add(ValueOf(type));
        return list;
    }
}
