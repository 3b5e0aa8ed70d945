namespace ImageScan.Core.Inventory;

/// <summary>Which packages of the system the files of an image belong to, and what those files say of them.</summary>
internal sealed class SystemOwnership
{
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly HashSet<string> _ownedByOthers = new(StringComparer.Ordinal);
    private readonly HashSet<string> _withFiles = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stated = new(StringComparer.Ordinal);
    private readonly HashSet<(string Path, string Md5)> _sums = [];
    private readonly Dictionary<string, int> _installedIn = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _licenses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<PackageExecutable>> _executables = new(StringComparer.Ordinal);

    public SystemOwnership(VisibleFiles visible, IReadOnlyList<VisibleFile> files, Distribution? distribution)
    {
        foreach ((VisibleFile file, int i, Package package) in files.SelectMany(file => file.Inventory.Packages.Select((package, i) => (file, i, package))))
        {
            if (!package.Type.IsLanguage)
            {
                _installedIn[package.Name] = Math.Max(_installedIn.GetValueOrDefault(package.Name), file.Layers[i]);
            }
        }

        HashSet<string> others = PackagesOfOthers(distribution, files);
        foreach (Ownership owned in files.SelectMany(file => file.Inventory.Owned).Where(owned => IsInstalled(owned.Owner)))
        {
            Take(owned, others.Contains(owned.Owner), visible);
            _withFiles.Add(owned.Owner);
        }

        foreach (LicenseClaim claim in files.SelectMany(file => file.Inventory.Licenses))
        {
            _licenses.TryAdd(claim.Owner, claim.License);
        }

        foreach (VisibleFile file in files.Where(file => file.Inventory.NeededLibraries is not null))
        {
            if (_owners.TryGetValue(file.Path, out string? owner))
            {
                ListOf(owner).Add(new PackageExecutable(file.Path, file.Inventory.NeededLibraries!));
            }
        }
    }

    /// <summary>Whether it is known which files a package of the system brought; not so in distroless images without lists of them.</summary>
    public bool KnowsFilesOf(string package) => _withFiles.Contains(package);

    /// <summary>
    /// Whether a package of the system owns the file, so that it stands for the package which is named there. Not so if the file is not as the
    /// owner packaged it, or a layer after the one that installed the owner has put another version in its place, as <c>npm install -g npm</c>
    /// does; and where the distribution did not build the owner, so that its advisories do not speak of it: what that brings of other ecosystems
    /// counts, but not the program that it is itself.
    /// </summary>
    public bool StandsFor(Package package, VisibleFile file)
    {
        if (!_owners.TryGetValue(file.Path, out string? owner))
        {
            return false;
        }

        bool isOverwritten = file.OverwrittenIn is { } layer && _installedIn.TryGetValue(owner, out int installedIn) && layer > installedIn;
        return !isOverwritten && IsAsPackaged(file) && (package.Type == PackageType.Binary || !_ownedByOthers.Contains(file.Path));
    }

    /// <summary>
    /// A package of the system with what its files add to what its database says. Which of several packages of one name owns a file is not
    /// recorded: the executables go to the one that is asked for first.
    /// </summary>
    public InstalledPackage Completed(InstalledPackage installed)
    {
        Package package = installed.Package;
        _executables.Remove(package.Name, out List<PackageExecutable>? executables);
        return installed with
        {
            Package = package.License is null && _licenses.TryGetValue(package.Name, out string? license) ? package with { License = license } : package,
            Executables = executables ?? [],
        };
    }

    // By name, as owners are told.
    private static HashSet<string> PackagesOfOthers(Distribution? distribution, IReadOnlyList<VisibleFile> files)
    {
        Package[] ofSystem = [.. files.SelectMany(file => file.Inventory.Packages).Where(package => !package.Type.IsLanguage)];
        var vendors = DistributionVendors.Of(distribution, ofSystem);
        HashSet<string> others = [.. ofSystem.Where(vendors.MayBeOfOthers).Select(package => package.Name)];
        others.ExceptWith(ofSystem.Where(package => !vendors.MayBeOfOthers(package)).Select(package => package.Name));
        return others;
    }

    // Where several packages state something of one path, dpkg has diverted the file of one of them, or let one replace the other's.
    private bool IsAsPackaged(VisibleFile file) =>
        file.Inventory.Md5 is not { } md5 || !_stated.Contains(file.Path) || _sums.Contains((file.Path, md5));

    private List<PackageExecutable> ListOf(string owner)
    {
        if (!_executables.TryGetValue(owner, out List<PackageExecutable>? list))
        {
            _executables[owner] = list = [];
        }

        return list;
    }

    // Lists of files outlive their package, as dpkg's do where its configuration was left; then what lies there is somebody else's. Diversions
    // do not name an owner.
    private bool IsInstalled(string owner) => owner.Length == 0 ? _installedIn.Count > 0 : _installedIn.ContainsKey(owner);

    private void Take(Ownership owned, bool isOfOthers, VisibleFiles visible)
    {
        foreach (string path in owned.Paths)
        {
            if (visible.Resolve(path) is { } real && _owners.TryAdd(real, owned.Owner) && isOfOthers)
            {
                _ownedByOthers.Add(real);
            }
        }

        foreach (FileSum sum in owned.Sums)
        {
            if (visible.Resolve(sum.Path) is { } real)
            {
                _stated.Add(real);
                _sums.Add((real, sum.Md5));
            }
        }
    }
}
