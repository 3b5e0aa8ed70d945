namespace ImageScan.Core.Inventory;

/// <summary>Packages that two sources in an image speak of, each in its own words.</summary>
internal static class DoublePackages
{
    private const string CondaFolder = "conda-meta/";

    private static readonly char[] OfVersions = [.. "0123456789.-"];

    /// <summary>
    /// The packages, each once. A program and its library or header say the same version each, and so may a package that brought them: then the
    /// package counts, or the first by path. Also where the system's database names no files (distroless images without lists of them) and only
    /// the version, with the distribution's own behind it, shows that the program is the package's. A Python distribution that conda installed has
    /// the metadata of any other one: then that counts, since advisories are about it, and nobody keeps any about conda's packages.
    /// </summary>
    public static IEnumerable<InstalledPackage> Without(IReadOnlyList<InstalledPackage> packages)
    {
        HashSet<(string, string)> seen =
        [
            .. packages
                .Where(installed => installed.Package.Type != PackageType.Binary)
                .Select(installed => (installed.Package.Name, installed.Package.Version)),
        ];
        ILookup<string, string> ofSystem = packages
            .Where(installed => !installed.Package.Type.IsLanguage)
            .SelectMany(installed => VersionsOf(installed.Package))
            .ToLookup(version => version.Stem, version => version.Version, StringComparer.Ordinal);
        ILookup<(string, string), string> distributions = packages
            .Where(installed => installed.Package.Type == PackageType.Python)
            .ToLookup(installed => (installed.Package.Name, installed.Package.Version), installed => installed.Package.Path);
        return packages.Where(installed =>
            installed.Package.Type == PackageType.Binary
                ? seen.Add((installed.Package.Name, installed.Package.Version))
                    && !ofSystem[installed.Package.Name].Any(version => IsBuildOf(version, installed.Package.Version))
            : installed.Package.Type != PackageType.Conda || !HasMetadata(installed.Package, distributions));
    }

    // python3.11 and postgresql-15 are named by what they are and their line of versions.
    private static IEnumerable<(string Stem, string Version)> VersionsOf(Package package) =>
    [
        (package.Name.TrimEnd(OfVersions), package.Version),
        ((package.SourceName ?? package.Name).TrimEnd(OfVersions), package.SourceVersion ?? package.Version),
    ];

    // 1:3.0.22-1~deb12u2 is a build of 3.0.22.
    private static bool IsBuildOf(string version, string release)
    {
        string withoutEpoch = version[(version.IndexOf(':', StringComparison.Ordinal) + 1)..];
        return withoutEpoch.StartsWith(release, StringComparison.Ordinal)
            && (withoutEpoch.Length == release.Length || !char.IsAsciiLetterOrDigit(withoutEpoch[release.Length]));
    }

    // Of its own environment: that of another one is another installation. Names of conda are those of PyPI as a rule, but not always:
    // what is called pytorch here is torch there, and stays beside it.
    private static bool HasMetadata(Package package, ILookup<(string, string), string> distributions)
    {
        string environment = package.Path[..Math.Max(0, package.Path.LastIndexOf(CondaFolder, StringComparison.Ordinal))];
        return distributions[(PythonName.Normalize(package.Name), package.Version)].Any(path => path.StartsWith(environment, StringComparison.Ordinal));
    }
}
