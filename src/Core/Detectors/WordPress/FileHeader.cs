using System.Text;

namespace ImageScan.Core.Detectors.WordPress;

/// <summary>
/// The header in a comment at the top of a plugin's or theme's main file, read as WordPress reads it
/// (https://developer.wordpress.org/reference/functions/get_file_data/).
/// </summary>
internal sealed record FileHeader(string? Version, string? License)
{
    // WordPress looks at no more than this.
    private const int HeaderBytes = 8 << 10;

    /// <summary>The header; null if the file does not begin with one of the kind that this field marks ("Plugin Name").</summary>
    public static FileHeader? Read(Stream content, string mark)
    {
        var bytes = new byte[HeaderBytes];
        int length = content.ReadAtLeast(bytes, HeaderBytes, throwOnEndOfStream: false);
        string text = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        string? name = null, version = null, license = null;
        foreach (string line in text.Split('\r', '\n'))
        {
            name ??= ValueOf(line, mark);
            version ??= ValueOf(line, "Version");
            license ??= ValueOf(line, "License");
        }

        return name is null ? null : new FileHeader(version, license);
    }

    // " * Version: 1.2.3": before the field may stand "<?php" and signs of a comment; behind the value, the comment's end.
    private static string? ValueOf(string line, string field)
    {
        ReadOnlySpan<char> rest = line.AsSpan().TrimStart(" \t");
        rest = rest.StartsWith("<?php", StringComparison.Ordinal) ? rest["<?php".Length..] : rest;
        rest = rest.TrimStart(" \t/*#@");
        if (!rest.StartsWith(field, StringComparison.OrdinalIgnoreCase) || rest.Length == field.Length || rest[field.Length] != ':')
        {
            return null;
        }

        ReadOnlySpan<char> value = rest[(field.Length + 1)..];
        foreach (string end in (ReadOnlySpan<string>)["*/", "?>"])
        {
            int at = value.IndexOf(end, StringComparison.Ordinal);
            value = at < 0 ? value : value[..at];
        }

        value = value.Trim();
        return value.IsEmpty ? null : value.ToString();
    }
}
