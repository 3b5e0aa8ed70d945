namespace ImageScan.Core.Inventory;

/// <summary>
/// Tells an image without vulnerable packages from one whose packages cannot be seen: a distribution with a package manager that is read, but
/// without a package in its database.
/// </summary>
internal static class SystemDatabases
{
    // By os-release ID. What is in no list has a package manager that is not read, or is not known: then no advisories cover it.
    private static readonly HashSet<string> OfDpkg =
        ["debian", "ubuntu", "devuan", "elementary", "kali", "linuxmint", "neon", "parrot", "pop", "proxmox", "pureos", "raspbian", "zorin"];

    private static readonly HashSet<string> OfApk = ["alpine", "adelie", "alpaquita", "chainguard", "minimos", "postmarketos", "wolfi"];

    private static readonly HashSet<string> OfRpm =
    [
        "rhel", "centos", "fedora", "almalinux", "rocky", "ol", "amzn", "eurolinux", "scientific", "cloudlinux", "miraclelinux", "virtuozzo", "circle",
        "sles", "sled", "sle_hpc", "sles_sap", "sle-micro", "sl-micro", "opensuse", "opensuse-leap", "opensuse-tumbleweed", "opensuse-microos",
        "mariner", "azurelinux", "photon", "openeuler", "anolis", "alinux", "tencentos", "opencloudos", "mageia", "openmandriva", "wrlinux",
    ];

    private static readonly HashSet<string> OfPacman = ["arch", "archarm", "artix", "cachyos", "endeavouros", "manjaro"];

    /// <summary>The detector of chiselled images, which have packages of dpkg without its database.</summary>
    internal const string Chisel = "chisel";

    /// <summary>
    /// What to say if the distribution's database is not among the visible files, has no package, or is there twice with different packages;
    /// null if there is no need.
    /// </summary>
    public static InventoryWarning? FaultIn(Distribution? distribution, IReadOnlyCollection<VisibleFile> files)
    {
        if (ManagerOf(distribution) is not { } manager)
        {
            return null;
        }

        VisibleFile[] databases = [.. files.Where(file => file.Inventory.Detector == manager)];
        VisibleFile[] filled = [.. databases.Where(database => database.Inventory.Packages.Count > 0)];
        if (filled.Length > 0)
        {
            return manager == "rpm" ? DifferenceOf(filled) : null;
        }

        if (manager == "dpkg" && files.FirstOrDefault(file => file.Inventory.Detector == Chisel && file.Inventory.Packages.Count > 0) is { } chiselled)
        {
            return new InventoryWarning(
                chiselled.Path,
                "Chisel's manifest does not say what source its packages are built from, and advisories are filed under sources: those of packages "
                + "that are called otherwise (libc6, of glibc) are missing.");
        }

        return databases.Length == 0
            ? new InventoryWarning("", $"No {manager} database was found, so nothing is known of the packages of this {distribution!.Id} image.")
            : new InventoryWarning(
                databases[0].Path,
                $"No installed package was found in the {manager} database: the image has none, or was made without keeping it.");
    }

    // rpm has one database in one of several places and forms. A second one with other packages was left behind by an older rpm, most likely; which
    // of them rpm would use, its configuration says.
    private static InventoryWarning? DifferenceOf(VisibleFile[] databases)
    {
        IEnumerable<HashSet<(string, string, string?)>> packages = databases.Select(database =>
            database.Inventory.Packages.Select(package => (package.Name, package.Version, package.Architecture)).ToHashSet());
        return packages.Skip(1).All(packages.First().SetEquals)
            ? null
            : new InventoryWarning(
                "",
                $"There are several rpm databases with different packages ({string.Join(", ", databases.Select(database => database.Path))}): "
                + "packages of one that is no longer used may be listed though they are not installed.");
    }

    // The name of a package manager is also that of the detector that reads its database.
    private static string? ManagerOf(Distribution? distribution) => distribution switch
    {
        not null when OfDpkg.Contains(distribution.Id) => "dpkg",
        not null when OfApk.Contains(distribution.Id) => "apk",
        not null when OfRpm.Contains(distribution.Id) => "rpm",
        not null when OfPacman.Contains(distribution.Id) => "pacman",
        _ => null,
    };
}
