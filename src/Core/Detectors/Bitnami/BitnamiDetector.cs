using System.Text.Json;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Bitnami;

/// <summary>
/// Reads what Bitnami has built into its images from the SPDX documents that it lays beside each application:
/// <c>opt/bitnami/NAME/.spdx-NAME.spdx</c> (https://spdx.github.io/spdx-spec/v2.3/, as JSON).
/// </summary>
public sealed class BitnamiDetector : IPackageDetector
{
    // With all files of a large Python or Node application listed.
    private const int MaxBytes = 32 << 20;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    public string Name => "bitnami";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path)
    {
        if (!path.EndsWith(".spdx", StringComparison.Ordinal)
            || !(path.StartsWith("opt/bitnami/", StringComparison.Ordinal) || path.StartsWith("bitnami/", StringComparison.Ordinal)))
        {
            return false;
        }

        return path.AsSpan(path.LastIndexOf('/') + 1).StartsWith(".spdx-", StringComparison.Ordinal);
    }

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        if (entry.Size > MaxBytes)
        {
            findings.Warn($"This SPDX document has more than {MaxBytes} bytes and was not read.");
            return;
        }

        try
        {
            using HeldBody body = HeldBody.Take(content, entry.Size, findings.Cancellation);
            ReadDocument(body.Memory.Span, entry.Path, findings);
        }
        catch (JsonException e)
        {
            findings.Warn($"This SPDX document is no valid JSON (line {e.LineNumber + 1}).");
        }
    }

    private static void ReadDocument(ReadOnlySpan<byte> utf8, string path, FileFindings findings)
    {
        var reader = new Utf8JsonReader(JsonReading.WithoutByteOrderMark(utf8), Options);
        reader.EnterDocument();
        while (reader.NextProperty())
        {
            bool isPackages = reader.NameIs("packages"u8);
            if (!reader.TryEnter(JsonTokenType.StartArray) || !isPackages)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if (reader.TokenType == JsonTokenType.StartObject)
                {
                    ReadPackage(ref reader, path, findings);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
    }

    private static void ReadPackage(ref Utf8JsonReader reader, string path, FileFindings findings)
    {
        BitnamiPurl? purl = null;
        string? declared = null, concluded = null;
        while (reader.NextProperty())
        {
            if (reader.NameIs("licenseDeclared"u8))
            {
                declared = reader.NextText();
            }
            else if (reader.NameIs("licenseConcluded"u8))
            {
                concluded = reader.NextText();
            }
            else if (reader.NameIs("externalRefs"u8))
            {
                purl = NextPurl(ref reader) ?? purl;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        // What bears another purl (pkg:deb, pkg:npm, pkg:golang) is read from its own files.
        if (purl is not null)
        {
            findings.Add(new Package
            {
                Type = PackageType.Bitnami,
                Name = purl.Name,
                Version = purl.Version,
                Architecture = purl.Architecture,
                License = Stated(declared) ?? Stated(concluded),
                Path = path,
            });
        }
    }

    // "externalRefs": [{"referenceType": "purl", "referenceLocator": "pkg:bitnami/redis@7.2.4-5?arch=amd64"}]
    private static BitnamiPurl? NextPurl(ref Utf8JsonReader reader)
    {
        BitnamiPurl? found = null;
        if (!reader.TryEnter(JsonTokenType.StartArray))
        {
            return null;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.NextProperty())
            {
                bool isLocator = reader.NameIs("referenceLocator"u8);
                string? locator = reader.NextText();
                found ??= isLocator && locator is not null ? BitnamiPurl.Parse(locator) : null;
            }
        }

        return found;
    }

    // https://spdx.github.io/spdx-spec/v2.3/package-information/#715-declared-license-field
    private static string? Stated(string? license) => license is null or "" or "NOASSERTION" or "NONE" ? null : license;
}
