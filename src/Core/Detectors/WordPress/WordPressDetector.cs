using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.WordPress;

/// <summary>
/// Reads WordPress itself from <c>wp-includes/version.php</c>, its plugins and themes from the headers of their main files. Their names are
/// those of the folders, which wordpress.org gives out once each: <c>plugin/akismet</c>, <c>theme/twentytwentyfour</c>.
/// </summary>
public sealed class WordPressDetector : IPackageDetector
{
    private const string Core = "wp-includes/version.php";
    private const string Content = "wp-content";

    public string Name => "wordpress";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) =>
        IsCore(path)
        || (path.EndsWith(".php", StringComparison.Ordinal) && PluginAt(path) is not null)
        || (path.EndsWith("/style.css", StringComparison.Ordinal) && ThemeAt(path) is not null);

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        if (IsCore(entry.Path))
        {
            ReadCore(entry, content, findings);
        }
        else if (PluginAt(entry.Path) is { } plugin)
        {
            Report(FileHeader.Read(content, "Plugin Name"), "plugin/" + plugin, entry, findings);
        }
        else if (ThemeAt(entry.Path) is { } theme)
        {
            Report(FileHeader.Read(content, "Theme Name"), "theme/" + theme, entry, findings);
        }
    }

    // $wp_version = '6.4.3';
    private static void ReadCore(LayerEntry entry, Stream content, FileFindings findings)
    {
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (!line.StartsWith("$wp_version"u8))
            {
                continue;
            }

            string[] quoted = TextLines.TextOf(line).Split('\'', '"');
            if (quoted is [_, { Length: > 0 } version, _, ..])
            {
                findings.Add(new Package { Type = PackageType.WordPress, Name = "wordpress", Version = version, Path = entry.Path });
                return;
            }
        }

        findings.Warn("This version.php of WordPress states no version.");
    }

    // Most files of a plugin have no header; its main file has, and counts by its version.
    private static void Report(FileHeader? header, string name, LayerEntry entry, FileFindings findings)
    {
        if (header is null)
        {
            return;
        }

        if (header.Version is null)
        {
            findings.Warn($"The header of this WordPress {name[..name.IndexOf('/')]} states no version.");
            return;
        }

        findings.Add(new Package { Type = PackageType.WordPress, Name = name, Version = header.Version, License = header.License, Path = entry.Path });
    }

    private static bool IsCore(string path) =>
        path.EndsWith(Core, StringComparison.Ordinal) && (path.Length == Core.Length || path[^(Core.Length + 1)] == '/');

    // A plugin is a folder with a PHP file, or such a file alone; must-use plugins lie apart
    // (https://developer.wordpress.org/plugins/plugin-basics/header-requirements/).
    private static string? PluginAt(string path) => Below(path) switch
    {
        ["plugins" or "mu-plugins", var folder, _] => NameOf(folder),
        ["plugins" or "mu-plugins", var file] => NameOf(file[..^".php".Length]),
        _ => null,
    };

    // https://developer.wordpress.org/themes/basics/main-stylesheet-style-css/
    private static string? ThemeAt(string path) => Below(path) is ["themes", var folder, _] ? NameOf(folder) : null;

    private static string? NameOf(string name) => name.Length > 0 ? name : null;

    // What stands behind wp-content, where there are at most three names.
    private static string[] Below(string path)
    {
        int at = path.IndexOf(Content + "/", StringComparison.Ordinal);
        return at < 0 || (at > 0 && path[at - 1] != '/') ? [] : path[(at + Content.Length + 1)..].Split('/', 4);
    }
}
