using System.Text.Json;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Detectors.Php;

/// <summary>
/// Composer's <c>installed.json</c>. Composer 1 wrote a list of packages, Composer 2 writes an object that has it as <c>packages</c>
/// (https://github.com/composer/composer, UPGRADE-2.0.md). Whatever is in it is installed, development packages too:
/// <c>dev-package-names</c> only says why.
/// </summary>
internal static class InstalledJson
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>Adds its packages; throws <see cref="JsonException"/>.</summary>
    public static void Read(ReadOnlySpan<byte> utf8, string path, FileFindings findings)
    {
        var reader = new Utf8JsonReader(JsonReading.WithoutByteOrderMark(utf8), Options);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray)
        {
            ReadPackages(ref reader, path, findings);
            return;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("It is neither a list nor an object.", null, 0, null);
        }

        while (reader.NextProperty())
        {
            bool isPackages = reader.NameIs("packages"u8);
            if (reader.TryEnter(JsonTokenType.StartArray) && isPackages)
            {
                ReadPackages(ref reader, path, findings);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private static void ReadPackages(ref Utf8JsonReader reader, string path, FileFindings findings)
    {
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

    // https://getcomposer.org/doc/04-schema.md
    private static void ReadPackage(ref Utf8JsonReader reader, string path, FileFindings findings)
    {
        string? name = null, version = null, type = null, license = null;
        while (reader.NextProperty())
        {
            if (reader.NameIs("name"u8))
            {
                name = reader.NextText();
            }
            else if (reader.NameIs("version"u8))
            {
                version = reader.NextText();
            }
            else if (reader.NameIs("type"u8))
            {
                type = reader.NextText();
            }
            else if (reader.NameIs("license"u8))
            {
                license = NextLicense(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        // A metapackage only asks for others and brings no file.
        if (type == "metapackage")
        {
            return;
        }

        if (string.IsNullOrEmpty(name) || string.IsNullOrEmpty(version))
        {
            findings.Warn("An entry of Composer's list lacks its name or version.");
            return;
        }

        findings.Add(new Package { Type = PackageType.Composer, Name = name, Version = version, License = license, Path = path });
    }

    // "MIT", or a list to choose from (https://getcomposer.org/doc/04-schema.md#license).
    private static string? NextLicense(ref Utf8JsonReader reader)
    {
        const int MaxLicenses = 16;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            string? license = reader.Text();
            reader.Skip();
            return string.IsNullOrEmpty(license) ? null : license;
        }

        List<string> licenses = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.Text() is { Length: > 0 } license && licenses.Count < MaxLicenses)
            {
                licenses.Add(license);
            }

            reader.Skip();
        }

        return licenses.Count == 0 ? null : string.Join(" OR ", licenses);
    }
}
