namespace ImageScan.Core.Images;

/// <summary>The way from what an image is called by to the manifest of one platform, through as many indexes as are allowed.</summary>
internal static class IndexWalk
{
    /// <summary>
    /// The manifest for a platform. Throws <see cref="RegistryException"/> if an index has none or the indexes go deeper than
    /// <see cref="ImageLimits.IndexDepth"/>.
    /// </summary>
    /// <param name="target">Where to begin: a manifest or an index.</param>
    /// <param name="platform">Which image of an index is wanted.</param>
    /// <param name="name">What errors call the image.</param>
    /// <param name="limits">How deep to go.</param>
    /// <param name="readAsync">Reads the document of a descriptor.</param>
    public static async Task<ImageManifest> ImageAsync(
        Descriptor target, Platform platform, string name, ImageLimits limits, Func<Descriptor, Task<ManifestDocument>> readAsync)
    {
        Descriptor next = target;
        Digest? index = null;
        for (int depth = 0; depth <= limits.IndexDepth; depth++)
        {
            ManifestDocument document = await readAsync(next);
            if (document.Image is { } image)
            {
                return image with { Index = index };
            }

            index ??= next.Digest;
            next = PlatformChoice.Choose(document.Index!, platform, name);
        }

        throw new RegistryException($"{HostileText.Plain(name)} has indexes within indexes beyond a depth of {limits.IndexDepth} (IndexDepth).");
    }
}
