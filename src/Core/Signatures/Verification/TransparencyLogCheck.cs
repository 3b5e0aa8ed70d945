namespace ImageScan.Core.Signatures.Verification;

/// <summary>Looks whether a transparency log has a signature, and since when.</summary>
internal sealed class TransparencyLogCheck
{
    private readonly TransparencyLog _log;
    private readonly IReadOnlyList<VerifyingKey> _keys;

    private TransparencyLogCheck(TransparencyLog log, IReadOnlyList<VerifyingKey> keys)
    {
        _log = log;
        _keys = keys;
    }

    /// <summary>Throws <see cref="UnverifiedException"/> (Error) if the log's key cannot be read.</summary>
    public static TransparencyLogCheck Of(TransparencyLog log) => new(log, TrustedSigner.Logs(log.KeyPem, PublicSigstore.RekorPem()));

    /// <summary>
    /// Since when the log has the signature; null if that is not proven. Throws <see cref="UnverifiedException"/> if it must be there and is not.
    /// Where it need not, a proof is welcome all the same: it tells when a certificate was used that is long expired.
    /// </summary>
    public Task<DateTimeOffset?> EnsureAsync(
        DecodedSignature signature, VerifyingKey key, byte[]? certificate, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        UnverifiedException? last = null;
        foreach (RekorEntry entry in signature.LogEntries)
        {
            try
            {
                return Task.FromResult(RekorProof.Ensure(entry, _keys, signature, key, certificate));
            }
            catch (UnverifiedException e)
            {
                last = e;
            }
        }

        return _log.IsRequired
            ? throw last ?? UnverifiedException.Failed("offline verification failed: the signature brings no proof of the transparency log")
            : Task.FromResult<DateTimeOffset?>(null);
    }
}
