using System.Text.Json;

namespace ImageScan.Core.Detectors.Npm;

/// <summary>What a <c>package.json</c> says of its package (https://docs.npmjs.com/cli/configuring-npm/package-json).</summary>
internal sealed record PackageManifest(string? Name, string? Version, string? License, bool IsPrivate = false)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>
    /// Reads the few properties that matter and passes over the rest; properties of another type than the format's are taken as missing.
    /// Throws <see cref="JsonException"/>, also beyond 64 levels.
    /// </summary>
    public static PackageManifest Read(ReadOnlySpan<byte> utf8)
    {
        // npm accepts a byte order mark.
        var reader = new Utf8JsonReader(utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8, Options);
        string? name = null, version = null;
        bool isPrivate = false;
        var licenses = new List<string>();
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("It is no JSON object.", null, 0, null);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Of a property given twice the last counts, as for JSON.parse.
            if (reader.NameIs("name"u8))
            {
                name = NextText(ref reader);
            }
            else if (reader.NameIs("version"u8))
            {
                version = NextText(ref reader);
            }
            else if (reader.NameIs("private"u8))
            {
                isPrivate = reader.NextIsTrue();
            }
            else if (reader.NameIs("license"u8) || reader.NameIs("licenses"u8))
            {
                licenses.Clear();
                reader.Read();
                ReadLicenses(ref reader, licenses);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new PackageManifest(name, version, licenses.Count == 0 ? null : string.Join(" OR ", licenses), isPrivate);
    }

    // "MIT", or as packages before npm 2 wrote it: {"type": "MIT"}, or a list of either, to choose from.
    private static void ReadLicenses(ref Utf8JsonReader reader, List<string> licenses)
    {
        int depth = reader.CurrentDepth;
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                if (TextOf(ref reader) is { Length: > 0 } license)
                {
                    licenses.Add(license);
                }

                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    ReadLicenses(ref reader, licenses);
                }

                break;
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.CurrentDepth > depth)
                {
                    bool isType = reader.NameIs("type"u8);
                    reader.Read();
                    if (isType && TextOf(ref reader) is { Length: > 0 } type)
                    {
                        licenses.Add(type);
                    }

                    reader.Skip();
                }

                break;
        }
    }

    private static string? NextText(ref Utf8JsonReader reader)
    {
        reader.Read();
        string? text = TextOf(ref reader);
        reader.Skip();
        return text;
    }

    private static string? TextOf(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return null;
        }

        try
        {
            return reader.GetString()?.Trim();
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8: not a name that any registry accepts.
            return null;
        }
    }
}
