using ImageScan.Core.Inventory;

namespace ImageScan.Core.Results;

/// <summary>How Scanner V4 writes an operating system: <c>debian:12</c>, <c>alpine:3.18</c>, <c>rhel:9</c>.</summary>
public static class OperatingSystems
{
    public const string Unknown = "unknown";

    // The end-of-life list that stackrox/scanner has in 4.5; it mistypes 15.10 and 16.10, so they are not on it.
    private static readonly HashSet<string> Stale =
    [
        "debian:8", "debian:9", "debian:10",
        "ubuntu:12.04", "ubuntu:12.10", "ubuntu:13.04", "ubuntu:14.10", "ubuntu:15.04", "ubuntu:17.04", "ubuntu:17.10", "ubuntu:18.10",
        "ubuntu:19.04", "ubuntu:19.10", "ubuntu:20.10", "ubuntu:21.04", "ubuntu:21.10", "ubuntu:22.10", "ubuntu:23.04", "ubuntu:23.10",
    ];

    /// <summary>
    /// The distribution as <c>id:release</c>, the release as fine as its advisories are filed; the id alone for rolling ones.
    /// </summary>
    public static string NameOf(Distribution? distribution)
    {
        if (distribution is not { Id.Length: > 0 })
        {
            return Unknown;
        }

        string release = ReleaseOf(distribution);
        return release.Length == 0 ? distribution.Id : $"{distribution.Id}:{release}";
    }

    /// <summary>Whether nobody files advisories for this release any more.</summary>
    public static bool IsStale(Distribution? distribution) => Stale.Contains(NameOf(distribution));

    private static string ReleaseOf(Distribution distribution) => distribution.Id switch
    {
        // Edge calls itself by the next release: 3.21.0_alpha20240807.
        "alpine" when distribution.VersionId.Contains("_alpha", StringComparison.Ordinal) => "edge",
        "alpine" => Parts(distribution.VersionId, 2),
        // Their minor releases and service packs share their advisories.
        "almalinux" or "ol" or "photon" or "rhel" or "rocky" or "sles" => Parts(distribution.VersionId, 1),
        // Debian testing and unstable have no VERSION_ID.
        "debian" when distribution.VersionId.Length == 0 => "unstable",
        _ => distribution.VersionId,
    };

    private static string Parts(string version, int count) => string.Join('.', version.Split('.').Take(count));
}
