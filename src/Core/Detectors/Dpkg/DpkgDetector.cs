using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Dpkg;

/// <summary>
/// Reads the packages of Debian and its kin from dpkg's database, also from its form in distroless images, which have one file a package
/// in <c>status.d</c> instead of <c>status</c>. The fields are those of deb-control(5) and dpkg(1).
/// </summary>
public sealed class DpkgDetector : IPackageDetector
{
    private const string Status = "var/lib/dpkg/status";
    private const string StatusFolder = "var/lib/dpkg/status.d/";

    public string Name => "dpkg";

    public int Version => 2;

    public IReadOnlyList<string> FixedPaths { get; } = [Status, StatusFolder];

    // status.d also holds NAME.md5sums, which is not a package but a list of files: see DpkgFileListDetector.
    public bool Wants(string path) =>
        path == Status
        || (path.StartsWith(StatusFolder, StringComparison.Ordinal)
            && path.IndexOf('/', StatusFolder.Length) < 0
            && !path.EndsWith(".md5sums", StringComparison.Ordinal));

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        var stanza = new Stanza();
        bool any = false;
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (!line.IsEmpty)
            {
                stanza.Take(line);
                continue;
            }

            any |= Report(stanza, entry.Path, findings);
            stanza = new Stanza();
        }

        any |= Report(stanza, entry.Path, findings);
        if (!any && entry.Path != Status && findings.Warnings.Count == 0)
        {
            findings.Warn("This file in dpkg's status.d describes no package.");
        }
    }

    // True if the stanza describes a package, installed or not.
    private static bool Report(Stanza stanza, string path, FileFindings findings)
    {
        if (stanza.IsEmpty)
        {
            return false;
        }

        if (!stanza.IsInstalled)
        {
            return true;
        }

        if (string.IsNullOrEmpty(stanza.Package) || string.IsNullOrEmpty(stanza.Version))
        {
            findings.Warn($"An entry of dpkg's database lacks its {(string.IsNullOrEmpty(stanza.Package) ? "Package" : "Version")} line.");
            return !string.IsNullOrEmpty(stanza.Package);
        }

        (string? sourceName, string? sourceVersion) = SourceOf(stanza);
        findings.Add(new Package
        {
            Type = PackageType.Dpkg,
            Name = stanza.Package,
            Version = stanza.Version,
            SourceName = sourceName,
            SourceVersion = sourceVersion,
            Architecture = string.IsNullOrEmpty(stanza.Architecture) ? null : stanza.Architecture,
            Vendor = DebPublishers.NameOf(stanza.Maintainer),
            Path = path,
        });

        // Distroless images need not have lists of files. Of modules that belong to its standard library, Debian's Python 2.7 brings
        // metadata that look like installed packages.
        if (path != Status && stanza.Package == "libpython2.7-stdlib")
        {
            findings.Own("usr/lib/python2.7/argparse.egg-info", stanza.Package);
            findings.Own("usr/lib/python2.7/wsgiref.egg-info", stanza.Package);
            findings.Own("usr/lib/python2.7/lib-dynload/Python-2.7.egg-info", stanza.Package);
        }

        return true;
    }

    // "Source: glibc (2.31-13)": the version is in brackets where it is not the package's own, as after a rebuild (+b1).
    private static (string? Name, string? Version) SourceOf(Stanza stanza)
    {
        string source = stanza.Source ?? "";
        int bracket = source.IndexOf('(');
        string name = (bracket < 0 ? source : source[..bracket]).Trim();
        string version = bracket < 0 ? "" : source[(bracket + 1)..].TrimEnd().TrimEnd(')').Trim();
        return (name.Length == 0 || name == stanza.Package ? null : name, version.Length == 0 || version == stanza.Version ? null : version);
    }

    private sealed class Stanza
    {
        private string? _status;

        public bool IsEmpty { get; private set; } = true;

        public string? Package { get; private set; }

        public string? Version { get; private set; }

        public string? Source { get; private set; }

        public string? Architecture { get; private set; }

        public string? Maintainer { get; private set; }

        // The last of three words is the state, the first two only what is wanted. In every state but these two, files of the package are
        // on the disk (dpkg(1), "Package states"). Distroless has no Status: what is listed is installed.
        public bool IsInstalled =>
            _status is null || _status.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [.., not ("not-installed" or "config-files")];

        public void Take(ReadOnlySpan<byte> line)
        {
            IsEmpty = false;
            int colon = line.IndexOf((byte)':');
            if (colon <= 0 || line[0] is (byte)' ' or (byte)'\t')
            {
                return;
            }

            ReadOnlySpan<byte> field = line[..colon];
            ReadOnlySpan<byte> value = line[(colon + 1)..];

            // Names of fields are not case-sensitive (deb822(5)).
            switch (field.Length)
            {
                case 6 when Is(field, "status"u8): _status = TextLines.TextOf(value); break;
                case 6 when Is(field, "source"u8): Source = TextLines.TextOf(value); break;
                case 7 when Is(field, "package"u8): Package = TextLines.TextOf(value); break;
                case 7 when Is(field, "version"u8): Version = TextLines.TextOf(value); break;
                case 10 when Is(field, "maintainer"u8): Maintainer = TextLines.TextOf(value); break;
                case 12 when Is(field, "architecture"u8): Architecture = TextLines.TextOf(value); break;
            }
        }

        private static bool Is(ReadOnlySpan<byte> field, ReadOnlySpan<byte> name) => System.Text.Ascii.EqualsIgnoreCase(field, name);
    }
}
