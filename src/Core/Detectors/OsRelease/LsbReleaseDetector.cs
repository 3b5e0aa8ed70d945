using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Detectors.OsRelease;

/// <summary>
/// Reads <c>/etc/lsb-release</c>, in which Ubuntu and others name themselves since before there was os-release
/// (https://refspecs.linuxfoundation.org/LSB_5.0.0/LSB-Core-generic/LSB-Core-generic/lsbrelease.html).
/// </summary>
public sealed class LsbReleaseDetector : IPackageDetector
{
    private const string LsbRelease = "etc/lsb-release";

    // How those that call themselves otherwise here are called in os-release.
    private static readonly Dictionary<string, string> Ids = new(StringComparer.OrdinalIgnoreCase)
    {
        ["VMware Photon"] = "photon",
        ["VMware Photon OS"] = "photon",
        ["VMware Photon Linux"] = "photon",
        ["ManjaroLinux"] = "manjaro",
        ["RedHatEnterprise"] = "rhel",
        ["RedHatEnterpriseServer"] = "rhel",
        ["OracleServer"] = "ol",
        ["AmazonAMI"] = "amzn",
        ["SUSE LINUX"] = "sles",
    };

    public string Name => "lsb-release";

    public int Version => 1;

    public IReadOnlyList<string> FixedPaths { get; } = [LsbRelease];

    public bool Wants(string path) => path == LsbRelease;

    public void Read(LayerEntry entry, Stream content, FileFindings findings)
    {
        string id = "", release = "", name = "", codename = "";
        using var lines = new TextLines(content);
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            if (ShellAssignment.TryRead(line, out string variable, out string value))
            {
                switch (variable)
                {
                    case "DISTRIB_ID": id = value; break;
                    case "DISTRIB_RELEASE": release = value; break;
                    case "DISTRIB_DESCRIPTION": name = value; break;
                    case "DISTRIB_CODENAME": codename = value; break;
                }
            }
        }

        id = Ids.GetValueOrDefault(id, id);
        if (IsId(id))
        {
            // CBL-Mariner and Azure Linux have the date of the build behind their release: 2.0.20230924.
            release = id.ToLowerInvariant() is "mariner" or "azurelinux" ? string.Join('.', release.Split('.').Take(2)) : release;
            findings.Distribution = new DistributionClaim(Distribution.Named(id, release, name, codename), DistributionEvidence.LsbRelease);
        }
    }

    // As os-release(5) wants an ID, in either case: a name in words is none.
    private static bool IsId(string id) => id.Length > 0 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
