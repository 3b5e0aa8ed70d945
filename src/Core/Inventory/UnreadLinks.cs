namespace ImageScan.Core.Inventory;

/// <summary>
/// Finds what lies behind links in an unusual place: a layer is read before anybody knows where the links of other layers lead, so that was
/// not read.
/// </summary>
internal sealed class UnreadLinks(VisibleFiles visible, IReadOnlyList<LayerInventory> layers)
{
    private const int MaxWarnings = 200;

    // Real images have a handful of links that are looked at; each of these costs a look into every layer.
    private const int MaxLookedAt = 10_000;

    // What each layer hides, once that was asked for; the root is in it as the folder that every path starts in.
    private readonly HashSet<ulong>?[] _hidden = new HashSet<ulong>?[layers.Count];

    /// <summary>A warning for each path that a detector looks for and that only a link leads to; when there are very many, one for the rest.</summary>
    public IReadOnlyList<InventoryWarning> Warnings(CancellationToken cancellationToken)
    {
        var warnings = new List<InventoryWarning>();
        var said = new HashSet<string>(StringComparer.Ordinal);
        int lookedAt = 0;
        foreach (SymbolicLink link in visible.Links.Where(link => link.Wanted.Count > 0).OrderBy(link => link.Path, StringComparer.Ordinal))
        {
            foreach (string wanted in link.Wanted)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (warnings.Count >= MaxWarnings || lookedAt >= MaxLookedAt)
                {
                    warnings.Add(new InventoryWarning("", "There are more links to places where packages are not looked for: any there are missing."));
                    return warnings;
                }

                lookedAt++;
                string? real = visible.Resolve(wanted);
                if (IsUnread(link, wanted, real) && said.Add(wanted))
                {
                    string end = real is null ? "links that have no end" : real.Length == 0 ? "the root" : real;
                    warnings.Add(new InventoryWarning(
                        wanted, $"The link {link.Path} -> {link.Target} leads to {end}, where packages are not looked for: any there are missing."));
                }
            }
        }

        return warnings;
    }

    private bool IsUnread(SymbolicLink link, string wanted, string? real)
    {
        if (real is null)
        {
            return true;
        }

        if (!wanted.EndsWith('/'))
        {
            return visible.FileAt(real) is null && IsUnreadFile(real);
        }

        // Not every layer has entries for its folders, so whether one exists cannot be told. A link in the very place that belongs to the database
        // alone leads to one; a link higher up (/var) would do so in images that have no such database too.
        bool inItsPlace = link.Path.Length >= wanted.TrimEnd('/').LastIndexOf('/');
        return inItsPlace && !visible.HasFilesIn(real);
    }

    // What stands at the path in the image may have been read to find nothing in it.
    private bool IsUnreadFile(string realPath)
    {
        ulong[] steps = PathSet.StepsTo(realPath);
        for (int i = layers.Count - 1; i >= 0; i--)
        {
            PathSet nonFolders = layers[i].NonFolders;
            if (nonFolders.ContainsHash(steps[^1]))
            {
                return !layers[i].ReadWithoutFindings.ContainsHash(steps[^1]);
            }

            if (layers[i].Folders.ContainsHash(steps[^1]))
            {
                return false;
            }

            HashSet<ulong> hidden = _hidden[i] ??= HiddenBy(layers[i]);
            if (steps.Any(hidden.Contains) || steps.Any(nonFolders.ContainsHash))
            {
                return false;
            }
        }

        return false;
    }

    private static HashSet<ulong> HiddenBy(LayerInventory layer) =>
        [.. layer.Whiteouts.Concat(layer.OpaqueFolders).Select(path => path.Length == 0 ? PathSet.Start : PathSet.HashOf(path))];
}
