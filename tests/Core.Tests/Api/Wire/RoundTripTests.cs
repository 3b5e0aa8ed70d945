using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using CsCheck;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Tests.Api.Wire;

/// <summary>Whatever an image holds is in its answer, at every level: what is written and read again is the same.</summary>
public sealed class RoundTripTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char['\0', '\uD7FF'], 0, 12],
        OneOf("", "<a href=\"x\">&amp;</a>", "\u2028\u2029", "\\\"\b\f\n\r\t\0\u007F", "😀é", "{\"id\":null}", "\uFEFF\uFFFF"));

    // What a tick tells apart, so that all four lengths of a fraction come up.
    private static readonly Gen<DateTimeOffset> Moment = Gen.Select(Gen.Long[0, 253_402_300_799L - 62_135_596_800L], OneOf(0, 1, 10, 10_000, 9_999_999))
        .Select((seconds, ticks) => DateTimeOffset.UnixEpoch.AddSeconds(seconds / 2).AddTicks(ticks));

    public static TheoryData<ApiLevel> Levels => [.. Enum.GetValues<ApiLevel>()];

    [Theory]
    [MemberData(nameof(Levels))]
    public void AnImageIsReadAsItWasWritten(ApiLevel level) => Messages<WireImage>(level).Sample(image =>
    {
        byte[] json = WireJson.BytesOf(image, WireLayout.Compact, level);

        Assert.Equal(Describe(image), Describe(WireReader.Read<WireImage>(json)));
    });

    [Theory]
    [MemberData(nameof(Levels))]
    public void ALayoutForPeopleSaysTheSame(ApiLevel level) => Messages<WireImage>(level).Sample(image =>
        Assert.Equal(Describe(image), Describe(WireReader.Read<WireImage>(WireJson.BytesOf(image, WireLayout.Pretty, level)))), iter: 20);

    [Theory]
    [MemberData(nameof(Levels))]
    public void AnExportedLineHasNoLineBreak(ApiLevel level) => Messages<WireExportLine>(level).Sample(line =>
        Assert.DoesNotContain((byte)'\n', WireJson.BytesOf(line, WireLayout.Compact, level)), iter: 20);

    [Fact]
    public void TheReaderMissesNothing()
    {
        var image = new WireImage { Scan = new WireScan { Components = [new WireComponent { Vulns = [new WireVulnerability { Cvss = 6.5f }] }] } };

        Assert.NotEqual(Describe(image), Describe(image with { Scan = image.Scan with { Hash = 0 } }));
        Assert.NotEqual(
            Describe(image),
            Describe(image with { Scan = image.Scan with { Components = [new WireComponent { Vulns = [new WireVulnerability { Cvss = 6.5000005f }] }] } }));
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => WireReader.Read<WireImage>("""{"id":"","more":1}"""u8));
    }

    private static Gen<TMessage> Messages<TMessage>(ApiLevel level) => GenOf(typeof(TMessage), level).Select(message => (TMessage)message!);

    // By reflection, so that a member that is added is tried, too. One of a later release keeps its default, since it is not written.
    private static Gen<object?> GenOf(Type type, ApiLevel level) => type switch
    {
        _ when type == typeof(string) => Text.Select(value => (object?)value),
        _ when type == typeof(bool) => Gen.Bool.Select(value => (object?)value),
        _ when type == typeof(int) => Gen.Int.Select(value => (object?)value),
        _ when type == typeof(long) => Gen.Long.Select(value => (object?)value),
        _ when type == typeof(ulong) => Gen.ULong.Select(value => (object?)value),
        _ when type == typeof(float) => Gen.OneOf(Gen.Float, Gen.Float.Special, Gen.Float[0f, 10f]).Select(value => (object?)value),
        _ when type == typeof(DateTimeOffset) => Moment.Select(value => (object?)value),
        _ when type == typeof(ReadOnlyMemory<byte>) => Gen.Byte.Array[0, 9].Select(value => (object?)new ReadOnlyMemory<byte>(value)),
        { IsEnum: true } => OneOf([.. Enum.GetValues(type).Cast<object?>()]),
        _ when Nullable.GetUnderlyingType(type) is { } inner => OrNull(GenOf(inner, level)),
        { IsGenericType: true } when type.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>) => Gen.Dictionary(Text, Text)[0, 3].Select(value => (object?)value),
        { IsGenericType: true } => GenOf(type.GetGenericArguments()[0], level).Array[0, 3].Select(items => (object?)ArrayOf(type.GetGenericArguments()[0], items)),
        _ => RecordOf(type, level),
    };

    private static Gen<object?> OrNull(Gen<object?> values) => Gen.OneOf(values, Gen.Const((object?)null));

    private static Gen<object?> RecordOf(Type type, ApiLevel level)
    {
        PropertyInfo[] properties = [.. PropertiesOf(type).Where(property => property.SetMethod is not null && IsIn(property, level))];
        Gen<object?>[] values = [.. properties.Select(property => IsNullableRecord(property) ? OrNull(GenOf(property.PropertyType, level)) : GenOf(property.PropertyType, level))];
        return new RecordGen(type, [.. properties.Zip(values)]);
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Array ArrayOf(Type element, object?[] items)
    {
        var array = Array.CreateInstance(element, items.Length);
        items.CopyTo(array, 0);
        return array;
    }

    private static bool IsIn(PropertyInfo property, ApiLevel level) => property.GetCustomAttribute<SinceAttribute>()?.IsIn(level) ?? true;

    private static bool IsNullableRecord(PropertyInfo property) =>
        !property.PropertyType.IsValueType && new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;

    private static IEnumerable<PropertyInfo> PropertiesOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0);

    private static string Describe(object? value)
    {
        var text = new StringBuilder();
        Describe(value, text);
        return text.ToString();
    }

    // Every member by name and value; floats by their bits, so that -0 is told from 0.
    private static void Describe(object? value, StringBuilder text)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case float number: text.Append(CultureInfo.InvariantCulture, $"{(float.IsNaN(number) ? "NaN" : BitConverter.SingleToUInt32Bits(number))}"); break;
            case DateTimeOffset moment: text.Append(CultureInfo.InvariantCulture, $"{moment.UtcTicks}"); break;
            case ReadOnlyMemory<byte> bytes: text.Append(Convert.ToHexString(bytes.Span)); break;
            case string or ValueType: text.Append(CultureInfo.InvariantCulture, $"'{value}'"); break;
            case IReadOnlyDictionary<string, string> map:
                text.AppendJoin(',', map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"'{pair.Key}'='{pair.Value}'"));
                break;
            case IEnumerable items:
                text.Append('[');
                foreach (object? item in items)
                {
                    Describe(item, text);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                foreach (PropertyInfo property in PropertiesOf(value.GetType()))
                {
                    text.Append(CultureInfo.InvariantCulture, $"\n{property.Name}=");
                    Describe(property.GetValue(value), text);
                }

                break;
        }
    }

    private sealed class RecordGen(Type type, (PropertyInfo Property, Gen<object?> Values)[] members) : Gen<object?>
    {
        public override object? Generate(PCG pcg, Size? min, out Size size)
        {
            size = new Size(0);
            object record = type.GetConstructor(Type.EmptyTypes) is null ? RuntimeHelpers.GetUninitializedObject(type) : Activator.CreateInstance(type)!;
            foreach ((PropertyInfo property, Gen<object?> values) in members)
            {
                property.SetValue(record, values.Generate(pcg, null, out _));
            }

            return record;
        }
    }
}
