using ImageScan.Core.Inventory;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Under what an installed package is looked up, and the version that its advisories speak of.</summary>
internal readonly record struct AdvisoryKey(OsvEcosystem Ecosystem, string Name, string Version)
{
    /// <summary>Every key of a package; none if no advisories are known for what it is.</summary>
    public static IReadOnlyList<AdvisoryKey> Of(Package package, DistributionAdvisories? distribution)
    {
        switch (package.Type)
        {
            case PackageType.Npm:
                return [new AdvisoryKey(new OsvEcosystem("npm", ""), package.Name, package.Version)];
            case PackageType.Python:
                return [new AdvisoryKey(new OsvEcosystem("PyPI", ""), package.Name, package.Version)];
            default:
                return distribution?.PackageType == package.Type ? OfDistribution(package, distribution) : [];
        }
    }

    // Distributions file advisories under the source, whose version can differ from that of the package built from it.
    private static List<AdvisoryKey> OfDistribution(Package package, DistributionAdvisories distribution)
    {
        string source = package.SourceName ?? package.Name;
        string version = package.SourceVersion ?? package.Version;
        var keys = new List<AdvisoryKey>();
        foreach (var ecosystem in distribution.Ecosystems)
        {
            keys.Add(new AdvisoryKey(ecosystem, source, version));
            if (distribution.OwnNames && package.Name != source)
            {
                keys.Add(new AdvisoryKey(ecosystem, package.Name, package.Version));
            }
        }

        return keys;
    }
}
