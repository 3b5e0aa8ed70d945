using System.Security.Cryptography;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>Looks whether a transparency log has the signatures of one image, and since when.</summary>
internal sealed class TransparencyLogCheck
{
    // Whoever may push can put any number of signatures beside an image, each with a certificate of its own making.
    private const int MaxQuestions = 5;

    private readonly TransparencyLog _log;
    private readonly IReadOnlyList<VerifyingKey> _keys;
    private readonly RekorClient _client;
    private int _questions;

    private TransparencyLogCheck(TransparencyLog log, IReadOnlyList<VerifyingKey> keys, RekorClient client)
    {
        _log = log;
        _keys = keys;
        _client = client;
    }

    /// <summary>Throws <see cref="UnverifiedException"/> (Error) if the log's key cannot be read.</summary>
    public static TransparencyLogCheck Of(TransparencyLog log, RekorClient client) =>
        new(log, TrustedSigner.Logs(log.KeyPem, PublicSigstore.RekorPem()), client);

    /// <summary>
    /// Since when the log has the signature; null if that is not proven. Throws <see cref="UnverifiedException"/> if it must be there and is not.
    /// Where it need not, a proof is welcome all the same: it tells when a certificate was used that is long expired.
    /// </summary>
    public async Task<DateTimeOffset?> EnsureAsync(
        DecodedSignature signature, VerifyingKey key, byte[]? certificate, CancellationToken cancellationToken)
    {
        (bool isProven, DateTimeOffset? at, UnverifiedException? fault) = Proven(signature.LogEntries, signature, key, certificate);
        if (isProven || !_log.IsRequired)
        {
            return at;
        }

        // A proof that is wrong is no reason to ask for another.
        if (fault is not null)
        {
            throw fault;
        }

        if (_log.IsOffline)
        {
            throw UnverifiedException.Failed("offline verification failed: the signature brings no proof of the transparency log");
        }

        if (_questions++ >= MaxQuestions)
        {
            throw UnverifiedException.Failed($"the transparency log is asked about {MaxQuestions} signatures of an image only");
        }

        string signer = certificate is null ? PemEncoding.WriteString("PUBLIC KEY", key.Spki) + "\n" : PemBlocks.OfCertificates([certificate]);
        IReadOnlyList<RekorEntry> entries = await _client.FindAsync(_log.Url, signature, signer, cancellationToken);
        (isProven, at, fault) = Proven(entries, signature, key, certificate);
        return isProven ? at : throw fault ?? UnverifiedException.Failed("the transparency log does not have the signature");
    }

    private (bool IsProven, DateTimeOffset? At, UnverifiedException? Fault) Proven(
        IReadOnlyList<RekorEntry> entries, DecodedSignature signature, VerifyingKey key, byte[]? certificate)
    {
        UnverifiedException? last = null;
        foreach (RekorEntry entry in entries)
        {
            try
            {
                return (true, RekorProof.Ensure(entry, _keys, signature, key, certificate), null);
            }
            catch (UnverifiedException e)
            {
                last = e;
            }
        }

        return (false, null, last);
    }
}
