namespace ImageScan.Core.Inventory;

/// <summary>Packages that two sources in an image speak of, each in its own words.</summary>
internal static class DoublePackages
{
    private const string CondaFolder = "conda-meta/";

    // Releases of programs have a tenth of it. So that the versions of a hostile database cost no more than a look at each.
    private const int MaxRelease = 64;

    private static readonly char[] OfVersions = [.. "0123456789.-"];

    /// <summary>
    /// The packages, each once. A program and its library or header say the same version each, and so may a package of the system, of conda or
    /// of Bitnami that brought them: then the package counts, or the first by path. Also where the system's database names no files (distroless
    /// images without lists of them) and only the version, with the distribution's own behind it, shows that the program is the package's. A
    /// library of a language may be called like the program that it speaks to (redis) and is none. A Python distribution that conda installed has
    /// the metadata of any other one: then that counts, since advisories are about it, and nobody keeps any about conda's packages.
    /// </summary>
    public static IEnumerable<InstalledPackage> Without(IReadOnlyList<InstalledPackage> packages)
    {
        HashSet<(string, string)> seen = BroughtBy(packages);
        HashSet<(string, string, ulong)> withMetadata = WithMetadata(packages);
        return packages.Where(installed =>
            installed.Package.Type == PackageType.Binary ? seen.Add((installed.Package.Name, installed.Package.Version))
            : installed.Package.Type != PackageType.Conda || !withMetadata.Contains(InEnvironment(installed.Package)));
    }

    // Name and version of each program that a package stands for.
    private static HashSet<(string, string)> BroughtBy(IReadOnlyList<InstalledPackage> packages)
    {
        Dictionary<string, HashSet<string>> releases = packages
            .Where(installed => installed.Package.Type == PackageType.Binary)
            .GroupBy(installed => installed.Package.Name, installed => installed.Package.Version, StringComparer.Ordinal)
            .ToDictionary(program => program.Key, program => program.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var brought = new HashSet<(string, string)>();
        foreach (Package package in packages.Select(installed => installed.Package))
        {
            if (!package.Type.IsLanguage || package.Type == PackageType.Conda || package.Type == PackageType.Bitnami)
            {
                brought.Add((package.Name, package.Version));
            }

            foreach ((string stem, string version) in package.Type.IsLanguage ? [] : VersionsOf(package))
            {
                if (releases.TryGetValue(stem, out HashSet<string>? known))
                {
                    brought.UnionWith(BuiltFrom(version, known).Select(release => (stem, release)));
                }
            }
        }

        return brought;
    }

    // python3.11 and postgresql-15 are named by what they are and their line of versions.
    private static IEnumerable<(string Stem, string Version)> VersionsOf(Package package) =>
    [
        (package.Name.TrimEnd(OfVersions), package.Version),
        ((package.SourceName ?? package.Name).TrimEnd(OfVersions), package.SourceVersion ?? package.Version),
    ];

    // 1:3.0.22-1~deb12u2 is a build of 3.0.22.
    private static List<string> BuiltFrom(string version, HashSet<string> releases)
    {
        var built = new List<string>();
        string withoutEpoch = version[(version.IndexOf(':', StringComparison.Ordinal) + 1)..];
        HashSet<string>.AlternateLookup<ReadOnlySpan<char>> known = releases.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int end = 1; end <= Math.Min(withoutEpoch.Length, MaxRelease); end++)
        {
            bool isWhole = end == withoutEpoch.Length || !char.IsAsciiLetterOrDigit(withoutEpoch[end]);
            if (isWhole && known.TryGetValue(withoutEpoch.AsSpan(0, end), out string? release))
            {
                built.Add(release);
            }
        }

        return built;
    }

    // The records of conda for which a Python distribution lies in their environment. That of another one is another installation.
    private static HashSet<(string, string, ulong)> WithMetadata(IReadOnlyList<InstalledPackage> packages)
    {
        HashSet<(string Name, string Version, ulong)> records =
            [.. packages.Select(installed => installed.Package).Where(package => package.Type == PackageType.Conda).Select(InEnvironment)];
        HashSet<(string, string)> names = [.. records.Select(record => (record.Name, record.Version))];
        return
        [
            .. packages
                .Select(installed => installed.Package)
                .Where(package => package.Type == PackageType.Python && names.Contains((package.Name, package.Version)))
                .SelectMany(package => PathSet.StepsTo(package.Path), (package, folder) => (package.Name, package.Version, folder))
                .Where(records.Contains),
        ];
    }

    // Names of conda are those of PyPI as a rule, but not always: what is called pytorch here is torch there, and stays beside it.
    private static (string Name, string Version, ulong Environment) InEnvironment(Package record)
    {
        string environment = record.Path[..Math.Max(0, record.Path.LastIndexOf(CondaFolder, StringComparison.Ordinal))].TrimEnd('/');
        return (PythonName.Normalize(record.Name), record.Version, PathSet.StepsTo(environment)[^1]);
    }
}
