namespace ImageScan.Core.Images.Registries;

/// <summary>One thing asked of a registry.</summary>
/// <param name="Purpose">What for, as an error begins: <c>failed to get the manifest digest</c>.</param>
/// <param name="Method">HEAD or GET.</param>
/// <param name="Path">Below the registry's root, escaped.</param>
/// <param name="Accept">The media types we can use; none for blobs.</param>
/// <param name="RangeFrom">The first byte wanted; 0 for all.</param>
/// <param name="Use">How long its answer takes to read.</param>
internal sealed record RegistryRequest(
    string Purpose, HttpMethod Method, string Path, IReadOnlyList<string> Accept, long RangeFrom = 0, HostUse Use = HostUse.Document);
