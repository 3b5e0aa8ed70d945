namespace ImageScan.Core.Inventory;

/// <summary>
/// Lays the layers of an image over each other, as a container runtime does, and says what is installed in the outcome.
/// </summary>
public static class LayerMerge
{
    /// <summary>
    /// What is installed in the image whose layers these are, oldest first. A package database counts as its last layer has it; each
    /// package keeps the layer that first brought this name in this version; language packages whose files belong to a package of the
    /// system are left out, since the system's package stands for them.
    /// </summary>
    public static ImageInventory Of(IReadOnlyList<LayerInventory> layers)
    {
        var visible = new VisibleFiles();
        for (int i = 0; i < layers.Count; i++)
        {
            visible.Apply(layers[i], i);
        }

        VisibleFile[] files = [.. visible.Files.OrderBy(file => file.Path, StringComparer.Ordinal)];
        Distribution? distribution = DistributionChoice.Among(
            [.. files.Select(file => file.Inventory.Distribution).OfType<DistributionClaim>()],
            out InventoryWarning? disagreement);
        IEnumerable<InventoryWarning> warnings = [.. visible.Warnings, .. UnreadBehindLinks(visible, layers)];
        return new ImageInventory
        {
            Distribution = distribution,
            Packages = Installed(files, OwnedFiles(visible, files)),
            Warnings =
            [
                .. (disagreement is null ? warnings : warnings.Append(disagreement))
                    .Distinct()
                    .OrderBy(warning => warning.Path, StringComparer.Ordinal)
                    .ThenBy(warning => warning.Reason, StringComparer.Ordinal),
            ],
        };
    }

    private static HashSet<string> OwnedFiles(VisibleFiles visible, IEnumerable<VisibleFile> files) =>
        files.SelectMany(file => file.Inventory.OwnedFiles).Select(visible.Resolve).OfType<string>().ToHashSet(StringComparer.Ordinal);

    private static InstalledPackage[] Installed(IEnumerable<VisibleFile> files, HashSet<string> owned)
    {
        var packages = new List<InstalledPackage>();
        var seenOfSystem = new HashSet<(PackageType, string, string, string?)>();
        foreach (VisibleFile file in files)
        {
            for (int i = 0; i < file.Inventory.Packages.Count; i++)
            {
                Package package = file.Inventory.Packages[i];
                bool wanted = package.Type.IsLanguage()
                    ? !owned.Contains(file.Path)
                    : seenOfSystem.Add((package.Type, package.Name, package.Version, package.Architecture));
                if (wanted)
                {
                    packages.Add(new InstalledPackage(package.Path == file.Path ? package : package with { Path = file.Path }, file.Layers[i]));
                }
            }
        }

        return
        [
            .. packages
                .OrderBy(installed => installed.Package.Type)
                .ThenBy(installed => installed.Package.Name, StringComparer.Ordinal)
                .ThenBy(installed => installed.Package.Version, StringComparer.Ordinal)
                .ThenBy(installed => installed.Package.Path, StringComparer.Ordinal)
                .ThenBy(installed => installed.Package.Architecture, StringComparer.Ordinal),
        ];
    }

    // A layer is read before anybody knows where the links of other layers lead: what lies behind them in an unusual place was not read.
    private static IEnumerable<InventoryWarning> UnreadBehindLinks(VisibleFiles visible, IReadOnlyList<LayerInventory> layers)
    {
        var said = new HashSet<string>(StringComparer.Ordinal);
        foreach (SymbolicLink link in visible.Links.OrderBy(link => link.Path, StringComparer.Ordinal))
        {
            foreach (string wanted in link.Wanted)
            {
                string? real = visible.Resolve(wanted);
                if (!IsUnread(visible, layers, link, wanted, real) || !said.Add(wanted))
                {
                    continue;
                }

                string end = real is null ? "links that have no end" : real.Length == 0 ? "the root" : real;
                yield return new InventoryWarning(
                    wanted, $"The link {link.Path} -> {link.Target} leads to {end}, where packages are not looked for: any there are missing.");
            }
        }
    }

    private static bool IsUnread(VisibleFiles visible, IReadOnlyList<LayerInventory> layers, SymbolicLink link, string wanted, string? real)
    {
        if (real is null)
        {
            return true;
        }

        if (!wanted.EndsWith('/'))
        {
            return visible.FileAt(real) is null && Exists(layers, real);
        }

        // Whether a folder exists is not recorded. A link in the very place that belongs to the database alone leads to one; a link
        // higher up (/var) would do so in images that have no such database too.
        bool inItsPlace = link.Path.Length >= wanted.TrimEnd('/').LastIndexOf('/');
        return inItsPlace && !visible.HasFilesIn(real);
    }

    private static bool Exists(IReadOnlyList<LayerInventory> layers, string realPath)
    {
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            if (layers[i].NonFolders.Contains(realPath))
            {
                return true;
            }

            if (Hides(layers[i], realPath))
            {
                return false;
            }
        }

        return false;
    }

    private static bool Hides(LayerInventory layer, string path)
    {
        bool IsAtOrAbove(string hidden) =>
            hidden.Length == 0 || (path.StartsWith(hidden, StringComparison.Ordinal) && (path.Length == hidden.Length || path[hidden.Length] == '/'));

        return layer.Whiteouts.Any(IsAtOrAbove) || layer.OpaqueFolders.Any(IsAtOrAbove) || FoldersAbove(path).Any(layer.NonFolders.Contains);
    }

    private static IEnumerable<string> FoldersAbove(string path)
    {
        for (int slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            yield return path[..slash];
        }
    }
}
