using System.Text.Json;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace ImageScan.Core.Detectors.Chisel;

/// <summary>
/// Reads which of Ubuntu's packages a chiselled image has slices of. Such an image has no dpkg database but a manifest, packed with zstd, of
/// one JSON object a line (https://documentation.ubuntu.com/chisel/en/latest/reference/manifest/, and …/reference/jsonwall/).
/// </summary>
public sealed class ChiselDetector : IPackageDetector
{
    // Slices may have it generated elsewhere; Ubuntu's have it here.
    private const string Manifest = "var/lib/chisel/manifest.wall";

    // That of a full Java runtime has 1 MiB.
    private const int MaxExpandedBytes = 64 << 20;

    // What every decoder should support (https://datatracker.ietf.org/doc/html/rfc8878#section-3.1.1.1.2).
    private const int WindowLog = 23;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 8 };

    public string Name => "chisel";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths { get; } = [Manifest];

    public bool Wants(string path) => path == Manifest;

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        try
        {
            using var zstd = new DecompressionStream(content, bufferSize: 0, checkEndOfStream: true, leaveOpen: true);
            zstd.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, WindowLog);
            using var bounded = new BoundedStream(zstd, MaxExpandedBytes);
            ReadLines(entry.Path, bounded, findings);
            if (bounded.IsCut)
            {
                findings.Warn($"Of this Chisel manifest only the first {MaxExpandedBytes} bytes were read.");
            }
        }
        catch (Exception e) when (e is ZstdException or EndOfStreamException)
        {
            findings.Warn("This Chisel manifest is no whole zstd stream, or asks for too much memory: packages of the operating system may be missing.");
        }
    }

    private static void ReadLines(string path, Stream expanded, FileFindings findings)
    {
        using var lines = new TextLines(expanded);
        if (!lines.TryRead(out ReadOnlySpan<byte> header) || !header.StartsWith("{\"jsonwall\":"u8))
        {
            findings.Warn("This Chisel manifest is no jsonwall: packages of the operating system may be missing.");
            return;
        }

        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            // Of the kinds there are also path (as content, once a file) and slice.
            bool isPackage = line.StartsWith("{\"kind\":\"package\""u8);
            if (!isPackage && !line.StartsWith("{\"kind\":\"content\""u8))
            {
                continue;
            }

            try
            {
                var reader = new Utf8JsonReader(line, Options);
                ReadLine(ref reader, isPackage, path, findings);
            }
            catch (JsonException)
            {
                findings.Warn("A line of this Chisel manifest is no valid JSON.");
            }
        }
    }

    private static void ReadLine(ref Utf8JsonReader reader, bool isPackage, string path, FileFindings findings)
    {
        string? name = null, version = null, architecture = null, slice = null, ownedPath = null;
        reader.EnterDocument();
        while (reader.NextProperty())
        {
            _ = reader.NameIs("name"u8) ? name = reader.NextText()
                : reader.NameIs("version"u8) ? version = reader.NextText()
                : reader.NameIs("arch"u8) ? architecture = reader.NextText()
                : reader.NameIs("slice"u8) ? slice = reader.NextText()
                : reader.NameIs("path"u8) ? ownedPath = reader.NextText()
                : reader.NextText();
        }

        if (!isPackage)
        {
            Own(slice, ownedPath, findings);
        }
        else if (string.IsNullOrEmpty(name) || string.IsNullOrEmpty(version))
        {
            findings.Warn("A package of this Chisel manifest lacks its name or version.");
        }
        else
        {
            string? stated = string.IsNullOrEmpty(architecture) ? null : architecture;
            findings.Add(new Package { Type = PackageType.Dpkg, Name = name, Version = version, Architecture = stated, Path = path });
        }
    }

    // {"kind":"content","slice":"libc6_libs","path":"/usr/lib/x86_64-linux-gnu/libc.so.6"}: names of packages have no underscore.
    private static void Own(string? slice, string? path, FileFindings findings)
    {
        if (slice is not null && path is ['/', _, ..] && !path.EndsWith('/'))
        {
            findings.Own(path.TrimStart('/'), slice.Split('_')[0]);
        }
    }
}
