namespace ImageScan.Core.Inventory;

/// <summary>
/// Lays the layers of an image over each other, as a container runtime does, and says what is installed in the outcome.
/// </summary>
public static class LayerMerge
{
    /// <summary>
    /// What is installed in the image whose layers these are, oldest first. A package database counts as its last layer has it; each
    /// package keeps the layer that first brought this name in this version; language packages whose files belong to a package of the
    /// system are kept apart, since the system's package stands for them.
    /// </summary>
    public static ImageInventory Of(IReadOnlyList<LayerInventory> layers, CancellationToken cancellationToken)
    {
        var visible = new VisibleFiles();
        for (int i = 0; i < layers.Count; i++)
        {
            visible.Apply(layers[i], i, cancellationToken);
        }

        VisibleFile[] files = [.. visible.Files.OrderBy(file => file.Path, StringComparer.Ordinal)];
        Distribution? distribution = DistributionChoice.Among(
            [.. files.Select(file => file.Inventory.Distribution).OfType<DistributionClaim>()],
            out InventoryWarning? disagreement);
        var links = new UnreadLinks(visible, layers);
        InventoryWarning?[] ofImage = [disagreement, SystemDatabases.FaultIn(distribution, files)];
        (InstalledPackage[] packages, InstalledPackage[] owned) = Installed(files, new SystemOwnership(visible, files, distribution));
        return new ImageInventory
        {
            Distribution = distribution ?? (disagreement is null ? DistributionChoice.OfBusyBox(packages) : null),
            Packages = packages,
            OwnedPackages = owned,
            ContentSets = [.. ContentSetsOf(files)],
            Warnings =
            [
                .. visible.Warnings
                    .Concat(links.Warnings(cancellationToken))
                    .Concat(ofImage.OfType<InventoryWarning>())
                    .Distinct()
                    .OrderBy(warning => warning.Path, StringComparer.Ordinal)
                    .ThenBy(warning => warning.Reason, StringComparer.Ordinal),
            ],
        };
    }

    private static (InstalledPackage[] Packages, InstalledPackage[] Owned) Installed(IReadOnlyList<VisibleFile> files, SystemOwnership ownership)
    {
        var packages = new List<InstalledPackage>();
        var owned = new List<InstalledPackage>();
        var seenOfSystem = new HashSet<(PackageType, string, string, string?)>();
        var seenOfLanguages = new HashSet<(PackageType, string, string, string, string?)>();

        // A chiselled image may have dpkg's database made for scanners too. That one comes first, since it names source packages.
        foreach (VisibleFile file in files.OrderBy(file => file.Inventory.Detector == SystemDatabases.Chisel))
        {
            for (int i = 0; i < file.Inventory.Packages.Count; i++)
            {
                Package package = file.Inventory.Packages[i];
                var installed = new InstalledPackage(package.Path == file.Path ? package : package with { Path = file.Path }, file.Layers[i]);
                if (package.Type.IsLanguage)
                {
                    // A list in a file may name a package twice.
                    bool isNew = seenOfLanguages.Add((package.Type, package.Name, package.Version, file.Path, package.InnerPath));
                    (ownership.StandsFor(package, file) ? owned : packages).AddRange(isNew ? [installed] : []);
                }
                else if (seenOfSystem.Add((package.Type, package.Name, package.Version, package.Architecture)))
                {
                    packages.Add(ownership.Completed(installed));
                }
            }
        }

        return ([.. ImageInventory.InOrder(DoublePackages.Without(packages, ownership.KnowsFilesOf))], [.. ImageInventory.InOrder(owned)]);
    }

    private static IEnumerable<LayerContentSets> ContentSetsOf(IEnumerable<VisibleFile> files) => files
        .Where(file => file.Inventory.ContentSets.Count > 0)
        .GroupBy(file => file.Layer)
        .OrderBy(layer => layer.Key)
        .Select(layer => new LayerContentSets(layer.Key, [.. layer.SelectMany(file => file.Inventory.ContentSets).Distinct()]));
}
