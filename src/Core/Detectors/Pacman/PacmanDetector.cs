using System.Text;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Pacman;

/// <summary>
/// Reads the packages of Arch Linux and its kin from pacman's database, which has a folder a package: <c>desc</c> describes it,
/// <c>files</c> lists what it owns (https://gitlab.archlinux.org/pacman/pacman, lib/libalpm/be_local.c).
/// </summary>
public sealed class PacmanDetector : IPackageDetector
{
    private const string Folder = "var/lib/pacman/local/";

    // Its presence says that this is the database. The number in it is the layout's; 9 since 2016.
    private const string DatabaseVersion = Folder + "ALPM_DB_VERSION";

    public string Name => "pacman";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths { get; } = [DatabaseVersion];

    public bool Wants(string path) =>
        path.StartsWith(Folder, StringComparison.Ordinal)
        && (path == DatabaseVersion
            || path.EndsWith("/desc", StringComparison.Ordinal)
            || path.EndsWith("/files", StringComparison.Ordinal));

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        if (entry.Path.EndsWith("/desc", StringComparison.Ordinal))
        {
            ReadDescription(entry.Path, content, findings);
        }
        else if (entry.Path.EndsWith("/files", StringComparison.Ordinal))
        {
            ReadFiles(entry.Path, content, findings);
        }
    }

    private static void ReadDescription(string path, Stream content, FileFindings findings)
    {
        const int MaxLicenses = 16;
        string name = "", version = "", source = "", architecture = "";
        List<string> licenses = [];
        using var values = new PacmanValues(content);
        while (values.TryRead(out string field, out ReadOnlySpan<byte> value))
        {
            switch (field)
            {
                case "NAME": name = TextLines.TextOf(value); break;
                case "VERSION": version = TextLines.TextOf(value); break;
                case "BASE": source = TextLines.TextOf(value); break;
                case "ARCH": architecture = TextLines.TextOf(value); break;
                case "LICENSE" when licenses.Count < MaxLicenses: licenses.Add(TextLines.TextOf(value)); break;
            }
        }

        if (name.Length == 0 || version.Length == 0)
        {
            findings.Warn($"This entry of pacman's database lacks its {(name.Length == 0 ? "NAME" : "VERSION")}.");
            return;
        }

        findings.Add(new Package
        {
            Type = PackageType.Alpm,
            Name = name,
            Version = version,
            SourceName = source.Length == 0 || source == name ? null : source,
            Architecture = architecture.Length == 0 ? null : architecture,
            License = licenses.Count == 0 ? null : string.Join(", ", licenses),
            Path = path,
        });
    }

    private static void ReadFiles(string path, Stream content, FileFindings findings)
    {
        string owner = OwnerOf(path);
        using var values = new PacmanValues(content);
        while (values.TryRead(out string field, out ReadOnlySpan<byte> value))
        {
            // A folder ends in a slash, and belongs to many packages.
            if (field == "FILES" && !value.EndsWith("/"u8))
            {
                findings.Own(Encoding.UTF8.GetString(value), owner);
            }
        }
    }

    // The folder is called NAME-VERSION-RELEASE; neither version nor release has a hyphen (PKGBUILD(5), pkgver and pkgrel).
    private static string OwnerOf(string path)
    {
        string folder = path[Folder.Length..path.LastIndexOf('/')];
        int release = folder.LastIndexOf('-');
        int version = release <= 0 ? -1 : folder.LastIndexOf('-', release - 1);
        return version > 0 ? folder[..version] : folder;
    }
}
