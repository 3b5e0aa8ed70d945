namespace ImageScan.Core.Signatures.Verification;

/// <summary>
/// How many paths from a certificate to an authority are looked for in one answer: each takes milliseconds, and whoever may push can put certificates of
/// his own making beside an image, which are tried with every rule of an integration.
/// </summary>
internal sealed class ChainBuilds(int most)
{
    private int _spent;

    /// <summary>Counts one. Throws <see cref="UnverifiedException"/> (Failed) if there were enough.</summary>
    public void Spend()
    {
        if (_spent >= most)
        {
            throw UnverifiedException.Failed($"more than {most} certificate paths of an image are not looked at (SignatureChainBuilds)");
        }

        _spent++;
    }
}
