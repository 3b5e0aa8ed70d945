extern alias reader;

using System.Reflection;
using reader::Scalar.AspNetCore;

namespace ImageScan.Core.Api.Description;

/// <summary>
/// The page that shows the API's description to people, and its parts. The reader is Scalar's (MIT), as its package holds it; nothing of
/// the page comes from another host.
/// </summary>
public static class ReaderPage
{
    /// <summary>
    /// What the page may load and ask, by its Content-Security-Policy (https://www.w3.org/TR/CSP3/): its own host, nothing else. Scalar writes its
    /// styles into the page and takes no nonce for all of them; scripts within the page are refused.
    /// </summary>
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Lazy<byte[]> PageBytes = new(() => Read(typeof(ReaderPage).Assembly, "reader.html"));

    // Names of the route's last part, fixed: a caller cannot make it a path.
    private static readonly Dictionary<string, Lazy<ReaderAsset>> Assets = new(StringComparer.Ordinal)
    {
        ["reader.js"] = new(() => new ReaderAsset(Read(typeof(ReaderPage).Assembly, "reader.js"), "text/javascript; charset=utf-8", IsGzip: false)),
        ["scalar.js"] = new(() => new ReaderAsset(ReadOfScalar("scalar.js"), "text/javascript; charset=utf-8", IsGzip: true)),
        ["favicon.svg"] = new(() => new ReaderAsset(ReadOfScalar("favicon.svg"), "image/svg+xml", IsGzip: false)),
    };

    /// <summary>The page as UTF-8.</summary>
    public static ReadOnlyMemory<byte> Page => PageBytes.Value;

    /// <summary>A part of the page by its name; null if there is none of that name.</summary>
    public static ReaderAsset? Find(string name) => Assets.TryGetValue(name, out Lazy<ReaderAsset>? asset) ? asset.Value : null;

    // https://github.com/scalar/scalar/tree/main/integrations/dotnet/aspnetcore: scripts lie in the package compressed by gzip.
    private static byte[] ReadOfScalar(string name) => Read(typeof(ScalarOptions).Assembly, $"ScalarStaticAssets.{name}");

    private static byte[] Read(Assembly assembly, string resource)
    {
        using Stream stream = assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"{assembly.GetName().Name} does not hold {resource}.");
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}

/// <summary>A part of the page.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">What they are.</param>
/// <param name="IsGzip">Whether they are compressed.</param>
public sealed record ReaderAsset(ReadOnlyMemory<byte> Content, string ContentType, bool IsGzip);
