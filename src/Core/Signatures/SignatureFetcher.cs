using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Signatures;

/// <summary>Looks for the signatures that lie beside an image: under cosign's tag and among the artifacts that refer to it.</summary>
public sealed class SignatureFetcher(RegistryClient registries, SignatureSettings settings, SignatureLimits limits, TimeProvider time)
{
    // A manifest and the index that it was chosen from.
    private const int MaxImages = 4;

    // What a tag may have (https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests).
    private const int MaxTagCharacters = 128;

    /// <summary>
    /// The signatures of an image in the repository of <paramref name="name"/>. Never throws for what a registry says; only
    /// <paramref name="cancellationToken"/> ends it otherwise.
    /// </summary>
    /// <param name="name">The image's name: registry and repository are looked at.</param>
    /// <param name="images">The digests under which it may be signed: its manifest's, and the index's if it was chosen from one.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<FetchedSignatures> FetchAsync(ImageReference name, IReadOnlyList<Digest> images, CancellationToken cancellationToken)
    {
        if (!settings.Fetch || images.Count == 0)
        {
            return new FetchedSignatures([], []);
        }

        RegistryArtifacts artifacts;
        try
        {
            artifacts = registries.OpenArtifacts(name);
        }
        catch (RegistryException e)
        {
            return new FetchedSignatures([], [HostileText.Plain(e.Message, 1000)], IsComplete: false);
        }

        using var timeout = new CancellationTokenSource(settings.FetchTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        List<SignatureSearch> searches = [];
        List<Task> running = [];
        foreach (Digest image in images.Distinct().Take(MaxImages))
        {
            SignatureSearch byTag = new(artifacts, limits);
            SignatureSearch byReferrers = new(artifacts, limits);
            searches.AddRange([byTag, byReferrers]);
            string tag = $"{image.Algorithm}-{image.Hex}.sig";
            running.Add(tag.Length <= MaxTagCharacters ? RunAsync(byTag, byTag.UnderTagAsync(tag, either.Token), cancellationToken) : Task.CompletedTask);
            running.Add(RunAsync(byReferrers, byReferrers.AmongReferrersAsync(image, either.Token), cancellationToken));
        }

        await Task.WhenAll(running);
        return Joined(searches);
    }

    // One way that fails leaves the other what it finds.
    private async Task RunAsync(SignatureSearch search, Task running, CancellationToken cancellationToken)
    {
        try
        {
            await running;
        }
        catch (RegistryException e)
        {
            search.Fail(HostileText.Plain(e.Message, 1000));
        }
        catch (IOException e)
        {
            search.Fail(HostileText.Plain(e.Message, 1000));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            search.Fail($"looking for signatures took more than {settings.FetchTimeout.TotalSeconds:0.#} seconds (Signatures__FetchTimeout)");
        }
    }

    private FetchedSignatures Joined(IReadOnlyList<SignatureSearch> searches)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        CosignSignature[] all = [.. searches.SelectMany(search => search.Found).Where(found => seen.Add(SignatureIdentity.Of(found)))];
        List<string> problems = [.. searches.SelectMany(search => search.Problems).Distinct()];
        if (all.Length > limits.SignaturesPerImage)
        {
            problems.Add($"{all.Length - limits.SignaturesPerImage} signatures were left out (SignaturesPerImage)");
        }

        return new FetchedSignatures([.. all.Take(limits.SignaturesPerImage)], problems, searches.All(search => search.IsComplete));
    }
}
