using System.Reflection;
using System.Text;
using System.Text.Json;
using CsCheck;
using ImageScan.Core.Api;

namespace ImageScan.EndToEnd.Scans;

/// <summary>
/// Bodies and queries that callers could send: JSON with the fields of an operation and values of any kind in them, and what is left of it when it
/// is cut off, spoilt or nested too deeply. Where a field names an image, the name is that of one that is there, or none at all: others would be
/// asked of a registry, whose failures are errors of the service by contract.
/// </summary>
internal static class MadeBodies
{
    private static readonly string[] ImageFields = ["imageName", "image_name", "name"];

    // Of messages inside of others.
    private static readonly string[] InnerFields =
        ["imageScope", "registry", "remote", "tag", "expiryType", "expiresOn", "expiresWhenFixed", "path", "clusterId", "cves", "ids", "id", "comment", "unknown"];

    private static readonly string[] NoImages = ["", " ", "Foo", "a b", "https://x/y", "UPPER/case", "a//b", "é", $"x:{new string('t', 129)}"];

    private static readonly string[] Texts =
    [
        "", " ", ".*", "[", "(a+)+$", "TIME", "ALL", "SPECIFIC", "ANY_CVE_FIXABLE", "CVE-2024-1", "CVE-2024-1,CVE-2024-2", "86400s", "-1s", "1e9s",
        "2030-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2030-13-01", "../..", "a/b\\c#d?e", "' or 1 eq 1", "null", "\\ud800",
        "\\u0000\\u001b[2J", "<script>", "é\u2028", new string('x', 5_000), "6f9619ff-8b86-d011-b42d-00c04fc964ff", "admin", "sha256:",
    ];

    private static readonly string[] Numbers = ["0", "-1", "1", "1.5", "-0", "2147483648", "12345678901234567890", "1e400", "-1E-400"];

    private static readonly string[] QueryValues =
    [
        "", "0", "-1", "5", "999999999999", "true", "maybe", "x", "linux/arm64", "Image:", "Image:\"", "Image:r/(a+)+$", "Image:!x+CVE:CVE-2024-1", "CVE:", ":", "+",
        ",,,", "Severity:critical,LOW", "Fixable:true", "CVSS:>=7", "CVSS:>x", "Image:a+b+c", "NoField:x", "SCANNER_V4", "Image Risk Score", "%00", "\u0001", "é",
        "1970-01-01", "[]", "{}", "../../etc/passwd", "' or PartitionKey ne '", new string('y', 3_000),
    ];

    private static readonly string[] QueryNames =
    [
        "query", "query.query", "query.pagination.limit", "query.pagination.offset", "confirm", "pagination.limit", "pagination.offset", "pagination.sortOption.field",
        "pagination.sortOption.reversed", "pagination.sort_option.field", "includeSnoozed", "include_snoozed", "stripDescription", "platform", "component", "name",
        "pretty", "revoked", "unknown", "",
    ];

    /// <summary>A body for an operation.</summary>
    /// <param name="operation">Whose fields it has.</param>
    /// <param name="image">The name of an image that is there.</param>
    public static Gen<byte[]> For(Operation operation, string image)
    {
        string[] fields = [.. FieldsOf(operation.Body)];
        Gen<byte[]> whole = Objects(fields, [image, .. NoImages], 3).Select(Encoding.UTF8.GetBytes);
        Gen<byte[]> spoilt = Objects(fields, NoImages, 3).Select(Encoding.UTF8.GetBytes);
        return Gen.OneOf(
            whole,
            whole,
            spoilt,
            Gen.Select(spoilt, Gen.Int[0, 60]).Select((json, length) => json[..Math.Min(length, json.Length)]),
            Gen.Select(spoilt, Gen.Int[0, 60], Gen.Byte).Select((json, at, value) => With(json, at, value)),
            Gen.Select(spoilt, Gen.Int[0, 60]).Select((json, at) => With(json, at, 0xFF)),
            Values(fields, NoImages, 2).Select(Encoding.UTF8.GetBytes),
            Gen.Int[60, 70].Select(depth => Encoding.UTF8.GetBytes($"{{\"{fields.FirstOrDefault("a")}\":{new string('[', depth)}{new string(']', depth)}}}")),
            Gen.Byte.Array[0, 40],
            Gen.Const(Encoding.UTF8.GetBytes($"{{\"a\":\"{new string('x', 70_000)}\"}}")));
    }

    /// <summary>A query string, with its question mark or "" for none.</summary>
    public static Gen<string> QueryFor(Operation operation)
    {
        string[] names = [.. QueryNames, .. FieldsOf(operation.Parameters)];
        Gen<string> pair = Gen.Select(OneOf(names), OneOf(QueryValues), Gen.Bool)
            .Select((name, value, isRaw) => isRaw && value.All(char.IsAscii) && !value.Any(char.IsControl) ? $"{name}={value}" : $"{name}={Uri.EscapeDataString(value)}");
        return pair.Array[0, 4].Select(pairs => pairs.Length == 0 ? "" : $"?{string.Join('&', pairs)}");
    }

    /// <summary>A value for a place in a route.</summary>
    public static Gen<string> Places { get; } = OneOf([.. QueryValues.Where(value => value.Length is > 0 and < 1_000), $"sha256:{new string('0', 64)}"]).Select(Uri.EscapeDataString);

    private static IEnumerable<string> FieldsOf(Type? request) => (request?.GetProperties(BindingFlags.Public | BindingFlags.Instance) ?? [])
        .SelectMany(property => new[] { JsonNamingPolicy.CamelCase.ConvertName(property.Name), JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name) });

    private static Gen<string> Objects(string[] fields, string[] images, int depth)
    {
        Gen<string> values = Values(fields, images, depth - 1);
        Gen<string> names = Gen.OneOf(OneOf(fields.Length > 0 ? fields : InnerFields), OneOf(fields.Length > 0 ? fields : InnerFields), OneOf(InnerFields));
        return names.SelectMany(name => ImageFields.Contains(name)
                ? Gen.OneOf(OneOf(images).Select(text => $"\"{text}\""), OneOf(Numbers)).Select(value => $"\"{name}\":{value}")
                : values.Select(value => $"\"{name}\":{value}"))
            .Array[0, 6].Select(pairs => $"{{{string.Join(',', pairs)}}}");
    }

    private static Gen<string> Values(string[] fields, string[] images, int depth)
    {
        Gen<string> plain = Gen.OneOf(OneOf("null", "true", "false"), OneOf(Numbers), OneOf(Texts).Select(text => $"\"{text}\""));
        return depth <= 0 ? plain : Gen.OneOf(
            plain,
            plain,
            Values(fields, images, depth - 1).Array[0, 4].Select(items => $"[{string.Join(',', items)}]"),
            Objects(InnerFields, images, depth));
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static byte[] With(byte[] json, int at, byte value)
    {
        if (json.Length > 0)
        {
            json[at % json.Length] = value;
        }

        return json;
    }
}
