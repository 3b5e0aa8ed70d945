namespace ImageScan.Core.Images.Registries;

/// <summary>One thing asked of a registry.</summary>
/// <param name="Purpose">What for, as an error begins: <c>failed to get the manifest digest</c>.</param>
/// <param name="Method">HEAD, GET or PATCH.</param>
/// <param name="Path">Below the registry's root, escaped.</param>
/// <param name="Accept">The media types we can use; none for blobs.</param>
/// <param name="RangeFrom">The first byte wanted; 0 for all.</param>
/// <param name="Use">How long its answer takes to read.</param>
internal sealed record RegistryRequest(
    string Purpose, HttpMethod Method, string Path, IReadOnlyList<string> Accept, long RangeFrom = 0, HostUse Use = HostUse.Document)
{
    /// <summary>What it does to the repository, as scopes of tokens call it.</summary>
    public string Actions { get; init; } = "pull";

    /// <summary>JSON that is sent, and to the registry itself alone; null for none.</summary>
    public byte[]? Json { get; init; }
}
