namespace ImageScan.Core.Inventory;

/// <summary>Which packages of the system the files of an image belong to, and what those files say of them.</summary>
internal sealed class SystemOwnership
{
    private readonly Dictionary<string, string> _owners = new(StringComparer.Ordinal);
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

        foreach (LicenseClaim claim in files.SelectMany(file => file.Inventory.Licenses))
        {
            _licenses.TryAdd(claim.Owner, claim.License);
        }

        _executables = files
            .Where(file => file.Inventory.NeededLibraries is not null && _owners.ContainsKey(file.Path))
            .ToLookup(file => _owners[file.Path], file => new PackageExecutable(file.Path, file.Inventory.NeededLibraries!), StringComparer.Ordinal);
    }

    /// <summary>Whether a package of the system owns the file at this real path.</summary>
    public bool Owns(string realPath) => _owners.ContainsKey(realPath);

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
