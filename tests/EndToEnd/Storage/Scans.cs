using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.EndToEnd.Storage;

/// <summary>Scans made for the tests of storage.</summary>
internal static class Scans
{
    public static readonly DateTimeOffset Morning = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    public static readonly ScanSummary Summary = new(2, 1, 1, 9.8f, 1.5f);

    public static Digest DigestOf(string text) => Digest.OfSha256(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    public static ImageReference Name(string tag) => new("docker.io", "library/made", tag, $"docker.io/library/made:{tag}", null);

    /// <summary>A scan of one package with those CVEs.</summary>
    public static Scan Of(string image, string tag, DateTimeOffset scannedAt, params string[] cves)
    {
        var package = new InstalledPackage(PackageOf("zlib1g"), 0);
        PackageFindings findings = new(package, [.. cves.Select(cve => new Finding { Cve = cve, AdvisoryId = cve, Severity = Severity.Important, FixedBy = "2" })]);
        return Of(image, tag, scannedAt, [package], [findings]);
    }

    /// <summary>A scan of which 160 bytes a package cannot be compressed.</summary>
    public static Scan Large(string image, int packages)
    {
        var random = new Random(7);
        string Noise()
        {
            var bytes = new byte[160];
            random.NextBytes(bytes);
            return Convert.ToHexStringLower(bytes);
        }

        InstalledPackage[] installed = [.. Enumerable.Range(0, packages).Select(number => new InstalledPackage(PackageOf($"p{number}") with { License = Noise() }, number % 9))];
        return Of(image, "large", Morning, installed, [.. installed.Select(package => new PackageFindings(package, []))]);
    }

    private static Scan Of(string image, string tag, DateTimeOffset scannedAt, IReadOnlyList<InstalledPackage> installed, IReadOnlyList<PackageFindings> findings) => new()
    {
        Id = DigestOf(image),
        Platform = Platform.Default,
        Manifest = new ImageManifest(DigestOf(image), null, new Descriptor("application/vnd.oci.image.config.v1+json", DigestOf("config"), 10), []),
        Config = new ImageConfig { Created = DateTimeOffset.MinValue, Os = "linux", Labels = new Dictionary<string, string> { ["a/b"] = "\u001b[31m" } },
        Inventory = new ImageInventory { Distribution = new Distribution("debian", "12"), Packages = installed, Warnings = [] },
        Match = new MatchOutcome { Packages = findings, CoversDistribution = true, CoversLanguages = true, Warnings = [] },
        DetectorsVersion = "dpkg:1",
        Names = [Name(tag)],
        ScannedAt = scannedAt,
    };

    public static InstalledPackage Installed(string name) => new(PackageOf(name), 0);

    private static Package PackageOf(string name) => new()
    {
        Type = PackageType.Dpkg,
        Name = name,
        Version = string.Create(CultureInfo.InvariantCulture, $"1:{name.Length}.2+b1"),
        Path = "var/lib/dpkg/status",
    };
}
