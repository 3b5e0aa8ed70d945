using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Benchmarks;

/// <summary>Made inventories of packages that a snapshot has advisories of.</summary>
internal static class AdvisoryInventories
{
    /// <summary>
    /// A Debian 11 image: six parts system packages, three parts npm, one part Python, half of each with advisories. Such a package has the
    /// version at which a random one of its advisories is mended, so about half of them are findings, as in an image that is mended now and then.
    /// </summary>
    public static ImageInventory Of(AdvisoryDatabase database, int packages, int seed)
    {
        var random = new Random(seed);
        AdvisoryLookup lookup = database.Lookup();
        var installed = new List<InstalledPackage>();
        foreach (var (type, ecosystem, share) in new[] { (PackageType.Dpkg, "Debian:11", 6), (PackageType.Npm, "npm", 3), (PackageType.Python, "PyPI", 1) })
        {
            string[] known = Names(database, ecosystem);
            for (int i = 0; i < packages * share / 10; i++)
            {
                string name = known[random.Next(known.Length)];
                installed.Add(new InstalledPackage(Package(type, i % 2 == 0 ? name : $"{name}-{i}", Version(lookup, ecosystem, name, random)), 0));
            }
        }

        return new ImageInventory { Distribution = new Distribution("debian", "11"), Packages = installed, Warnings = [] };
    }

    /// <summary>The packages of an ecosystem that a snapshot has advisories of, as it stores their names.</summary>
    public static string[] Names(AdvisoryDatabase database, string ecosystem) =>
        [.. database.PackagesOf(ecosystem).Order(StringComparer.Ordinal)];

    private static Package Package(PackageType type, string name, string version) => new() { Type = type, Name = name, Version = version, Path = "p" };

    private static string Version(AdvisoryLookup lookup, string ecosystem, string name, Random random)
    {
        string[] fixes = [.. lookup.Find(OsvEcosystem.Parse(ecosystem), name).SelectMany(posting => posting.Ranges)
            .SelectMany(range => range.Events).Where(point => point.Kind == RangeEventKind.Fixed).Select(point => point.Version)];
        return fixes.Length == 0 ? "1.0" : fixes[random.Next(fixes.Length)];
    }
}
