using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
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
        _limits = limits;
        _time = time;
        _rekor = rekor;
        _fulcio = FulcioOf(settings);
        Stamp = $"{Version} {HashOf(_fulcio)}";
    }

    /// <summary>What results depend on beside integration, signatures and names: <see cref="Version"/> and the SHA-256 of the authorities' PEM.</summary>
    public string Stamp { get; }

    /// <summary>What the integration says: one result, never an exception but for <paramref name="cancellationToken"/>.</summary>
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
        var faults = new List<UnverifiedException>();
        var verified = new SortedSet<string>(StringComparer.Ordinal);
        try
        {
            Digest[] usable = UsableOf(integration, images);
            TransparencyLogCheck log = TransparencyLogCheck.Of(integration.TransparencyLog, _rekor);
            List<TrustedSigner> signers = SignersOf(integration, faults);
            foreach ((CosignSignature one, int number) in signature.Signatures.Take(_limits.SignaturesPerImage).Select((one, index) => (one, index + 1)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                await VerifyAsync(one, $"verifying signature {number}", new Question(signers, usable, names, log), verified, faults, cancellationToken);
            }
        }
        catch (UnverifiedException e)
        {
            return ResultOf(integration, e.Outcome, e.Message, []);
        }

        return verified.Count > 0
            ? ResultOf(integration, VerificationOutcome.Verified, "", [.. verified])
            : ResultOf(integration, OutcomeOf(faults), faults.Count > 0 ? GoErrors.Join([.. faults.Select(fault => fault.Message)]) : "", []);
    }

    public void Dispose() => _rekor.Dispose();

    private async Task VerifyAsync(
        CosignSignature signature,
        string what,
        Question question,
        SortedSet<string> verified,
        List<UnverifiedException> faults,
        CancellationToken cancellationToken)
    {
        try
        {
            var decoded = DecodedSignature.Of(signature, _limits);
            foreach (TrustedSigner signer in question.Signers)
            {
                try
                {
                    verified.UnionWith(await ReferencesAsync(decoded, signer, question, cancellationToken));
                }
                catch (UnverifiedException e)
                {
                    faults.Add(new UnverifiedException(e.Outcome, $"{what}: {e.Message}"));
                }
            }
        }
        catch (UnverifiedException e)
        {
            faults.Add(new UnverifiedException(e.Outcome, $"{what}: {e.Message}"));
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
        signer.EnsureTrusted(certificate, signature, logged ?? _time.GetUtcNow());
        string[] references =
        [
            .. question.Names
                .Where(name => signature.Claim.Name is not { } claimed || MeansTheSame(claimed, name))
                .Select(name => name.FullName),
        ];
        return references.Length > 0 ? references : throw UnverifiedException.Failed("no verified references");
    }

    // Registry and repository must be the same; what the signer wrote is read as a name, so that Docker Hub is one registry under its two names.
    private static bool MeansTheSame(string claimed, ImageReference name) =>
        ImageReference.TryParse(claimed, out ImageReference? reference, out _)
        && reference.Registry.Length > 0
        && reference.Registry == name.Registry
        && reference.Remote == name.Remote;

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

    /// <summary>
    /// What all faults together come to. A wrong integration is what its owner must hear first. Then one signature that could be looked at and
    /// is not trusted says more than those that could not; an algorithm that is not known may yet be a good signature, a corrupted one is none.
    /// </summary>
    private static VerificationOutcome OutcomeOf(List<UnverifiedException> faults)
    {
        VerificationOutcome[] byWeight =
            [VerificationOutcome.Error, VerificationOutcome.Failed, VerificationOutcome.InvalidAlgorithm, VerificationOutcome.Corrupted];
        return byWeight.FirstOrDefault(outcome => faults.Any(fault => fault.Outcome == outcome), VerificationOutcome.Failed);
    }

    private VerificationResult ResultOf(
        SignatureIntegration integration, VerificationOutcome outcome, string description, IReadOnlyList<string> references) => new()
    {
        VerifierId = integration.Id,
        VerifierName = integration.Name,
        Outcome = outcome,
        Description = description,
        VerifiedAt = _time.GetUtcNow(),
        VerifiedReferences = references,
    };

    // The roots are those that signed themselves; what is below them may lie between.
    private static CertificateAuthorities FulcioOf(SignatureSettings settings)
    {
        string pem = settings.FulcioRoots.Length == 0 ? PublicSigstore.FulcioPem() : TextOf(settings.FulcioRoots);
        IReadOnlyList<byte[]> certificates = PemBlocks.TryCertificates(pem, 100)
            ?? throw new SettingException("Signatures__FulcioRoots holds no certificates; it must be PEM, or the path of a PEM file.");
        ILookup<bool, byte[]> bySelfSigned = certificates.ToLookup(IsSelfSigned);
        return bySelfSigned.Contains(true)
            ? new CertificateAuthorities([.. bySelfSigned[true]], [.. bySelfSigned[false]])
            : throw new SettingException("Signatures__FulcioRoots holds no root: a certificate that signed itself.");
    }

    private static string HashOf(CertificateAuthorities authorities) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.ASCII.GetBytes(PemBlocks.OfCertificates([.. authorities.Anchors, .. authorities.Between]))));

    private static string TextOf(string setting)
    {
        if (setting.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            // Settings of App Service are of one line.
            return setting.Replace("\\n", "\n", StringComparison.Ordinal);
        }

        try
        {
            return File.ReadAllText(setting, Encoding.UTF8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            throw new SettingException($"Signatures__FulcioRoots is '{setting}', which cannot be read: {e.Message}");
        }
    }

    private static bool IsSelfSigned(byte[] der)
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
        return certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
    }

    /// <summary>What is asked of every signature.</summary>
    private sealed record Question(
        IReadOnlyList<TrustedSigner> Signers, IReadOnlyList<Digest> Images, IReadOnlyList<ImageReference> Names, TransparencyLogCheck Log);
}
