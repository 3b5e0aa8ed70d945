using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Signatures;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Scans.Signing;

/// <summary>
/// Finds out who signed images, keeps it, and says what it is worth. Nothing is asked, read or written while nobody's signatures are trusted, as in
/// StackRox (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/images/enricher/enricher_impl.go).
/// </summary>
public sealed class ImageSignatures(
    SignatureIntegrations integrations,
    SignatureStore store,
    SignatureFetch fetch,
    SignatureJudge judge,
    SignatureLimits limits,
    TimeProvider time,
    ILogger<ImageSignatures> logger)
{
    /// <summary>Repositories that are asked for one image when it is read anew; our own bound.</summary>
    public const int MaxRepositories = 5;

    /// <summary>How long it counts that something went wrong on the way, as a log that did not answer.</summary>
    public static readonly TimeSpan ErrorAge = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long any result counts: certificates expire. It is the time after which StackRox looks all images over again
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/env/reprocessing_interval.go, ROX_REPROCESSING_INTERVAL).
    /// </summary>
    public static readonly TimeSpan ResultAge = TimeSpan.FromHours(4);

    // Indexes that one image is in; a build makes a new one each time, mostly of new images.
    private const int MaxDigests = 20;
    private const int MaxProblems = 20;
    private const int MaxDescription = 4_000;
    private const int VerifiedSideBySide = 4;

    // A few processes at most fetch for one image at once.
    private const int StorageAttempts = 10;

    /// <summary>
    /// Has the registry asked for the signatures of an image that is scanned, and keeps them: where none is known yet, where they were not asked for
    /// under this name or digest, and anew for whoever forces a scan. What goes wrong is logged and kept, and fails no scan.
    /// </summary>
    /// <param name="request">The scan.</param>
    /// <param name="manifest">The image that it is of.</param>
    /// <param name="target">What the name points at: the manifest or an index.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task FetchAsync(ScanRequest request, ImageManifest manifest, Digest target, CancellationToken cancellationToken)
    {
        if (manifest.Digest is not { } image)
        {
            return;
        }

        try
        {
            if ((await integrations.CurrentAsync(cancellationToken)).Integrations.Count > 0)
            {
                Digest[] digests = [.. new[] { image, manifest.Index, target }.OfType<Digest>().Distinct()];
                await FetchAsync(request, image, digests, cancellationToken);
            }
        }
        catch (StorageException failure)
        {
            logger.LogWarning(failure, "Signatures not kept {Image} {Digest}", HostileText.Plain(request.Image.FullName), image);
        }
    }

    /// <summary>
    /// Who signed an image, and what each integration says of it: as it is kept if names, integrations and the verifier are still those and it is not
    /// too old, else worked out anew, and kept if that can be. Throws <see cref="StorageException"/>: an answer as if nobody had signed it would be a
    /// wrong one.
    /// </summary>
    public async Task<ImageTrust> FindAsync(Scan scan, CancellationToken cancellationToken)
    {
        TrustedIntegrations trusted = await integrations.CurrentAsync(cancellationToken);
        if (trusted.Integrations.Count == 0
            || await store.FindAsync(scan.Id, cancellationToken) is not { Known: { Signatures.Count: > 0 } known } stored)
        {
            return ImageTrust.None;
        }

        var signature = new ImageSignature(known.Signatures, known.FetchedAt);
        string stamp = StampOf(trusted, known.Digests, scan.Names);
        if (known.ResultsOf == stamp && !known.Results.Any(IsOld))
        {
            return new ImageTrust(signature, known.Results);
        }

        VerificationResult[] results = await VerifiedAsync(trusted, signature, known.Digests, scan.Names, cancellationToken);
        await KeepAsync(scan.Id, stored, known with { ResultsOf = stamp, Results = results }, cancellationToken);
        return new ImageTrust(signature, results);
    }

    private async Task FetchAsync(ScanRequest request, Digest image, Digest[] digests, CancellationToken cancellationToken)
    {
        Answers? answers = null;
        for (int i = 0; i < StorageAttempts; i++)
        {
            StoredSignatures? stored = await store.FindAsync(image, cancellationToken);
            if (answers is null)
            {
                ImageReference[] names = NamesToAsk(request, stored?.Known, digests);
                if (names.Length == 0)
                {
                    return;
                }

                answers = await AskAsync(names, digests, cancellationToken);
            }

            KnownSignatures known = With(answers, request.Force && answers.IsComplete ? null : stored?.Known, digests);
            bool isNothing = stored is null && known is { Signatures: [], Problems: [] };
            if (isNothing || await store.TryReplaceAsync(image, stored, known, cancellationToken))
            {
                logger.LogInformation("Signatures fetched {Digest}: {Signatures} known", image, known.Signatures.Count);
                return;
            }
        }

        logger.LogWarning("Signatures not kept {Digest}: others changed them {Times} times", image, StorageAttempts);
    }

    // One name for each repository. Whoever reads an image anew reads anew what was found elsewhere, too.
    private static ImageReference[] NamesToAsk(ScanRequest request, KnownSignatures? known, Digest[] digests)
    {
        if (known is not { Signatures.Count: > 0 })
        {
            return [request.Image];
        }

        if (request.Force)
        {
            IEnumerable<ImageReference> before = known.Asked.Select(asked => ImageReference.TryParse(asked, out ImageReference? name, out _) ? name : null)
                .OfType<ImageReference>();
            return [.. before.Prepend(request.Image).DistinctBy(name => (name.Registry, name.Remote)).Take(MaxRepositories)];
        }

        return digests.All(digest => known.Asked.Contains(PlaceOf(request.Image, digest))) ? [] : [request.Image];
    }

    private async Task<Answers> AskAsync(ImageReference[] names, Digest[] digests, CancellationToken cancellationToken)
    {
        FetchedSignatures[] fetched = await Task.WhenAll(names.Select(name => fetch(name, digests, cancellationToken)));
        foreach (string problem in fetched.SelectMany(answer => answer.Problems).Take(MaxProblems))
        {
            logger.LogWarning("Signature not read of {Image}: {Problem}", HostileText.Plain(names[0].FullName), HostileText.Plain(problem, MaxDescription));
        }

        return new Answers(
            [.. fetched.SelectMany(answer => answer.Signatures)],
            [.. names.Zip(fetched).Where(pair => pair.Second.IsComplete).SelectMany(pair => digests.Select(digest => PlaceOf(pair.First, digest)))],
            [.. fetched.SelectMany(answer => answer.Problems).Take(MaxProblems).Select(problem => HostileText.Plain(problem, MaxDescription))],
            fetched.All(answer => answer.IsComplete));
    }

    private KnownSignatures With(Answers answers, KnownSignatures? known, Digest[] digests) => new()
    {
        Signatures =
        [
            .. (known?.Signatures ?? []).Concat(answers.Signatures).DistinctBy(SignatureIdentity.Of).Take(limits.SignaturesPerImage),
        ],
        FetchedAt = time.GetUtcNow(),
        Digests = [.. digests.Concat(known?.Digests ?? []).Distinct().Take(MaxDigests)],
        Asked = [.. answers.Places.Concat(known?.Asked ?? []).Distinct().Take(MaxDigests * MaxRepositories)],
        Problems = answers.Problems,
    };

    private async Task<VerificationResult[]> VerifiedAsync(
        TrustedIntegrations trusted,
        ImageSignature signature,
        IReadOnlyList<Digest> digests,
        IReadOnlyList<ImageReference> names,
        CancellationToken cancellationToken)
    {
        var results = new VerificationResult[trusted.Integrations.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = VerifiedSideBySide, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, results.Length, options, async (i, token) =>
        {
            VerificationResult result = await judge.VerifyAsync(trusted.Integrations[i], signature, digests, names, token);

            // Each key and each signature may have its own line in it.
            results[i] = result.Description.Length <= MaxDescription
                ? result
                : result with { Description = $"{result.Description[..MaxDescription]}…" };
        });
        return results;
    }

    // For the next answer; this one has it already.
    private async Task KeepAsync(Digest image, StoredSignatures read, KnownSignatures known, CancellationToken cancellationToken)
    {
        try
        {
            await store.TryReplaceAsync(image, read, known, cancellationToken);
        }
        catch (StorageException failure)
        {
            logger.LogWarning(failure, "Signature verification not kept {Digest}", image);
        }
    }

    private bool IsOld(VerificationResult result)
    {
        bool mayPass = result.MayPass || result.Outcome == VerificationOutcome.Error;
        return result.VerifiedAt + (mayPass ? ErrorAge : ResultAge) < time.GetUtcNow();
    }

    private static string PlaceOf(ImageReference name, Digest digest) => $"{name.Registry}/{name.Remote}@{digest}";

    private string StampOf(TrustedIntegrations trusted, IReadOnlyList<Digest> digests, IReadOnlyList<ImageReference> names)
    {
        IEnumerable<string> parts = [judge.Stamp, trusted.Mark, .. digests.Select(digest => $"{digest}"), .. names.Select(name => name.FullName)];
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts))));
    }

    private sealed record Answers(
        IReadOnlyList<CosignSignature> Signatures, IReadOnlyList<string> Places, IReadOnlyList<string> Problems, bool IsComplete);
}
