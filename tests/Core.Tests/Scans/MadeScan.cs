using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Tests.Scans;

/// <summary>Makes scans for tests; every value that matters is given by the test.</summary>
internal static class MadeScan
{
    public const string V3Moderate = "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H"; // 6.5
    public const string V3Important = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"; // 7.5
    public const string V3Critical = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"; // 9.8
    public const string V2High = "AV:N/AC:L/Au:N/C:P/I:P/A:P"; // 7.5

    public static DateTimeOffset ScannedAt { get; } = new(2024, 11, 27, 18, 16, 32, TimeSpan.Zero);

    public static Digest DigestOf(string content) => Digest.OfSha256(SHA256.HashData(Encoding.UTF8.GetBytes(content)));

    public static ImageReference Reference(string registry = "docker.io", string remote = "library/nginx", string tag = "1.27", Digest? digest = null) =>
        new(registry, remote, tag, $"{registry}/{remote}{(tag.Length > 0 ? $":{tag}" : "")}{(digest is null ? "" : $"@{digest}")}", digest);

    public static Finding Finding(string cve, Severity severity, string? fixedBy = null, string? v3 = null, string? v2 = null) => new()
    {
        Cve = cve,
        AdvisoryId = $"ADV-{cve}",
        Severity = severity,
        FixedBy = fixedBy,
        CvssV3 = v3 is not null && CvssV3.TryParse(v3, out CvssV3? parsedV3) ? parsedV3 : null,
        CvssV2 = v2 is not null && CvssV2.TryParse(v2, out CvssV2? parsedV2) ? parsedV2 : null,
    };

    public static PackageFindings Package(string name, string version = "1", params Finding[] findings) =>
        Package(PackageType.Dpkg, name, version, "var/lib/dpkg/status", layer: 0, findings);

    public static PackageFindings Package(PackageType type, string name, string version, string path, int layer, params Finding[] findings) =>
        new(new InstalledPackage(new Package { Type = type, Name = name, Version = version, Path = path }, layer), findings);

    public static Scan Of(params PackageFindings[] packages) => new()
    {
        Id = DigestOf("manifest"),
        Platform = Platform.Default,
        Manifest = new ImageManifest(DigestOf("manifest"), Index: null, new Descriptor("config", DigestOf("config"), 1), [new Descriptor("layer", DigestOf("layer"), 1)]),
        Config = new ImageConfig { Created = ScannedAt, History = [new HistoryEntry(ScannedAt, "/bin/sh -c #(nop) ADD file:1 in / ", "", EmptyLayer: false)] },
        Inventory = new ImageInventory
        {
            Distribution = new Distribution("debian", "12"),
            Packages = [.. packages.Select(found => found.Installed)],
            Warnings = [],
        },
        Match = new MatchOutcome
        {
            Packages = packages,
            CoversDistribution = true,
            CoversLanguages = true,
            Advisories = new AdvisoryOrigin("00", ScannedAt, ScannedAt, IsStarterSet: false),
            Warnings = [],
        },
        DetectorsVersion = "dpkg:1",
        Names = [Reference()],
        ScannedAt = ScannedAt,
        SavedAt = ScannedAt,
    };
}
