using System.Text;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.Opkg;

/// <summary>
/// Reads the packages of OpenWrt (up to 23.05) and other small systems from the database of opkg: <c>status</c> in stanzas as dpkg's,
/// <c>info/NAME.list</c> and <c>info/NAME.control</c> (https://git.openwrt.org/project/opkg-lede.git, libopkg/opkg_conf.h).
/// </summary>
public sealed class OpkgDetector : IPackageDetector
{
    private static readonly string[] Folders = ["usr/lib/opkg/", "var/lib/opkg/"];

    public string Name => "opkg";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths { get; } = [.. Folders.Select(folder => folder + "status")];

    public bool Wants(string path) => KindOf(path) is not Kind.None;

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        switch (KindOf(entry.Path))
        {
            case Kind.Status: ReadStatus(entry.Path, content, findings); break;
            case Kind.Control: ReadLicense(content, findings); break;
            case Kind.List: ReadList(NameOf(entry.Path), content, findings); break;
        }
    }

    private static void ReadStatus(string path, Stream content, FileFindings findings)
    {
        using var lines = new TextLines(content);
        while (OpkgStanza.Read(lines) is { } stanza)
        {
            if (!stanza.IsInstalled)
            {
                continue;
            }

            if (stanza.Package.Length == 0 || stanza.Version.Length == 0)
            {
                findings.Warn($"An entry of opkg's database lacks its {(stanza.Package.Length == 0 ? "Package" : "Version")} line.");
                continue;
            }

            findings.Add(new Package
            {
                Type = PackageType.Opkg,
                Name = stanza.Package,
                Version = stanza.Version,
                Architecture = stanza.Architecture.Length == 0 ? null : stanza.Architecture,
                License = stanza.License.Length == 0 ? null : stanza.License,
                Path = path,
            });
        }
    }

    // The status has no licence; the file that came with the package may.
    private static void ReadLicense(Stream content, FileFindings findings)
    {
        using var lines = new TextLines(content);
        if (OpkgStanza.Read(lines) is { Package.Length: > 0, License.Length: > 0 } control)
        {
            findings.License(control.Package, control.License);
        }
    }

    private static void ReadList(string owner, Stream content, FileFindings findings)
    {
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            ReadOnlySpan<byte> path = line.TrimStart((byte)'/');
            if (!path.IsEmpty)
            {
                findings.Own(Encoding.UTF8.GetString(path), owner);
            }
        }
    }

    private static Kind KindOf(string path)
    {
        string? folder = Array.Find(Folders, folder => path.StartsWith(folder, StringComparison.Ordinal));
        if (folder is null)
        {
            return Kind.None;
        }

        ReadOnlySpan<char> rest = path.AsSpan(folder.Length);
        return rest is "status" ? Kind.Status
            : !rest.StartsWith("info/", StringComparison.Ordinal) || rest["info/".Length..].Contains('/') ? Kind.None
            : rest.EndsWith(".control", StringComparison.Ordinal) ? Kind.Control
            : rest.EndsWith(".list", StringComparison.Ordinal) ? Kind.List
            : Kind.None;
    }

    private static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..path.LastIndexOf('.')];

    private enum Kind
    {
        None,
        Status,
        Control,
        List,
    }
}
