using System.Security.Cryptography;
using System.Text;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>
/// Signature Version 4 of AWS, in a header
/// (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
/// </summary>
internal static class AwsSignature
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The value of the header Authorization.</summary>
    public static string AuthorizationOf(AwsRequest request, AwsScope scope, AwsKeys keys) =>
        $"{Algorithm} Credential={keys.AccessKeyId}/{scope}, SignedHeaders={SignedHeadersOf(request)}, Signature={Of(request, scope, keys)}";

    /// <summary>The signature: 64 small hexadecimal digits.</summary>
    public static string Of(AwsRequest request, AwsScope scope, AwsKeys keys)
    {
        byte[] key = Encoding.UTF8.GetBytes($"AWS4{keys.SecretAccessKey}");
        foreach (string part in (string[])[scope.Day, scope.Region, scope.Service, "aws4_request"])
        {
            key = Keyed(key, part);
        }

        return Hex(Keyed(key, StringToSign(request, scope)));
    }

    internal static string StringToSign(AwsRequest request, AwsScope scope) =>
        $"{Algorithm}\n{scope.Stamp}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalRequest(request))))}";

    internal static string CanonicalRequest(AwsRequest request)
    {
        var canonical = new StringBuilder();
        canonical.Append(request.Method).Append('\n').Append(CanonicalPath(request.Path)).Append('\n').Append(CanonicalQuery(request.Query)).Append('\n');
        foreach ((string name, string value) in CanonicalHeaders(request))
        {
            canonical.Append(name).Append(':').Append(value).Append('\n');
        }

        return canonical.Append('\n').Append(SignedHeadersOf(request)).Append('\n').Append(Hex(SHA256.HashData(request.Body.Span))).ToString();
    }

    private static string SignedHeadersOf(AwsRequest request) => string.Join(';', CanonicalHeaders(request).Select(header => header.Name));

    // Names in small letters and in order; values of one name stay in theirs; blanks at the ends go, those within become one.
    private static IEnumerable<(string Name, string Value)> CanonicalHeaders(AwsRequest request) => request.Headers
        .GroupBy(header => header.Name.ToLowerInvariant(), header => WithSingleBlanks(header.Value))
        .OrderBy(header => header.Key, StringComparer.Ordinal)
        .Select(header => (header.Key, string.Join(',', header)));

    private static string WithSingleBlanks(string value) =>
        string.Join(' ', value.Split((char[])[' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    // Dots and doubled slashes are resolved, as RFC 3986 has it, for every service but S3.
    private static string CanonicalPath(string path)
    {
        var segments = new List<string>();
        foreach (string segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == ".." && segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment is not ("." or ".."))
            {
                segments.Add(Uri.EscapeDataString(segment));
            }
        }

        bool isFolder = segments.Count > 0 && path.EndsWith('/');
        return $"/{string.Join('/', segments)}{(isFolder ? "/" : "")}";
    }

    // By name, then by value, each as it is escaped.
    private static string CanonicalQuery(string query) => string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(parameter => parameter.Split('=', 2))
        .Select(parts => (Name: Escaped(parts[0]), Value: parts.Length > 1 ? Escaped(parts[1]) : ""))
        .OrderBy(parameter => parameter.Name, StringComparer.Ordinal)
        .ThenBy(parameter => parameter.Value, StringComparer.Ordinal)
        .Select(parameter => $"{parameter.Name}={parameter.Value}"));

    // .NET leaves what RFC 3986 calls unreserved, as AWS wants it.
    private static string Escaped(string text) => Uri.EscapeDataString(Uri.UnescapeDataString(text));

    private static byte[] Keyed(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
