namespace ImageScan.Core.Images.Registries;

/// <summary>
/// Reads what lies beside the images of one repository: signatures, attestations. What is not there is null; all other failures are a
/// <see cref="RegistryException"/>, as everywhere. An account that is refused leaves it to the next.
/// </summary>
public sealed class RegistryArtifacts
{
    private readonly AccountWays<ArtifactPlace> _ways;

    internal RegistryArtifacts(AccountWays<ArtifactPlace> ways) => _ways = ways;

    /// <summary>The artifact under a tag; null if there is none, or none that can hold contents (an index, schema 1).</summary>
    public Task<RegistryArtifact?> FindAsync(string tag, CancellationToken cancellationToken) =>
        AskAsync(place => place.FindAsync(tag, cancellationToken), cancellationToken);

    /// <summary>The artifact with that digest, verified; null if there is none.</summary>
    public Task<RegistryArtifact?> FindAsync(Descriptor manifest, CancellationToken cancellationToken) =>
        AskAsync(place => place.FindAsync(manifest, cancellationToken), cancellationToken);

    /// <summary>
    /// What refers to an image: by the referrers API, or where a registry has none, under the tag that clients keep instead
    /// (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-referrers, "Referrers Tag Schema"). Of an answer in
    /// pages the first is read.
    /// </summary>
    public Task<ArtifactReferrers> ReferrersAsync(Digest subject, CancellationToken cancellationToken) =>
        AskAsync(place => place.ReferrersAsync(subject, cancellationToken), cancellationToken);

    /// <summary>A blob's bytes, verified; null if there is none. Throws <see cref="RegistryException"/> for more than <paramref name="maxBytes"/>.</summary>
    public Task<byte[]?> ReadBlobAsync(Descriptor blob, int maxBytes, string limit, CancellationToken cancellationToken) =>
        AskAsync(place => place.ReadBlobAsync(blob, maxBytes, limit, cancellationToken), cancellationToken);

    private Task<T> AskAsync<T>(Func<ArtifactPlace, Task<T>> ask, CancellationToken cancellationToken) => _ways.AskAsync(
        place => place.Problem is { } problem ? throw new RegistryException(problem) { Failure = RegistryFailure.AccountUnusable } : ask(place),
        cancellationToken);
}
