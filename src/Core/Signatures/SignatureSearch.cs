using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Signatures.Verification;

namespace ImageScan.Core.Signatures;

/// <summary>One way of looking for signatures, with what it has found so far.</summary>
internal sealed class SignatureSearch(RegistryArtifacts artifacts, SignatureLimits limits)
{
    private const int MaxProblems = 20;

    // https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md and pkg/oci/static/options.go
    private const string SimpleSigning = "application/vnd.dev.cosign.simplesigning.v1+json";
    private const string SignatureAnnotation = "dev.cosignproject.cosign/signature";
    private const string CertificateAnnotation = "dev.sigstore.cosign/certificate";
    private const string ChainAnnotation = "dev.sigstore.cosign/chain";
    private const string BundleAnnotation = "dev.sigstore.cosign/bundle";

    // What cosign calls signatures that refer to their image (https://github.com/sigstore/cosign/blob/main/internal/pkg/oci/remote/remote.go).
    private const string SignatureArtifact = "application/vnd.dev.cosign.artifact.sig.v1+json";

    // Of these the registry knows no more than that they are something (image-spec, "Guidelines for Artifact Usage").
    private static readonly string[] UnknownArtifacts = ["", "application/vnd.oci.empty.v1+json", MediaTypes.OciConfig];

    private readonly List<CosignSignature> _found = [];
    private readonly List<string> _problems = [];

    public IReadOnlyList<CosignSignature> Found => _found;

    /// <summary>What could not be read or was left out; the first twenty.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>False if the registry did not answer all.</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>The search came to an end before it was done.</summary>
    public void Fail(string problem)
    {
        IsComplete = false;
        Note(problem);
    }

    /// <summary>Looks under cosign's tag, <c>sha256-….sig</c>. Throws <see cref="RegistryException"/>.</summary>
    public async Task UnderTagAsync(string tag, CancellationToken cancellationToken)
    {
        if (await artifacts.FindAsync(tag, cancellationToken) is { } artifact)
        {
            await ReadAsync(artifact, cancellationToken);
        }
    }

    /// <summary>Looks among the artifacts that refer to the image. Throws <see cref="RegistryException"/>.</summary>
    public async Task AmongReferrersAsync(Digest image, CancellationToken cancellationToken)
    {
        ArtifactReferrers referrers = await artifacts.ReferrersAsync(image, cancellationToken);

        // Those that say what they are come first, so that others cannot use up the limit.
        ArtifactReferrer[] wanted =
        [
            .. referrers.Referrers.Where(referrer => IsSignature(referrer.ArtifactType)),
            .. referrers.Referrers.Where(referrer => UnknownArtifacts.Contains(referrer.ArtifactType)),
        ];
        int leftOut = referrers.LeftOut + Math.Max(0, wanted.Length - limits.Referrers);
        if (leftOut > 0)
        {
            Note($"{leftOut} artifacts that refer to the image were left out (Referrers)");
        }

        foreach (ArtifactReferrer referrer in wanted.Take(limits.Referrers))
        {
            await ReadReferrerAsync(referrer, cancellationToken);
        }
    }

    private static bool IsSignature(string artifactType) =>
        artifactType is SignatureArtifact or SimpleSigning || artifactType.StartsWith(SigstoreBundle.MediaTypePrefix, StringComparison.Ordinal);

    // One that cannot be read is no reason to leave the others.
    private async Task ReadReferrerAsync(ArtifactReferrer referrer, CancellationToken cancellationToken)
    {
        try
        {
            if (await artifacts.FindAsync(referrer.Manifest, cancellationToken) is { } artifact)
            {
                await ReadAsync(artifact, cancellationToken);
            }
        }
        catch (RegistryException e) when (e.Failure is RegistryFailure.Refused or RegistryFailure.Corrupt)
        {
            Note(HostileText.Plain(e.Message, 1000));
        }
    }

    private async Task ReadAsync(RegistryArtifact artifact, CancellationToken cancellationToken)
    {
        foreach (ArtifactLayer layer in artifact.Layers)
        {
            if (_found.Count > limits.SignaturesPerImage)
            {
                // One more than allowed is enough for whoever joins the ways to say so.
                return;
            }

            if (layer.Blob.MediaType == SimpleSigning)
            {
                await ReadSimpleSigningAsync(layer, cancellationToken);
            }
            else if (layer.Blob.MediaType.StartsWith(SigstoreBundle.MediaTypePrefix, StringComparison.Ordinal)
                && await BlobAsync(layer.Blob, limits.SignatureBundleBytes, nameof(limits.SignatureBundleBytes), cancellationToken) is { } bundle)
            {
                Keep(bundle);
            }
        }
    }

