using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.OsRelease;

/// <summary>
/// Reads <c>/etc/alpine-release</c> and <c>/etc/debian_version</c>, which hold a bare version, and <c>/etc/arch-release</c>, which is empty: the
/// last resort of images without os-release.
/// </summary>
public sealed class VersionFileDetector : IPackageDetector
{
    private const string Alpine = "etc/alpine-release";
    private const string Arch = "etc/arch-release";
    private const string Debian = "etc/debian_version";

    public string Name => "version-file";

    public int Version => 2;

    public IReadOnlyList<string> FixedPaths => [];

    public bool Wants(string path) => path is Alpine or Arch or Debian;

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        using var lines = new TextLines(content);
        string version = lines.TryRead(out ReadOnlySpan<byte> line) ? TextLines.TextOf(line) : "";
        Distribution? distribution = entry.Path switch
        {
            Arch => Distribution.Named("arch", "", "Arch Linux"),
            _ when version.Length is 0 or > 64 => null,
            Alpine => Distribution.Named("alpine", version, $"Alpine Linux {version}"),
            _ => OfDebian(version),
        };
        findings.Distribution = distribution is null ? null : new DistributionClaim(distribution, DistributionEvidence.VersionFile);
    }

    // "11.5", where os-release says 11; "trixie/sid" before a release, where os-release has no VERSION_ID.
    private static Distribution OfDebian(string version)
    {
        string name = $"Debian GNU/Linux {version}";
        return char.IsAsciiDigit(version[0])
            ? Distribution.Named("debian", version.Split('.')[0], name)
            : Distribution.Named("debian", "", name, version.Split('/')[0]);
    }
}
