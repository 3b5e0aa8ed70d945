namespace ImageScan.Core.Inventory;

/// <summary>Which packages of the system the files of an image belong to, and what those files say of them.</summary>
internal sealed class SystemOwnership
{
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _installedIn = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _licenses = new(StringComparer.Ordinal);
    private readonly ILookup<string, PackageExecutable> _executables;

    public SystemOwnership(VisibleFiles visible, IReadOnlyList<VisibleFile> files)
    {
        foreach (Ownership owned in files.SelectMany(file => file.Inventory.Owned))
        {
            foreach (string path in owned.Paths)
            {
                if (visible.Resolve(path) is { } real)
                {
                    _owners.TryAdd(real, owned.Owner);
                }
            }
        }

        foreach ((VisibleFile file, int i, Package package) in files.SelectMany(file => file.Inventory.Packages.Select((package, i) => (file, i, package))))
        {
            if (!package.Type.IsLanguage)
            {
                _installedIn[package.Name] = Math.Max(_installedIn.GetValueOrDefault(package.Name), file.Layers[i]);
            }
        }

        foreach (LicenseClaim claim in files.SelectMany(file => file.Inventory.Licenses))
        {
            _licenses.TryAdd(claim.Owner, claim.License);
        }

        _executables = files
            .Where(file => file.Inventory.NeededLibraries is not null && _owners.ContainsKey(file.Path))
            .ToLookup(file => _owners[file.Path], file => new PackageExecutable(file.Path, file.Inventory.NeededLibraries!), StringComparer.Ordinal);
    }

    /// <summary>
    /// Whether a package of the system owns the file, and what stands in it: not so if a layer after the one that installed the package has
    /// put another version in its place, as <c>npm install -g npm</c> does.
    /// </summary>
    public bool Owns(VisibleFile file)
    {
        if (!_owners.TryGetValue(file.Path, out string? owner))
        {
            return false;
        }

        bool isOverwritten = file.OverwrittenIn is { } layer && _installedIn.TryGetValue(owner, out int installedIn) && layer > installedIn;
        return !isOverwritten;
    }

    /// <summary>A package of the system with what its files add to what its database says.</summary>
    public InstalledPackage Completed(InstalledPackage installed)
    {
        Package package = installed.Package;
        return installed with
        {
            Package = package.License is null && _licenses.TryGetValue(package.Name, out string? license) ? package with { License = license } : package,
            Executables = [.. _executables[package.Name]],
        };
    }
}
