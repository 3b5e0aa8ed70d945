using ImageScan.Core.Images;
using ImageScan.Core.Signatures.Verification;

namespace ImageScan.Core.Signatures;

/// <summary>
/// Says of an image's signatures whether they are those of somebody trusted, as
/// https://github.com/stackrox/stackrox/blob/master/pkg/signatures/cosign_sig_verifier.go does: any good pair of signer and signature suffices.
/// </summary>
public sealed class SignatureVerifier : IDisposable
{
    /// <summary>Raise it when the same bytes may be judged otherwise than before, so that results that are kept are worked out anew.</summary>
    public const int Version = 2;

    private readonly SignatureSettings _settings;
    private readonly SignatureLimits _limits;
    private readonly TimeProvider _time;
    private readonly RekorClient _rekor;
    private readonly CertificateAuthorities _fulcio;

    /// <summary>Throws <see cref="SettingException"/> if the settings name authorities that cannot be read.</summary>
    public SignatureVerifier(SignatureSettings settings, SignatureLimits limits, TimeProvider time)
        : this(settings, limits, time, RekorClient.Guarded(settings.LogTimeout, time))
    {
    }

    /// <summary>A verifier that asks transparency logs by <paramref name="rekor"/>, which it disposes.</summary>
    internal SignatureVerifier(SignatureSettings settings, SignatureLimits limits, TimeProvider time, RekorClient rekor)
    {
        _settings = settings;
        _limits = limits;
        _time = time;
        _rekor = rekor;
        _fulcio = FulcioAuthorities.Of(settings);
        Stamp = $"{Version} {FulcioAuthorities.HashOf(_fulcio)}";
    }

    /// <summary>What results depend on beside integration, signatures and names: <see cref="Version"/> and the SHA-256 of the authorities' PEM.</summary>
    public string Stamp { get; }

