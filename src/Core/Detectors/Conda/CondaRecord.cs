using System.Text.Json;

namespace ImageScan.Core.Detectors.Conda;

/// <summary>
/// What a record in <c>conda-meta</c> says of its package (https://github.com/conda/schemas/blob/main/repodata-record-1.schema.json).
/// </summary>
/// <param name="Name">The package's name.</param>
/// <param name="Version">Its version, without the build.</param>
/// <param name="Subdir">The platform it was built for, <c>linux-64</c> or <c>noarch</c>.</param>
/// <param name="License">Its licence.</param>
/// <param name="Channel">The channel it is from, <c>conda-forge</c> or <c>pkgs/main</c>; without host, since that may hold a token.</param>
internal sealed record CondaRecord(string? Name, string? Version, string? Subdir, string? License, string? Channel)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>Reads the few properties that matter and passes over the rest. Throws <see cref="JsonException"/>, also beyond 64 levels.</summary>
    public static CondaRecord Read(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("It is no JSON object.", null, 0, null);
        }

        string? name = null, version = null, subdir = null, license = null, channel = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.NameIs("name"u8))
            {
                name = NextText(ref reader);
            }
            else if (reader.NameIs("version"u8))
            {
                version = NextText(ref reader);
            }
            else if (reader.NameIs("subdir"u8))
            {
                subdir = NextText(ref reader);
            }
            else if (reader.NameIs("license"u8))
            {
                license = NextText(ref reader);
            }
            else if (reader.NameIs("channel"u8))
            {
                channel = NextText(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new CondaRecord(name, version, subdir, license, channel is null ? null : ChannelIn(channel, subdir));
    }

    // "https://conda.anaconda.org/conda-forge/linux-64", with a token "https://HOST/…/t/TOKEN/CHANNEL/linux-64", or the bare name
    // (https://docs.conda.io/projects/conda/en/latest/user-guide/concepts/channels.html).
    private static string? ChannelIn(string text, string? subdir)
    {
        int scheme = text.IndexOf("://", StringComparison.Ordinal);
        string[] names = (scheme < 0 ? text : text[(scheme + 3)..]).Split('/', StringSplitOptions.RemoveEmptyEntries);
        names = scheme < 0 || names.Length == 0 ? names : names[1..];
        for (int t; (t = Array.IndexOf(names, "t")) >= 0 && t + 1 < names.Length;)
        {
            names = [.. names[..t], .. names[(t + 2)..]];
        }

        names = names.Length > 1 && names[^1] == subdir ? names[..^1] : names;
        return names.Length == 0 ? null : string.Join('/', names);
    }

    private static string? NextText(ref Utf8JsonReader reader)
    {
        reader.Read();
        string? text = null;
        try
        {
            text = reader.TokenType == JsonTokenType.String ? reader.GetString()?.Trim() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8: no name of a package.
        }

        reader.Skip();
        return text is { Length: > 0 } ? text : null;
    }
}
