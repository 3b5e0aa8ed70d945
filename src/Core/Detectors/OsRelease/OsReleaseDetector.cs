using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.OsRelease;

/// <summary>
/// Reads which operating system an image is from os-release
/// (https://www.freedesktop.org/software/systemd/man/os-release.html). ID_LIKE is not read: what a system was derived from is mended
/// elsewhere and at other versions.
/// </summary>
public sealed class OsReleaseDetector : IPackageDetector
{
    private const string Etc = "etc/os-release";
    private const string UsrLib = "usr/lib/os-release";

    public string Name => "os-release";

    public int Version => 2;

    public IReadOnlyList<string> FixedPaths { get; } = [Etc, UsrLib];

    public bool Wants(string path) => path is Etc or UsrLib;

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        string id = "", versionId = "", name = "", codename = "";
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (ShellAssignment.TryRead(line, out string variable, out string value))
            {
                switch (variable)
                {
                    case "ID": id = value; break;
                    case "VERSION_ID": versionId = value; break;
                    case "PRETTY_NAME": name = value; break;
                    case "VERSION_CODENAME": codename = value; break;
                }
            }
        }

        if (id.Length > 0)
        {
            // The page asks for lower case; a few images write it otherwise.
            DistributionEvidence evidence = entry.Path == Etc ? DistributionEvidence.OsRelease : DistributionEvidence.VendorOsRelease;
            findings.Distribution = new DistributionClaim(Distribution.Named(id, versionId, name, codename), evidence);
        }
    }
}
