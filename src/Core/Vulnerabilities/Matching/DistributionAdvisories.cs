using System.Globalization;
using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Which advisories are about the packages of a distribution.</summary>
/// <param name="PackageType">Its packages; those of another package manager in the same image are not its own.</param>
/// <param name="Ecosystems">All spellings in use for this release; empty for Red Hat, whose products are told for each package.</param>
/// <param name="Names">Under which names advisories are filed, where they do not say it themselves.</param>
internal sealed record DistributionAdvisories(PackageType PackageType, IReadOnlyList<OsvEcosystem> Ecosystems, PackageNames Names = PackageNames.Source)
{
    /// <summary>Whether it follows upstream's versions instead of mending old ones.</summary>
    public bool IsRolling { get; init; }

    /// <summary>Those whose fixes only subscribers get.</summary>
    public IReadOnlyList<OsvEcosystem> Subscription { get; init; } = [];

    /// <summary>Red Hat's major release; null for every other distribution.</summary>
    public string? RedHatRelease { get; init; }

    /// <summary>The ecosystems of a snapshot that are about this release.</summary>
    public IReadOnlyList<string> Covering { get; private init; } = [];

    /// <summary>
    /// By os-release ID alone: what a distribution was derived from (ID_LIKE) is mended at other versions. Null if it is not known, or
    /// its release cannot be told. The spellings are those of https://ossf.github.io/osv-schema/#affectedpackage-field, which also says whether a
    /// distribution names sources; how IDs become them is as https://github.com/google/osv-scalibr (extractor/filesystem/os/ecosystem) has it.
    /// </summary>
    public static DistributionAdvisories? Of(Distribution? distribution) => distribution?.Id switch
    {
        "debian" => Debian(distribution),
        "ubuntu" when distribution.VersionId.Length > 0 => Ubuntu(distribution.VersionId),
        "echo" => new(PackageType.Dpkg, [new OsvEcosystem("Echo", "")]),
        "alpine" => Alpine(distribution.VersionId),
        "alpaquita" => Released(PackageType.Apk, "Alpaquita", distribution.VersionId),
        "bellsoft-hardened-containers" => Released(PackageType.Apk, "BellSoft Hardened Containers", distribution.VersionId),
        // Rolling: their VERSION_ID is a date. Advisories name packages or their origins
        // (https://edu.chainguard.dev/chainguard/chainguard-images/staying-secure/working-with-scanners/).
        "wolfi" => Rolling("Wolfi"),
        "chainguard" => Rolling("Chainguard"),
        "minimos" => Rolling("MinimOS"),
        "cleanstart" => Rolling("CleanStart"),
        _ => OfRpm(distribution),
    };

    /// <summary>What of it a snapshot has advisories about: what it has none of need not be looked up for every package.</summary>
    public DistributionAdvisories In(AdvisoryDatabase database)
    {
        OsvEcosystem[] covered = [.. Ecosystems.Where(ecosystem => database.Covers(ecosystem.ToString()))];
        OsvEcosystem[] subscription = [.. Subscription.Where(ecosystem => database.Covers(ecosystem.ToString()))];
        // Red Hat's are those of its products: of enterprise_linux:9::appstream as of enterprise_linux:9, and of enterprise_linux:10.1.
        string product = $"{RedHatProduct.EcosystemName}:enterprise_linux:{RedHatRelease}";
        return this with
        {
            Ecosystems = covered,
            Subscription = subscription,
            Covering = RedHatRelease is null
                ? [.. covered.Concat(subscription).Select(ecosystem => ecosystem.ToString())]
                : [.. (database.Description.Ecosystems ?? []).Select(count => count.Ecosystem)
                    .Where(name => name == product
                        || name.StartsWith(product + ":", StringComparison.Ordinal) || name.StartsWith(product + ".", StringComparison.Ordinal))],
        };
    }

    private static DistributionAdvisories Rolling(string ecosystem) =>
        new(PackageType.Apk, [new OsvEcosystem(ecosystem, "")], PackageNames.Both) { IsRolling = true };

    private static DistributionAdvisories? OfRpm(Distribution? distribution) => distribution?.Id switch
    {
        "rhel" => RedHat(distribution.VersionId, 5, int.MaxValue),
        // Its packages were built from Red Hat's sources with the same numbers, up to CentOS Linux 8; what is in Stream, RHEL gets later.
        "centos" when !distribution.Name.StartsWith("CentOS Stream", StringComparison.Ordinal) => RedHat(distribution.VersionId, 6, 8),
        // The schema says source; AlmaLinux's records list every package of an erratum (texlive-adjustbox).
        "almalinux" => Released(PackageType.Rpm, "AlmaLinux", MajorOf(distribution), PackageNames.Both),
        "rocky" => Released(PackageType.Rpm, "Rocky Linux", MajorOf(distribution), PackageNames.Both),
        // Oracle's OVAL and Amazon's updateinfo list the packages that rpm installs.
        "ol" => Released(PackageType.Rpm, "Oracle Linux", MajorOf(distribution), PackageNames.Own),
        "amzn" => Released(PackageType.Rpm, "Amazon Linux", AmazonRelease(distribution.VersionId), PackageNames.Own),
        "photon" => Released(PackageType.Rpm, "Photon OS", PhotonRelease(distribution.VersionId), PackageNames.Both),
        // CBL-Mariner is what Azure Linux was called up to 2.0.
        "azurelinux" or "mariner" => Released(PackageType.Rpm, "Azure Linux", MajorOf(distribution)),
        "mageia" => Released(PackageType.Rpm, "Mageia", MajorOf(distribution)),
        "openeuler" => Released(PackageType.Rpm, "openEuler", OpenEulerRelease(distribution)),
        _ => SuseProducts.Of(distribution),
    };

