namespace ImageScan.Core.Inventory;

/// <summary>What is installed in an image: its layers merged, bottom to top.</summary>
public sealed record ImageInventory
{
    /// <summary>The operating system; null if none, or more than one, could be told.</summary>
    public Distribution? Distribution { get; init; }

    /// <summary>Ordered by type, name, version and path, ordinal.</summary>
    public required IReadOnlyList<InstalledPackage> Packages { get; init; }

    /// <summary>What could not be read or told; each makes the scan a partial one.</summary>
    public required IReadOnlyList<InventoryWarning> Warnings { get; init; }
}

/// <summary>A package and the layer that introduced it.</summary>
/// <param name="Package">The package.</param>
/// <param name="Layer">Index among the manifest's layers, oldest 0, of the layer that brought this name in this version.</param>
public sealed record InstalledPackage(Package Package, int Layer);
