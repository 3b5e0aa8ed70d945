using System.Security.Cryptography;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>Looks whether a transparency log has the signatures of one image, and since when; each is looked at once for each key.</summary>
internal sealed class TransparencyLogCheck : IDisposable
{
    // Whoever may push can put any number of signatures beside an image, each with a certificate of its own making.
    private const int MaxQuestions = 5;

    private readonly TransparencyLog _log;
    private readonly RekorClient _client;
    private readonly Lazy<IReadOnlyList<VerifyingKey>> _keys;
    private readonly Dictionary<(DecodedSignature Signature, string Signer), Proof> _known = [];
    private CancellationTokenSource? _clock;
    private int _questions;

    private TransparencyLogCheck(TransparencyLog log, RekorClient client)
    {
        _log = log;
        _client = client;
        _keys = new Lazy<IReadOnlyList<VerifyingKey>>(() => KeysOf(log));
    }

    /// <summary>Throws <see cref="UnverifiedException"/> (Error) if the log is required and its key cannot be read. The caller disposes it.</summary>
    public static TransparencyLogCheck Of(TransparencyLog log, RekorClient client)
    {
        var check = new TransparencyLogCheck(log, client);
        _ = log.IsRequired ? check._keys.Value : null;
        return check;
    }

    /// <summary>
    /// Since when the log has the signature; null if that is not proven. Throws <see cref="UnverifiedException"/> if it must be there and is not.
    /// Where it need not, a proof is welcome all the same: it tells when a certificate was used that is long expired.
    /// </summary>
    public async Task<DateTimeOffset?> EnsureAsync(
        DecodedSignature signature, VerifyingKey key, byte[]? certificate, CancellationToken cancellationToken)
    {
        (DecodedSignature, string) asked = (signature, Convert.ToHexString(SHA256.HashData(certificate ?? key.Spki)));
        if (!_known.TryGetValue(asked, out Proof? proof))
        {
            proof = await ProofOfAsync(signature, key, certificate, cancellationToken);
            _known[asked] = proof;
        }

        return proof.Fault is null ? proof.At : throw proof.Fault;
    }

    public void Dispose() => _clock?.Dispose();

    // A log that need not have the signature proves nothing by a key that cannot be read.
    private static IReadOnlyList<VerifyingKey> KeysOf(TransparencyLog log)
    {
        try
        {
            return TrustedSigner.Logs(log.KeyPem, PublicSigstore.RekorPem());
        }
        catch (UnverifiedException) when (!log.IsRequired)
        {
            return [];
        }
    }

    private async Task<Proof> ProofOfAsync(DecodedSignature signature, VerifyingKey key, byte[]? certificate, CancellationToken cancellationToken)
    {
        Proof? brought = Proven(signature.LogEntries, signature, key, certificate);
        if (!_log.IsRequired)
        {
            return brought is { Fault: null } ? brought : new Proof(null, null);
        }

        // A proof that is wrong is no reason to ask for another.
        if (brought is not null)
        {
            return brought;
        }

        if (_log.IsOffline)
        {
            return Proof.Without(UnverifiedException.Failed("offline verification failed: the signature brings no proof of the transparency log"));
        }

        if (_questions++ >= MaxQuestions)
        {
            return Proof.Without(UnverifiedException.Failed($"the transparency log is asked about {MaxQuestions} signatures of an image only"));
        }

        try
        {
            _clock ??= _client.Clock();
            string signer = certificate is null ? PemEncoding.WriteString("PUBLIC KEY", key.Spki) + "\n" : PemBlocks.OfCertificates([certificate]);
            IReadOnlyList<RekorEntry> found = await _client.FindAsync(_log.Url, signature, signer, _clock.Token, cancellationToken);
            return Proven(found, signature, key, certificate)
                ?? Proof.Without(UnverifiedException.Failed("the transparency log does not have the signature"));
        }
        catch (UnverifiedException e)
        {
            return Proof.Without(e);
        }
    }

    /// <summary>What the first entry that is right proves; what is wrong with the last if none is; null if there are no entries.</summary>
    private Proof? Proven(IReadOnlyList<RekorEntry> entries, DecodedSignature signature, VerifyingKey key, byte[]? certificate)
    {
        Proof? last = null;
        foreach (RekorEntry entry in entries)
        {
            try
            {
                return new Proof(RekorProof.Ensure(entry, _keys.Value, signature, key, certificate), null);
            }
            catch (UnverifiedException e)
            {
                last = Proof.Without(e);
            }
        }

        return last;
    }

    /// <summary>What is known of a signature; without a fault it is in the log.</summary>
    private sealed record Proof(DateTimeOffset? At, UnverifiedException? Fault)
    {
        public static Proof Without(UnverifiedException fault) => new(null, fault);
    }
}