    /// <summary>
    /// What the integration says: one result, never an exception but for <paramref name="cancellationToken"/>. It comes within
    /// <see cref="SignatureSettings.VerifyTimeout"/>, as an error that may pass if that was not enough.
    /// </summary>
    /// <param name="integration">Whose signatures are trusted.</param>
    /// <param name="signature">What was found beside the image.</param>
    /// <param name="images">The digests that may have been signed: the manifest's, and the index's if the image was chosen from one.</param>
    /// <param name="names">All names of the image.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<VerificationResult> VerifyAsync(
        SignatureIntegration integration,
        ImageSignature signature,
        IReadOnlyList<Digest> images,
        IReadOnlyList<ImageReference> names,
        CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        using var late = new CancellationTokenSource(_settings.VerifyTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        var findings = new Findings();
        try
        {
            await VerifyAsync(integration, signature, images, names, findings, either.Token);
        }
        catch (UnverifiedException e)
        {
            return ResultOf(integration, e.Outcome, e.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // What is verified by then is; other names may be, too.
            string reason = $"verifying took more than {_settings.VerifyTimeout.TotalSeconds:0.#} seconds (Signatures__VerifyTimeout)";
            bool isVerified = findings.Verified.Count > 0;
            return (isVerified ? Verified(integration, findings) : ResultOf(integration, VerificationOutcome.Error, reason)) with { MayPass = true };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return ResultOf(integration, VerificationOutcome.Error, Findings.Surprise);
        }

        return findings.Verified.Count > 0 ? Verified(integration, findings) : Unverified(integration, findings);
    }

    public void Dispose() => _rekor.Dispose();

    private async Task VerifyAsync(
        SignatureIntegration integration,
        ImageSignature signature,
        IReadOnlyList<Digest> images,
        IReadOnlyList<ImageReference> names,
        Findings findings,
        CancellationToken cancellationToken)
    {
        Digest[] usable = UsableOf(integration, images);
        using var log = TransparencyLogCheck.Of(integration.TransparencyLog, _rekor);
        List<TrustedSigner> signers = SignersOf(integration, findings.Faults);
        var question = new Question(signers, usable, names, log, new ChainBuilds(_limits.SignatureChainBuilds));
        foreach ((CosignSignature one, int index) in signature.Signatures.Take(_limits.SignaturesPerImage).Select((one, index) => (one, index)))
        {
            await VerifyAsync(one, $"verifying signature {index + 1}", question, findings, cancellationToken);
        }
    }

    private async Task VerifyAsync(CosignSignature signature, string what, Question question, Findings findings, CancellationToken cancellationToken)
    {
        DecodedSignature? decoded = null;
        await findings.NoteAsync(what, () =>
        {
            decoded = DecodedSignature.Of(signature, _limits);
            return Task.CompletedTask;
        });
        foreach (TrustedSigner signer in decoded is null ? [] : question.Signers)
        {
            if (findings.HasAll(question.Names))
            {
                return;
            }

            cancellationToken.ThrowIfCancellationRequested();
            await findings.NoteAsync(what, async () => findings.Verified.UnionWith(await ReferencesAsync(decoded!, signer, question, cancellationToken)));
        }
    }

    /// <summary>The names for which this signer has signed. Throws <see cref="UnverifiedException"/> if it has not.</summary>
    private async Task<IReadOnlyList<string>> ReferencesAsync(
        DecodedSignature signature, TrustedSigner signer, Question question, CancellationToken cancellationToken)
    {
        (VerifyingKey key, byte[]? certificate) = signer.KeyFor(signature);
        if (!key.Verifies(signature.SignedBytes, signature.Raw))
        {
            throw UnverifiedException.Failed("invalid signature");
        }

        signature.Claim.EnsureMeansOneOf(question.Images);
        DateTimeOffset? logged = await question.Log.EnsureAsync(signature, key, certificate, cancellationToken);
        signer.EnsureTrusted(certificate, signature, logged ?? _time.GetUtcNow(), question.ChainBuilds);
        string[] references =
        [
            .. question.Names
                .Where(name => signature.Claim.Name is not { } claimed || MeansTheSame(claimed, name))
                .Select(name => name.FullName),
        ];
        return references.Length > 0 ? references : throw UnverifiedException.Failed("no verified references");
    }

    // The very text, as in https://github.com/stackrox/stackrox/blob/4.5.0/pkg/signatures/cosign_sig_verifier.go (getVerifiedImageReference): who signs
    // "app:1" does not speak for "app:2". Docker Hub has two names; cosign writes that of old.
    private static bool MeansTheSame(string claimed, ImageReference name) =>
        name.Registry.Length > 0
        && (claimed == $"{name.Registry}/{name.Remote}" || (name.Registry == DockerHub.Name && claimed == $"{DockerHub.LegacyName}/{name.Remote}"));

    private static Digest[] UsableOf(SignatureIntegration integration, IReadOnlyList<Digest> images)
    {
        if (integration.PublicKeys.Count == 0 && integration.Certificates.Count == 0)
        {
            throw UnverifiedException.Failed("verification data not found");
        }

        if (images.Count == 0)
        {
            throw UnverifiedException.Error("no image SHA found");
        }

        Digest[] usable = [.. images.Where(image => image.Algorithm == "sha256")];
        return usable.Length > 0
            ? usable
            : throw UnverifiedException.InvalidAlgorithm($"invalid hashing algorithm {images[0].Algorithm} used, only SHA256 is supported");
    }

    /// <summary>
    /// Those that can be used. What cannot be read at all makes the integration an error, as in StackRox; an algorithm or a pattern that cannot
    /// be used leaves the others their chance.
    /// </summary>
    private List<TrustedSigner> SignersOf(SignatureIntegration integration, List<UnverifiedException> faults)
    {
        var signers = new List<TrustedSigner>();
        IEnumerable<Func<TrustedSigner>> all =
        [
            .. integration.PublicKeys.Select(key => (Func<TrustedSigner>)(() => TrustedSigner.Of(key))),
            .. integration.Certificates.Select(certificate => (Func<TrustedSigner>)(() => TrustedSigner.Of(certificate, _fulcio, _limits))),
        ];
        foreach (Func<TrustedSigner> make in all)
        {
            try
            {
                signers.Add(make());
            }
            catch (UnverifiedException e)
            {
                faults.Add(e);
            }
        }

        return signers;
    }

    private VerificationResult Verified(SignatureIntegration integration, Findings findings) =>
        ResultOf(integration, VerificationOutcome.Verified, "") with { VerifiedReferences = [.. findings.Verified] };

    private VerificationResult Unverified(SignatureIntegration integration, Findings findings) =>
        ResultOf(integration, findings.Outcome, findings.Description) with { MayPass = findings.Faults.Any(fault => fault.MayPass) };

    private VerificationResult ResultOf(SignatureIntegration integration, VerificationOutcome outcome, string description) => new()
    {
        VerifierId = integration.Id,
        VerifierName = integration.Name,
        Outcome = outcome,
        Description = description,
        VerifiedAt = _time.GetUtcNow(),
    };

    /// <summary>What is asked of every signature.</summary>
    private sealed record Question(
        IReadOnlyList<TrustedSigner> Signers,
        IReadOnlyList<Digest> Images,
        IReadOnlyList<ImageReference> Names,
        TransparencyLogCheck Log,
        ChainBuilds ChainBuilds);
}
