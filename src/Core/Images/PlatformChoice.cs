namespace ImageScan.Core.Images;

/// <summary>Which entry of an index is the image for a platform. Never an entry of another platform.</summary>
internal static class PlatformChoice
{
    /// <summary>The entry's target. Throws <see cref="RegistryException"/> in StackRox's words if none suits.</summary>
    public static Descriptor Choose(IReadOnlyList<IndexEntry> entries, Platform wanted, string imageName)
    {
        List<IndexEntry> images = [.. entries.Where(entry => !entry.IsAttestation && IsReadable(entry.Target.MediaType))];
        IndexEntry? chosen = images
            .Where(entry => entry.Platform is { } has && has.Os == wanted.Os && has.Architecture == wanted.Architecture)
            .Select(entry => (Entry: entry, Rank: RankOf(entry.Platform!, wanted)))
            .Where(candidate => candidate.Rank is not null)
            .OrderBy(candidate => candidate.Rank)
            .Select(candidate => candidate.Entry)
            .FirstOrDefault();

        // A lone entry that says nothing of its platform is what everyone pulls.
        chosen ??= images is [{ Platform: null }] ? images[0] : null;
        return chosen?.Target ?? throw new RegistryException(
            $"no manifest in list matched {wanted.Os} and {wanted.Architecture} or {Named(wanted)} architectures: \"{imageName}\" ({Offer(images)})")
        {
            Failure = RegistryFailure.NotFound,
        };
    }

    // Without a wanted variant the usual one comes first: "arm64" means v8, and "arm" means v7
    // (https://github.com/containerd/platforms/blob/main/database.go, normalizeArch).
    private static int? RankOf(Platform has, Platform wanted)
    {
        string usual = wanted.Architecture switch { "arm64" => "v8", "arm" => "v7", _ => "" };
        string hasVariant = has.Variant ?? usual;
        string wantedVariant = wanted.Variant ?? usual;
        return hasVariant == wantedVariant ? 0 : wanted.Variant is null ? 1 : null;
    }

    private static bool IsReadable(string mediaType) => MediaTypes.IsManifest(mediaType) || MediaTypes.IsIndex(mediaType);

    private static string Named(Platform platform) =>
        platform.Variant is null ? platform.Architecture : $"{platform.Architecture}/{platform.Variant}";

    private static string Offer(List<IndexEntry> images) => images.Count == 0
        ? "it lists no image"
        : $"it has {HostileText.Plain(string.Join(", ", images.Take(20).Select(NameOf).Distinct()), 400)}";

    private static string NameOf(IndexEntry entry) => entry.Platform?.ToString() ?? "an unnamed platform";
}
