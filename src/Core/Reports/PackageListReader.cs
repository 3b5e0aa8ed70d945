using System.Text;
using System.Text.Json;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Reports;

/// <summary>
/// Reads lists of packages: a bill of materials in CycloneDX or SPDX JSON, whoever wrote it, or lines. A line is a package URL, or
/// <c>type name version [source [source version]]</c> with blanks or slashes between, the type as inventories or package URLs call
/// it (<c>dpkg/libssl1.1/1.1.1n-0+deb11u3/openssl</c>); empty lines and those with # in front are skipped.
/// </summary>
public static class PackageListReader
{
    /// <summary>The largest list taken; a bill of a large image has some 20 MB.</summary>
    public const int MaxBytes = 256 * 1024 * 1024;

    private const int MaxDepth = 128;
    private const int MaxPackages = 1_000_000;

    /// <summary>
    /// Reads a list. Throws <see cref="FormatException"/> if it is JSON of no known kind, is broken, or has more packages than any image.
    /// </summary>
    /// <param name="content">The whole list, UTF-8.</param>
    /// <param name="name">What packages of lines say they were found in.</param>
    public static PackageList Read(ReadOnlyMemory<byte> content, string name)
    {
        ReadOnlyMemory<byte> text = content.Span.StartsWith("\uFEFF"u8) ? content[3..] : content;
        var entries = new PackageListEntries(name, MaxPackages);
        if (text.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
        {
            ReadBill(text, entries);
        }
        else
        {
            ReadLines(text, entries);
        }

        return entries.ToList();
    }

    private static void ReadBill(ReadOnlyMemory<byte> text, PackageListEntries entries)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            JsonElement root = document.RootElement;
            if (root.TryGetProperty("bomFormat", out _))
            {
                new CycloneDxReader(entries).Read(root);
            }
            else if (root.TryGetProperty("spdxVersion", out _))
            {
                new SpdxReader(entries).Read(root);
            }
            else
            {
                throw new FormatException("The list is JSON, but neither CycloneDX (it has no bomFormat) nor SPDX 2 (it has no spdxVersion).");
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new FormatException($"The list is no valid JSON: {broken.Message}", broken);
        }
    }

    private static void ReadLines(ReadOnlyMemory<byte> text, PackageListEntries entries)
    {
        using var lines = new StringReader(Encoding.UTF8.GetString(text.Span));
        while (lines.ReadLine() is { } line)
        {
            string entry = line.Trim();
            if (entry.Length == 0 || entry[0] == '#')
            {
                continue;
            }

            if (entry.StartsWith("pkg:", StringComparison.OrdinalIgnoreCase))
            {
                entries.AddUrl(entry);
            }
            else
            {
                AddWords(entry, entries);
            }
        }
    }

    // As inventories call it, or as package URLs do: deb for dpkg.
    private static PackageType? TypeOf(string word) =>
        PackageType.Named(word) ?? PackageType.All.FirstOrDefault(type => type.PurlType == word && type.PurlType != "generic");

    private static void AddWords(string entry, PackageListEntries entries)
    {
        string[] words = entry.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        words = words.Length > 1 ? words : entry.Split('/');
        if (TypeOf(words[0].ToLowerInvariant()) is not { } type)
        {
            entries.Skip("neither a package URL nor a line of type, name and version");
            return;
        }

        // Names of libraries may have slashes in them, versions have none; packages of the system have neither.
        if (type.IsLanguage && words.Length > 3)
        {
            words = [words[0], string.Join('/', words[1..^1]), words[^1]];
        }

        if (words.Length < 3 || words.Any(word => word.Length == 0))
        {
            entries.Skip("a line without type, name and version");
            return;
        }

        entries.Add(new Package
        {
            Type = type,
            Name = type == PackageType.Python ? PythonName.Normalize(words[1]) : words[1],
            Version = words[2],
            SourceName = words.Length > 3 && words[3] != words[1] ? words[3] : null,
            SourceVersion = words.Length > 4 && words[4] != words[2] ? words[4] : null,
            Path = entries.Name,
        });
    }
}
