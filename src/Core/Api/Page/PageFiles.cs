using System.Collections.Frozen;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

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
    private const string Folder = "assets/";

    // Names of the route's last part, fixed: a caller cannot make it a path.
    private static readonly FrozenDictionary<string, Lazy<PageFile>> Files = typeof(PageFiles).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && name != Prefix + Index)
        .ToFrozenDictionary(name => name[Prefix.Length..], name => new Lazy<PageFile>(() => FileOf(name, Read(name))), StringComparer.Ordinal);

    private static readonly Lazy<string> VersionOfParts = new(HashOfParts);

    private static readonly Lazy<PageFile> IndexFile = new(() => FileOf(Index, AtVersion(Read(Prefix + Index))));

    /// <summary>The names of the parts, without the page itself.</summary>
    public static IReadOnlyList<string> Parts { get; } = [.. Files.Keys.Order(StringComparer.Ordinal)];

    /// <summary>What the parts are together, in hexadecimal digits: another as soon as one of them is. The page asks for them below it.</summary>
    public static string Version => VersionOfParts.Value;

    /// <summary>The page itself.</summary>
    public static PageFile Page => IndexFile.Value;

    /// <summary>A part of the page by its name; null if there is none of that name.</summary>
    public static PageFile? Find(string name) => Files.TryGetValue(name, out Lazy<PageFile>? file) ? file.Value : null;

    private static byte[] Read(string resource)
    {
        using Stream stream = typeof(PageFiles).Assembly.GetManifestResourceStream(resource)!;
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static PageFile FileOf(string name, byte[] content) => new(GzipOf(content), TypeOf(name), TagOf(content));

    // The source names its parts as they lie beside it.
    private static byte[] AtVersion(byte[] index) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(index).Replace($"\"{Folder}", $"\"{Folder}{Version}/", StringComparison.Ordinal));

    private static string HashOfParts()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string name in Parts)
        {
            hash.AppendData(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
            hash.AppendData(SHA256.HashData(Read(Prefix + name)));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
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
