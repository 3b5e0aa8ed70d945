using ImageScan.Core.Inventory;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>
/// SUSE's advisories are filed under its products as PRETTY_NAME writes them, less the family's name
/// (https://ossf.github.io/osv-schema/#affectedpackage-field): <c>SUSE:Linux Enterprise Server 15 SP5</c>, <c>openSUSE:Leap 15.6</c>.
/// </summary>
internal static class SuseProducts
{
    // Since 15 nearly all packages of an installation, those of the base too, are in modules, and their advisories under these; which one a package
    // came from is written nowhere in an image (https://documentation.suse.com/sles/15-SP5/html/SLES-all/article-modules.html).
    private static readonly string[] Modules =
    [
        "Basesystem", "Certifications", "Confidential Computing Technical Preview", "Containers", "Desktop Applications", "Development Tools", "HPC",
        "Legacy", "Live Patching", "Public Cloud", "Python 2", "Python 3", "SAP Applications", "Server Applications", "Systems Management",
        "Transactional Server", "Web and Scripting",
    ];

    // Up to 12 modules have no service packs (https://www.suse.com/releasenotes/x86_64/SUSE-SLES/12-SP5/).
    private static readonly string[] ModulesOf12 =
        ["Advanced Systems Management", "Certifications", "Containers", "HPC", "Legacy", "Public Cloud", "Toolchain", "Web and Scripting"];

    /// <summary>The products of which an installation of this release may have packages; null if it is none of SUSE's.</summary>
    public static DistributionAdvisories? Of(Distribution? distribution) => distribution?.Id switch
    {
        "sles" => Enterprise(distribution.VersionId, "Server"),
        "sles_sap" => Enterprise(distribution.VersionId, "Server", "Server for SAP Applications"),
        "sled" => Enterprise(distribution.VersionId, "Desktop", "Server"),
        "sle_hpc" => Enterprise(distribution.VersionId, "High Performance Computing", "Server"),
        "sle-micro" or "sle-micro-rancher" or "suse-microos" => Named("SUSE", "Linux Enterprise Micro ", distribution.VersionId),
        "sl-micro" => Named("SUSE", "Linux Micro ", distribution.VersionId),
        "opensuse-leap" => Named("openSUSE", "Leap ", distribution.VersionId),
        "opensuse-leap-micro" => Named("openSUSE", "Leap Micro ", distribution.VersionId),
        "opensuse-tumbleweed" => Advisories([new OsvEcosystem("openSUSE", "Tumbleweed")]) with { IsRolling = true },
        // Before it had an id of its own, Leap's first releases were 42.1 to 42.3.
        "opensuse" => Named("openSUSE", distribution.VersionId.StartsWith("42.", StringComparison.Ordinal) ? "Leap " : "", distribution.VersionId),
        _ => null,
    };

    private static DistributionAdvisories? Named(string family, string product, string version) =>
        version.Length == 0 ? null : Advisories([new OsvEcosystem(family, product + version)]);

    private static DistributionAdvisories? Enterprise(string versionId, params string[] products)
    {
        string[] numbers = versionId.Split('.');
        if (numbers is not { Length: 1 or 2 } || !numbers.All(number => number.Length is > 0 and < 4 && number.All(char.IsAsciiDigit)))
        {
            return null;
        }

        // 15.5 is "15 SP5"; since 16 releases are called by their numbers.
        string major = numbers[0];
        bool hasServicePacks = int.Parse(major, System.Globalization.CultureInfo.InvariantCulture) < 16;
        string release = !hasServicePacks ? versionId : numbers.Length == 1 || numbers[1] == "0" ? major : $"{major} SP{numbers[1]}";
        IEnumerable<string> modules = major switch
        {
            "15" => Modules.Select(module => $"Module for {module} {release}"),
            "12" => [.. ModulesOf12.Select(module => $"Module for {module} 12"), $"Software Development Kit {release}", $"Workstation Extension {release}"],
            _ => [],
        };
        return Advisories(
        [
            .. products.Select(product => $"{product} {release}").Concat(modules).Select(product => new OsvEcosystem("SUSE", "Linux Enterprise " + product)),
            // Built by openSUSE for SUSE's releases (https://packagehub.suse.com).
            new OsvEcosystem("SUSE", "Package Hub " + release),
        ]) with
        {
            // After its end a service pack is mended for those with a contract of their own (https://www.suse.com/products/long-term-service-pack-support/).
            Subscription = [.. new[] { $"Server {release}-LTSS", $"Server LTSS Extended Security {release}" }
                .Select(product => new OsvEcosystem("SUSE", "Linux Enterprise " + product))],
        };
    }

    private static DistributionAdvisories Advisories(IReadOnlyList<OsvEcosystem> ecosystems) => new(PackageType.Rpm, ecosystems);
}
