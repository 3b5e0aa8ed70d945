namespace ImageScan.Core.Inventory;

/// <summary>
/// What can be seen of the findings of the layers laid over each other so far. Every path in it is the real one: folders that are symbolic
/// links are followed before a file is put in its place.
/// </summary>
internal sealed class VisibleFiles
{
    // As many links as Linux follows in one path (path_resolution(7)).
    private const int MaxLinks = 40;

    // A path has 256 names at most, and links lead to a few each; the text of 40 hostile ones has 80,000.
    private const int MaxNames = 1024;

    private readonly PathTree<Place> _places;
    private readonly List<VisibleFile> _gone = [];
    private readonly Dictionary<string, VisibleFile> _lastAt = new(StringComparer.Ordinal);
    private readonly IntroducingLayers _introducing = new();
    private readonly List<InventoryWarning> _generalWarnings = [];

    public VisibleFiles()
    {
        _places = new PathTree<Place>(place => _gone.AddRange(place.File is { } file ? [file] : []));
    }

    public IEnumerable<VisibleFile> Files => _places.All().Select(found => found.Value.File).OfType<VisibleFile>();

    public IEnumerable<SymbolicLink> Links => _places.All().Select(found => found.Value.Link).OfType<SymbolicLink>();

    /// <summary>Warnings about the layers as a whole, and those about files that no later layer has hidden or replaced.</summary>
    public IEnumerable<InventoryWarning> Warnings =>
        _generalWarnings.Concat(_places.All().SelectMany(found => found.Value.Warnings));

    /// <summary>Lays the next layer over the ones before.</summary>
    public void Apply(LayerInventory layer, int index, CancellationToken cancellationToken)
    {
        var added = new List<VisibleFile>();

        // Before anything of this layer is looked for: what it says of a path below its folder is not about where a lower layer's link led.
        _places.DropValues(layer.Folders, place => place.File is not null || place.Link is not null);

        // Whiteouts and opaque folders speak of lower layers only, wherever they stand in the archive
        // (https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts). A folder that is opaque stands in the place of
        // whatever had its name, so both take away the same.
        foreach (string hidden in layer.Whiteouts.Concat(layer.OpaqueFolders))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _places.Remove(InRealFolder(hidden));
        }

        _places.RemoveAll(layer.NonFolders);

        // Shorter paths first: a link may lie in a folder that is a link of the same layer.
        foreach (SymbolicLink link in layer.Links.OrderBy(link => link.Path.Length))
        {
            cancellationToken.ThrowIfCancellationRequested();
            _places.Set(InRealFolder(link.Path), new Place { Link = link });
        }

        Dictionary<string, VisibleFile> before = _gone.DistinctBy(file => file.Path).ToDictionary(file => file.Path, StringComparer.Ordinal);
        foreach (FileInventory file in layer.Files)
        {
            cancellationToken.ThrowIfCancellationRequested();
            string path = InRealFolder(file.Path);
            var visible = new VisibleFile(path, file, index, _introducing.Of(file, path, index))
            {
                OverwrittenIn = OverwrittenIn(file, before.GetValueOrDefault(path) ?? FileAt(path) ?? _lastAt.GetValueOrDefault(path), index),
            };
            _places.Set(path, new Place { File = visible });
            added.Add(visible);
        }

        // What this layer takes away it may bring again, so the files below are still known until all of its own are there.
        added.ForEach(_introducing.Add);
        _gone.ForEach(_introducing.Remove);

        // A file may be removed in one layer, and another version put in its place in a later one.
        _gone.ForEach(file => _lastAt[file.Path] = file);
        _gone.Clear();

        foreach (InventoryWarning warning in layer.Warnings)
        {
            Keep(warning);
        }
    }

    /// <summary>The file that was read at this real path; null if none was.</summary>
    public VisibleFile? FileAt(string realPath) => _places.Find(realPath)?.File;

    /// <summary>Whether anything was read in this real folder.</summary>
    public bool HasFilesIn(string realFolder) => _places.HasBelow(realFolder);

    /// <summary>
    /// Where a path leads when every link in it is followed, absolute and relative, never above the root; null if there is no end to the
    /// links.
    /// </summary>
    public string? Resolve(string path)
    {
        var real = new List<PathTree<Place>.Node?> { _places.Root };
        var names = new List<string>();
        var rest = new Stack<string>(path.Split('/').Reverse());
        int links = 0;
        int followed = 0;
        while (rest.TryPop(out string? name))
        {
            if (++followed > MaxNames)
            {
                return null;
            }

            switch (name)
            {
                case "" or ".":
                    continue;
                case "..":
                    if (names.Count > 0)
                    {
                        names.RemoveAt(names.Count - 1);
                        real.RemoveAt(real.Count - 1);
                    }

                    continue;
            }

            PathTree<Place>.Node? node = real[^1]?.Child(name);
            if (node?.Value?.Link is not { } link)
            {
                names.Add(name);
                real.Add(node);
                continue;
            }

            if (++links > MaxLinks)
            {
                return null;
            }

            if (link.Target.StartsWith('/'))
            {
                names.Clear();
                real.RemoveRange(1, real.Count - 1);
            }

            foreach (string part in link.Target.Split('/').Reverse())
            {
                rest.Push(part);
            }
        }

        return string.Join('/', names);
    }

    // A file with the same packages in other versions was overwritten; one with the same versions was only copied up (chown, chmod).
    private static int? OverwrittenIn(FileInventory file, VisibleFile? before, int layer)
    {
        if (before is null || !file.Packages.Any(package => package.Type.IsLanguage))
        {
            return before?.OverwrittenIn;
        }

        var names = before.Inventory.Packages.Select(package => package.Name).ToHashSet(StringComparer.Ordinal);
        var versions = before.Inventory.Packages.Select(package => (package.Name, package.Version)).ToHashSet();
        bool isUpdate = file.Packages.Any(package => names.Contains(package.Name) && !versions.Contains((package.Name, package.Version)));
        return isUpdate ? layer : before.OverwrittenIn;
    }

    // An entry stands in the folder that its path leads to; its own name is not followed.
    private string InRealFolder(string path)
    {
        int slash = path.LastIndexOf('/');
        if (slash < 0)
        {
            return path;
        }

        return Resolve(path[..slash]) switch
        {
            null => path,
            "" => path[(slash + 1)..],
            string folder => $"{folder}{path.AsSpan(slash)}",
        };
    }

    private void Keep(InventoryWarning warning)
    {
        if (warning.Path.Length == 0)
        {
            _generalWarnings.Add(warning);
            return;
        }

        string path = InRealFolder(warning.Path);
        Place? place = _places.Find(path);
        if (place is null)
        {
            place = new Place();
            _places.Set(path, place);
        }

        place.Warnings.Add(warning);
    }

    /// <summary>What stands at one path.</summary>
    internal sealed class Place
    {
        public VisibleFile? File { get; init; }

        public SymbolicLink? Link { get; init; }

        public List<InventoryWarning> Warnings { get; } = [];
    }
}

/// <summary>A file that was read and that no later layer hides.</summary>
/// <param name="Path">Where it really stands.</param>
/// <param name="Inventory">What was found in it.</param>
/// <param name="Layer">The layer that it is from.</param>
/// <param name="Layers">For each of its packages, the layer that introduced it.</param>
internal sealed record VisibleFile(string Path, FileInventory Inventory, int Layer, IReadOnlyList<int> Layers)
{
    /// <summary>The last layer that put another version of its language package in its place; null if none did.</summary>
    public int? OverwrittenIn { get; init; }
}
