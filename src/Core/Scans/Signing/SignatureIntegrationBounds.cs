namespace ImageScan.Core.Scans.Signing;

/// <summary>
/// How much is kept of signature integrations: our own bounds, StackRox has none. Every image is verified against all of them, so that they also
/// bound what an answer may cost.
/// </summary>
public static class SignatureIntegrationBounds
{
    /// <summary>Integrations in all.</summary>
    public const int Integrations = 100;

    /// <summary>Keys and certificates of one integration together.</summary>
    public const int Verifiers = 50;

    /// <summary>Characters of a name.</summary>
    public const int NameCharacters = 256;

    /// <summary>Characters of one PEM text.</summary>
    public const int PemCharacters = 32 * 1024;

    /// <summary>Certificates in one chain.</summary>
    public const int ChainCertificates = 10;

    /// <summary>Characters of a pattern.</summary>
    public const int PatternCharacters = 1_000;

    /// <summary>Characters of a log's address.</summary>
    public const int UrlCharacters = 2_000;
}
