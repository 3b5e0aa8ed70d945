using System.Collections.Frozen;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;

namespace ImageScan.Core.Api.Page;

/// <summary>
/// The page for people, as it lies in this folder: what is served is the source, and nothing of it comes from another host.
/// </summary>
public static class PageFiles
{
    /// <summary>
    /// What the page may load and do, by its Content-Security-Policy (https://www.w3.org/TR/CSP3/): its own host, nothing else, no script or style within
    /// the page, and no text that becomes a part of it (https://www.w3.org/TR/trusted-types/).
    /// </summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        + "frame-ancestors 'none'; require-trusted-types-for 'script'";

    private const string Prefix = "page-";
    private const string Index = "index.html";

    // Names of the route's last part, fixed: a caller cannot make it a path.
    private static readonly FrozenDictionary<string, Lazy<PageFile>> Files = typeof(PageFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(name => name[Prefix.Length..], name => new Lazy<PageFile>(() => Read(name)), StringComparer.Ordinal);

    /// <summary>The names of the parts, without the page itself.</summary>
    public static IReadOnlyList<string> Parts { get; } = [.. Files.Keys.Where(name => name != Index).Order(StringComparer.Ordinal)];

    /// <summary>The page itself.</summary>
    public static PageFile Page => Files[Index].Value;

    /// <summary>A part of the page by its name; null if there is none of that name.</summary>
    public static PageFile? Find(string name) => name != Index && Files.TryGetValue(name, out Lazy<PageFile>? file) ? file.Value : null;

    private static PageFile Read(string resource)
    {
        Assembly assembly = typeof(PageFiles).Assembly;
        using Stream stream = assembly.GetManifestResourceStream(resource)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return new PageFile(GzipOf(bytes), TypeOf(resource), TagOf(bytes));
    }

    // The build embeds no other kinds (ImageScan.Core.csproj).
    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        _ => "image/svg+xml",
    };

    // Weak, since packed and unpacked it is the same (https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1).
    private static string TagOf(byte[] content) => $"W/\"{Convert.ToHexStringLower(SHA256.HashData(content))[..32]}\"";

    private static byte[] GzipOf(byte[] content)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return packed.ToArray();
    }
}

/// <summary>The page or a part of it.</summary>
/// <param name="Gzip">Its bytes, compressed by gzip.</param>
/// <param name="ContentType">What they are.</param>
/// <param name="Tag">Its entity tag, another for every content.</param>
public sealed record PageFile(ReadOnlyMemory<byte> Gzip, string ContentType, string Tag);
