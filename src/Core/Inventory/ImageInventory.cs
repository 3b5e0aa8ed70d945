using System.Diagnostics.CodeAnalysis;

namespace ImageScan.Core.Inventory;

/// <summary>What is installed in an image: its layers merged, bottom to top.</summary>
public sealed record ImageInventory
{
    /// <summary>The operating system; null if none, or more than one, could be told.</summary>
    public Distribution? Distribution { get; init; }

    /// <summary>Ordered by type, name, version and path, ordinal.</summary>
    public required IReadOnlyList<InstalledPackage> Packages { get; init; }

    /// <summary>
    /// Language packages for which a package of the system stands, ordered as <see cref="Packages"/> and not among them: they count where nobody
    /// tells of the system's. Empty in what was stored before they were kept.
    /// </summary>
    [AllowNull]
    public IReadOnlyList<InstalledPackage> OwnedPackages { get; init => field = value ?? []; } = [];

    /// <summary>Which Red Hat repositories packages are from, by layer; empty for every other image.</summary>
    public IReadOnlyList<LayerContentSets> ContentSets { get; init; } = [];

    /// <summary>What could not be read or told; each makes the scan a partial one.</summary>
    public required IReadOnlyList<InventoryWarning> Warnings { get; init; }

    /// <summary>Packages in the order of an inventory.</summary>
    public static IEnumerable<InstalledPackage> InOrder(IEnumerable<InstalledPackage> packages) => packages
        .OrderBy(installed => installed.Package.Type.Place)
        .ThenBy(installed => installed.Package.Name, StringComparer.Ordinal)
        .ThenBy(installed => installed.Package.Version, StringComparer.Ordinal)
        .ThenBy(installed => installed.Package.Path, StringComparer.Ordinal)
        .ThenBy(installed => installed.Package.InnerPath, StringComparer.Ordinal)
        .ThenBy(installed => installed.Package.Architecture, StringComparer.Ordinal);
}

/// <summary>A package and the layer that introduced it.</summary>
/// <param name="Package">The package.</param>
/// <param name="Layer">Index among the manifest's layers, oldest 0, of the layer that brought this name in this version.</param>
public sealed record InstalledPackage(Package Package, int Layer)
{
    /// <summary>Its executable files and shared libraries, ordered by path; only those of packages of the system are known.</summary>
    public IReadOnlyList<PackageExecutable> Executables { get; init; } = [];
}

/// <summary>A dynamic executable or a shared library.</summary>
/// <param name="Path">Below the root.</param>
/// <param name="Needed">The libraries it asks for, as it names them (<c>libc.so.6</c>).</param>
public sealed record PackageExecutable(string Path, IReadOnlyList<string> Needed);

/// <summary>The Red Hat repositories that a layer's packages are from.</summary>
/// <param name="Layer">Index among the manifest's layers, oldest 0.</param>
/// <param name="Names">As the layer's content manifest has them: <c>rhel-9-for-x86_64-baseos-rpms</c>.</param>
public sealed record LayerContentSets(int Layer, IReadOnlyList<string> Names);
