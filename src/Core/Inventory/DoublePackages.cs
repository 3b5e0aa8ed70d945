namespace ImageScan.Core.Inventory;

/// <summary>Packages that two sources in an image speak of, each in its own words.</summary>
internal static class DoublePackages
{
    private const string CondaFolder = "conda-meta/";

    // Releases of programs have a tenth of it. So that the versions of a hostile database cost no more than a look at each.
    private const int MaxRelease = 64;

    private static readonly char[] OfVersions = [.. "0123456789.-"];

    /// <summary>
    /// The packages, each once. A program and its library or header in one place (<c>usr/local/bin</c>, <c>usr/local/include</c>) say the same
    /// version each: then the first by path counts. So may a package of conda or Bitnami that brought them, or one of the system: then that counts.
    /// Where the system's database names the package's files, a program of the same version that is not among them was built by hand, and lacks
    /// what the distribution has mended in its own. A library of a language may be called like the program that it speaks to (redis) and is none.
    /// A Python distribution that conda installed has the metadata of any other one: then that counts, since advisories are about it, and nobody
    /// keeps any about conda's packages.
    /// </summary>
    /// <param name="packages">All packages, ordered by path.</param>
    /// <param name="knowsFilesOf">Whether it is known which files the package of the system with this name brought.</param>
    public static IEnumerable<InstalledPackage> Without(IReadOnlyList<InstalledPackage> packages, Predicate<string> knowsFilesOf)
    {
        HashSet<(string, string)> brought = BroughtBy(packages.Select(installed => installed.Package)
            .Where(package => package.Type.IsLanguage || !knowsFilesOf(package.Name)));
        HashSet<(string, string, string)> seen = [];
        HashSet<(string, string, ulong)> withMetadata = WithMetadata(packages);
        return packages.Where(installed => installed.Package is var package && package.Type == PackageType.Binary
            ? !brought.Contains((package.Name, package.Version)) && seen.Add((package.Name, package.Version, PlaceOf(package.Path)))
            : installed.Package.Type != PackageType.Conda || !withMetadata.Contains(InEnvironment(installed.Package)));
    }

    // Name and version of each program that a package stands for.
    private static HashSet<(string, string)> BroughtBy(IEnumerable<Package> packages)
    {
        Package[] all = [.. packages];
        Dictionary<string, HashSet<string>> releases = all
            .Where(package => package.Type == PackageType.Binary)
            .GroupBy(package => package.Name, package => package.Version, StringComparer.Ordinal)
            .ToDictionary(program => program.Key, program => program.ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
        var brought = new HashSet<(string, string)>();
        foreach (Package package in all.Where(BringsPrograms))
        {
            brought.Add((package.Name, package.Version));
            foreach ((string stem, string version) in VersionsOf(package))
            {
                if (releases.TryGetValue(stem, out HashSet<string>? known))
                {
                    brought.UnionWith(BuiltFrom(version, known).Select(release => (stem, release)));
                }
            }
        }

        return brought;
    }

    private static bool BringsPrograms(Package package) =>
        !package.Type.IsLanguage || package.Type == PackageType.Conda || package.Type == PackageType.Bitnami;

    // What a program and its library have in common: the folder above bin, lib and include.
    private static string PlaceOf(string path)
    {
        string[] folders = path.Split('/')[..^1];
        int end = Array.FindLastIndex(folders, folder => folder is "bin" or "sbin" or "lib" or "lib64" or "libexec" or "include" or "share");
        return string.Join('/', folders[..(end < 0 ? folders.Length : end)]);
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
