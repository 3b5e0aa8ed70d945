using System.Text.Json;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Rpm;

/// <summary>
/// Reads which repositories the packages of a layer of Red Hat's are from; which products they belong to, and so which advisories apply, depends
/// on that. The format is
/// https://github.com/containerbuildsystem/atomic-reactor/blob/master/atomic_reactor/schemas/content_manifest.json; newer images have it in
/// <c>usr/share/buildinfo</c> too (https://issues.redhat.com/browse/KONFLUX-6844), beside other files.
/// </summary>
public sealed class ContentManifestDetector : IPackageDetector
{
    private const string Folder = "root/buildinfo/content_manifests/";
    private const string NewPlace = "usr/share/buildinfo/content-sets.json";

    // Real ones have some kilobytes.
    private const int MaxBytes = 4 << 20;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    public string Name => "content-manifest";

    public int Version => 2;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) =>
        path == NewPlace
        || (path.StartsWith(Folder, StringComparison.Ordinal)
            && path.EndsWith(".json", StringComparison.Ordinal)
            && path.IndexOf('/', Folder.Length) < 0);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        if (entry.Size > MaxBytes)
        {
            findings.Warn($"This content manifest is larger than {MaxBytes} bytes and was not read.");
            return;
        }

        var bytes = new byte[entry.Size];
        int length = content.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        try
        {
            Read(bytes.AsSpan(0, length), findings);
        }
        catch (JsonException)
        {
            findings.Warn("This content manifest is no valid JSON: which Red Hat repositories the packages are from is not known.");
        }
    }

    private static void Read(ReadOnlySpan<byte> utf8, FileFindings findings)
    {
        var reader = new Utf8JsonReader(utf8, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            // A manifest may be "null", too.
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isSets = reader.NameIs("content_sets"u8);
            reader.Read();
            if (isSets && reader.TokenType == JsonTokenType.StartArray)
            {
                ReadSets(ref reader, findings);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadSets(ref Utf8JsonReader reader, FileFindings findings)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.String && TextOf(ref reader) is { Length: > 0 } name)
            {
                findings.ContentSet(name);
            }

            reader.Skip();
        }
    }

    private static string? TextOf(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8: no name of a repository.
            return null;
        }
    }
}
