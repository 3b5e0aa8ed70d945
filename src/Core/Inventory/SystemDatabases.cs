namespace ImageScan.Core.Inventory;

/// <summary>
/// Tells an image without vulnerable packages from one whose packages cannot be seen: a distribution with a package manager that is read, but
/// without a package in its database.
/// </summary>
internal static class SystemDatabases
{
    // By os-release ID. What is in neither list has a package manager that is not read, or is not known: then no advisories cover it.
    private static readonly HashSet<string> OfDpkg =
        ["debian", "ubuntu", "devuan", "elementary", "kali", "linuxmint", "neon", "parrot", "pop", "proxmox", "pureos", "raspbian", "zorin"];

    private static readonly HashSet<string> OfApk = ["alpine", "adelie", "alpaquita", "chainguard", "minimos", "postmarketos", "wolfi"];

    /// <summary>What to say if the distribution's database is not among the visible files, or has no package; null if there is no need.</summary>
    public static InventoryWarning? MissingIn(Distribution? distribution, IReadOnlyCollection<VisibleFile> files)
    {
        if (ManagerOf(distribution) is not { } manager)
        {
            return null;
        }

        VisibleFile[] databases = [.. files.Where(file => file.Inventory.Detector == manager)];
        if (databases.Any(database => database.Inventory.Packages.Count > 0))
        {
            return null;
        }

        return databases.Length == 0
            ? new InventoryWarning("", $"No {manager} database was found, so nothing is known of the packages of this {distribution!.Id} image.")
            : new InventoryWarning(
                databases[0].Path,
                $"No installed package was found in the {manager} database: the image has none, or was made without keeping it.");
    }

    // The name of a package manager is also that of the detector that reads its database.
    private static string? ManagerOf(Distribution? distribution) => distribution switch
    {
        not null when OfDpkg.Contains(distribution.Id) => "dpkg",
        not null when OfApk.Contains(distribution.Id) => "apk",
        _ => null,
    };
}
