using System.Formats.Tar;

namespace ImageScan.EndToEnd.Real;

/// <summary>Files in a <c>docker save</c> archive of one layer, read without the scanner.</summary>
internal static class ArchiveFiles
{
    /// <summary>The files below a folder, or the one file of that path, as path and text.</summary>
    public static IReadOnlyList<(string Path, string Text)> Under(string archive, string path)
    {
        var found = new List<(string, string)>();
        using var outer = new TarReader(File.OpenRead(archive));
        while (outer.GetNextEntry() is { } layer)
        {
            if (layer.DataStream is not null && layer.Name.EndsWith(".tar", StringComparison.Ordinal))
            {
                found.AddRange(InLayer(layer.DataStream, path));
            }
        }

        return found;
    }

    private static IEnumerable<(string Path, string Text)> InLayer(Stream layer, string path)
    {
        using var inner = new TarReader(layer, leaveOpen: true);
        while (inner.GetNextEntry() is { } entry)
        {
            string name = entry.Name.TrimStart('.', '/');
            if (entry.DataStream is not null && (name == path || name.StartsWith($"{path}/", StringComparison.Ordinal)))
            {
                using var text = new StreamReader(entry.DataStream);
                yield return (name, text.ReadToEnd());
            }
        }
    }
}
