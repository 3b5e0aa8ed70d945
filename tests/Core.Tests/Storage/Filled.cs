using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Storage;

/// <summary>Nouns with every member set to something of its own, also those added after the test was written.</summary>
internal static class Filled
{
    public static T Of<T>() => (T)Value(typeof(T), [0]);

    /// <summary>Every public member of a noun and its value, as text.</summary>
    public static string Describe(object? value)
    {
        var text = new StringBuilder();
        Describe(value, text);
        return text.ToString();
    }

    private static object Value(Type type, int[] counter)
    {
        int n = ++counter[0];
        Type element = type.IsGenericType ? type.GetGenericArguments()[^1] : type;
        return type switch
        {
            _ when type == typeof(string) => $"{n} \u001b[31m<+&'\"\u2028\0\U0001F600",
            _ when type == typeof(bool) => true,
            _ when type == typeof(int) => n,
            _ when type == typeof(long) => 5_000_000_000L + n,
            _ when type == typeof(float) => n + 0.1f,
            _ when type == typeof(double) => n + 0.1,
            _ when type == typeof(DateTimeOffset) => new DateTimeOffset(n, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)).AddTicks(6),
            _ when type == typeof(DateOnly) => new DateOnly(n, 1, 2),
            _ when type == typeof(Digest) => Digest.OfSha256(Enumerable.Repeat((byte)n, 32).ToArray()),
            _ when type == typeof(PathSet) => PathSet.Of([$"usr/{n}", "etc"]),
            _ when type == typeof(PackageType) => PackageType.All[n % PackageType.All.Count],
            _ when type.IsEnum => Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!,
            _ when Nullable.GetUnderlyingType(type) is { } inner => Value(inner, counter),
            _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) => Dictionary(element, counter),
            _ when type.IsGenericType => List(element, counter),
            _ => Record(type, counter),
        };
    }

    private static IList List(Type element, int[] counter)
    {
        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element))!;
        list.Add(Value(element, counter));
        list.Add(Value(element, counter));
        return list;
    }

    private static IDictionary Dictionary(Type element, int[] counter)
    {
        var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), element))!;
        dictionary.Add(Value(typeof(string), counter), Value(element, counter));
        return dictionary;
    }

    private static object Record(Type type, int[] counter)
    {
        object record = RuntimeHelpers.GetUninitializedObject(type);
        foreach (PropertyInfo property in PropertiesOf(type).Where(property => property.SetMethod is not null))
        {
            property.SetValue(record, Value(property.PropertyType, counter));
        }

        return record;
    }

    private static void Describe(object? value, StringBuilder text)
    {
        if (value is PathSet paths)
        {
            text.Append(Convert.ToHexString(paths.ToBytes()));
        }
        else if (value is DateTimeOffset moment)
        {
            text.Append(moment.ToString("O", CultureInfo.InvariantCulture));
        }
        else if (value is null or string or Digest or PackageType || value.GetType().IsValueType && value is not DictionaryEntry && !value.GetType().IsGenericType)
        {
            text.Append(CultureInfo.InvariantCulture, $"{value ?? "null"}");
        }
        else if (value is IEnumerable items)
        {
            foreach (object item in items)
            {
                text.Append('[');
                Describe(item, text);
                text.Append(']');
            }
        }
        else
        {
            foreach (PropertyInfo property in PropertiesOf(value.GetType()))
            {
                text.Append(CultureInfo.InvariantCulture, $"{property.Name}=");
                Describe(property.GetValue(value), text);
                text.Append('\n');
            }
        }
    }

    private static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0);
}