    private static DistributionAdvisories? Released(PackageType type, string ecosystem, string? release, PackageNames names = PackageNames.Source) =>
        string.IsNullOrEmpty(release) ? null : new(type, [new OsvEcosystem(ecosystem, release)], names);

    // Testing and sid have no VERSION_ID, and the codename of the next release both: what is mended in sid comes to testing under the same version.
    // "11" also stands as "11.5"; up to 6.0 the second number was part of the release's name.
    private static DistributionAdvisories? Debian(Distribution distribution)
    {
        string version = distribution.VersionId;
        // debian_version says "trixie/sid".
        string codename = version.EndsWith("/sid", StringComparison.Ordinal) ? version[..^"/sid".Length] : distribution.Codename;
        if (version.Length == 0 || version is "sid" or "unstable" || version.EndsWith("/sid", StringComparison.Ordinal))
        {
            return version.Length == 0 && codename.Length == 0 ? null
                : new(PackageType.Dpkg, [DebianReleases.ReleasedAs(codename) ?? new OsvEcosystem("Debian", "sid")]);
        }

        string major = version.Split('.')[0];
        return int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? new(PackageType.Dpkg, [new OsvEcosystem("Debian", number >= 7 ? major : version)]) { Subscription = [OsvEcosystem.ExtendedDebian(major)] }
            : null;
    }

    // LTS releases carry it in their name.
    private static DistributionAdvisories Ubuntu(string release) =>
        new(PackageType.Dpkg, [new OsvEcosystem("Ubuntu", release + ":LTS"), new OsvEcosystem("Ubuntu", release)])
        {
            Subscription = [new OsvEcosystem("Ubuntu", $"Pro:{release}:LTS")],
        };

    // "3.9.2" is v3.9; edge is "3.21_alpha20240807" in os-release and "edge" in the list of repositories.
    private static DistributionAdvisories? Alpine(string versionId)
    {
        if (versionId == "edge" || versionId.Contains('_', StringComparison.Ordinal))
        {
            return new(PackageType.Apk, [new OsvEcosystem("Alpine", "edge")]);
        }

        string[] parts = versionId.Split('.');
        return parts.Length >= 2 && parts[..2].All(IsNumber) ? new(PackageType.Apk, [new OsvEcosystem("Alpine", $"v{parts[0]}.{parts[1]}")]) : null;
    }

    private static DistributionAdvisories? RedHat(string versionId, int first, int last)
    {
        string major = versionId.Split('.')[0];
        return IsNumber(major) && int.TryParse(major, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= first && number <= last
            ? new(PackageType.Rpm, [], PackageNames.Both) { RedHatRelease = major }
            : null;
    }

    private static string? MajorOf(Distribution distribution) => distribution.VersionId.Split('.')[0] is var major && IsNumber(major) ? major : null;

    // All of Amazon Linux 1 (2011.09 to 2018.03) takes its updates from one repository
    // (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/amazon-linux-ami-basics.html).
    private static string? AmazonRelease(string versionId) => versionId.Split('.') switch
    {
        [{ Length: 4 } year, { Length: 2 }] when IsNumber(year) && string.CompareOrdinal(year, "2018") <= 0 => "2018.03",
        [{ Length: > 0 } release, ..] when IsNumber(release) => release,
        _ => null,
    };

    private static string? PhotonRelease(string versionId) => versionId.Split('.') switch
    {
        [{ Length: > 0 } major] when IsNumber(major) => major + ".0",
        [{ Length: > 0 } major, { Length: > 0 } minor] when IsNumber(major) && IsNumber(minor) => versionId,
        _ => null,
    };

    // "openEuler 24.03 (LTS-SP1)" is 24.03-LTS-SP1; VERSION_ID is 24.03 for all of them.
    private static string OpenEulerRelease(Distribution distribution)
    {
        string name = distribution.Name;
        int open = name.IndexOf('(', StringComparison.Ordinal);
        int close = name.IndexOf(')', StringComparison.Ordinal);
        return distribution.VersionId.Length > 0 && open > 0 && close > open + 1
            ? $"{distribution.VersionId}-{name[(open + 1)..close]}"
            : distribution.VersionId;
    }

    private static bool IsNumber(string text) => text.Length is > 0 and < 10 && text.All(char.IsAsciiDigit);
}
