using ImageScan.Core.Inventory;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>Under what an installed package is looked up, and the version that its advisories speak of.</summary>
internal readonly record struct AdvisoryKey(OsvEcosystem Ecosystem, string Name, string Version)
{
    /// <summary>Every key of a package; none if no advisories are known for what it is.</summary>
    public static IReadOnlyList<AdvisoryKey> Of(Package package, DistributionAdvisories? distribution)
    {
        if (LanguageOf(package.Type) is { } language)
        {
            return [new AdvisoryKey(language, package.Name, package.Version)];
        }

        return distribution?.PackageType == package.Type ? OfDistribution(package, distribution) : [];
    }

    /// <summary>The ecosystem of a language's packages; null for those of an operating system.</summary>
    public static OsvEcosystem? LanguageOf(PackageType type) => type.Ecosystem is { } name ? new OsvEcosystem(name, "") : null;

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
