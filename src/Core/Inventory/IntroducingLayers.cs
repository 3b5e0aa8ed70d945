namespace ImageScan.Core.Inventory;

/// <summary>
/// Which layers brought the packages of the files that can be seen. One table for all layers: a layer costs what it brings and takes away, not
/// what the image has.
/// </summary>
internal sealed class IntroducingLayers
{
    private readonly Dictionary<Key, Known> _known = [];

    /// <summary>For each package of a file of a new layer, the layer that brought it: the new one, unless it can be seen already.</summary>
    /// <param name="file">The file.</param>
    /// <param name="realPath">Where it really stands.</param>
    /// <param name="layer">The new layer.</param>
    public int[] Of(FileInventory file, string realPath, int layer)
    {
        var layers = new int[file.Packages.Count];
        for (int i = 0; i < layers.Length; i++)
        {
            layers[i] = _known.TryGetValue(Key.Of(file.Packages[i], realPath), out Known known) ? known.Layer : layer;
        }

        return layers;
    }

    /// <summary>A file can be seen from now on.</summary>
    public void Add(VisibleFile file)
    {
        for (int i = 0; i < file.Inventory.Packages.Count; i++)
        {
            Key key = Key.Of(file.Inventory.Packages[i], file.Path);
            _known[key] = _known.TryGetValue(key, out Known known)
                ? new Known(Math.Min(known.Layer, file.Layers[i]), known.Files + 1)
                : new Known(file.Layers[i], 1);
        }
    }

    /// <summary>A file that was added cannot be seen any more.</summary>
    public void Remove(VisibleFile file)
    {
        foreach (Package package in file.Inventory.Packages)
        {
            Key key = Key.Of(package, file.Path);
            Known known = _known[key];
            if (known.Files == 1)
            {
                _known.Remove(key);
            }
            else
            {
                _known[key] = known with { Files = known.Files - 1 };
            }
        }
    }

    private readonly record struct Known(int Layer, int Files);

    // The system's databases move (lib/apk to usr/lib/apk) and still speak of the same installation; two copies of a language package are two.
    private readonly record struct Key(PackageType Type, string Name, string Version, string? Architecture, string Path, string? InnerPath)
    {
        public static Key Of(Package package, string realPath) =>
            new(package.Type, package.Name, package.Version, package.Architecture, package.Type.IsLanguage ? realPath : "", package.InnerPath);
    }
}