    private async Task ReadSimpleSigningAsync(ArtifactLayer layer, CancellationToken cancellationToken)
    {
        string signature = layer.Annotations.GetValueOrDefault(SignatureAnnotation, "");
        string certificate = layer.Annotations.GetValueOrDefault(CertificateAnnotation, "");
        string chain = layer.Annotations.GetValueOrDefault(ChainAnnotation, "");
        string bundle = layer.Annotations.GetValueOrDefault(BundleAnnotation, "");
        if (signature.Length == 0)
        {
            Note($"{layer.Blob.Digest} has no signature ({SignatureAnnotation})");
        }
        else if (signature.Length > limits.SignaturePayloadBytes)
        {
            Note($"the signature of {layer.Blob.Digest} is longer than {limits.SignaturePayloadBytes} bytes (SignaturePayloadBytes)");
        }
        else if (certificate.Length > limits.SignatureChainBytes || chain.Length > limits.SignatureChainBytes)
        {
            Note($"the certificates of {layer.Blob.Digest} are longer than {limits.SignatureChainBytes} bytes (SignatureChainBytes)");
        }
        else if (bundle.Length > limits.SignatureBundleBytes)
        {
            Note($"the bundle of {layer.Blob.Digest} is longer than {limits.SignatureBundleBytes} bytes (SignatureBundleBytes)");
        }
        else if (SignatureJson.TryBase64(signature) is not { Length: > 0 } raw)
        {
            // Kept as it stood, without a payload, so that the verifier can say that it is corrupted.
            Note($"the signature of {layer.Blob.Digest} is no base64");
            _found.Add(new CosignSignature { RawSignature = Encoding.UTF8.GetBytes(signature) });
        }
        else if (await BlobAsync(layer.Blob, limits.SignaturePayloadBytes, nameof(limits.SignaturePayloadBytes), cancellationToken) is { } payload)
        {
            _found.Add(new CosignSignature
            {
                RawSignature = raw,
                Payload = payload,
                CertificatePem = Encoding.UTF8.GetBytes(certificate),
                ChainPem = Encoding.UTF8.GetBytes(chain),
                RekorBundle = Encoding.UTF8.GetBytes(bundle),
                Format = SignatureFormat.SimpleSigning,
            });
        }
    }

    private void Keep(byte[] json)
    {
        if (SigstoreBundle.TryRead(json, limits, out string reason) is not { } bundle)
        {
            // Kept as it is, so that the verifier can say that it is corrupted.
            Note($"a sigstore bundle cannot be used: {reason}");
            _found.Add(new CosignSignature { SigstoreBundle = json, Format = SignatureFormat.DeadSimpleSigningEnvelope });
            return;
        }

        // Attestations come as the same kind of bundle, and say other things of an image than that it is signed.
        if (SignedClaim.PredicateOf(bundle.Payload) is null or SignedClaim.SignPredicate)
        {
            _found.Add(new CosignSignature
            {
                RawSignature = bundle.Signature,
                Payload = bundle.Payload,
                CertificatePem = Encoding.ASCII.GetBytes(PemBlocks.OfCertificates(bundle.Certificates.Take(1))),
                ChainPem = Encoding.ASCII.GetBytes(PemBlocks.OfCertificates(bundle.Certificates.Skip(1))),
                SigstoreBundle = json,
                Format = SignatureFormat.DeadSimpleSigningEnvelope,
            });
        }
    }

    private async Task<byte[]?> BlobAsync(Descriptor blob, int maxBytes, string limit, CancellationToken cancellationToken)
    {
        if (blob.Size > maxBytes)
        {
            Note($"{blob.Digest} has {blob.Size} bytes; at most {maxBytes} are read ({limit})");
            return null;
        }

        byte[]? bytes = await artifacts.ReadBlobAsync(blob, maxBytes, limit, cancellationToken);
        if (bytes is null)
        {
            Note($"the registry does not have {blob.Digest}");
        }

        return bytes;
    }

    private void Note(string problem)
    {
        if (_problems.Count < MaxProblems)
        {
            _problems.Add(problem);
        }
    }
}
