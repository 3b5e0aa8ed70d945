namespace ImageScan.Core.Signatures;

/// <summary>Whose signatures are trusted. Any of the keys and certificates suffices.</summary>
public sealed record SignatureIntegration
{
    /// <summary><c>io.stackrox.signatureintegration.</c> and a UUID.</summary>
    public required string Id { get; init; }

    /// <summary>For people; no two have the same.</summary>
    public required string Name { get; init; }

    public IReadOnlyList<TrustedKey> PublicKeys { get; init; } = [];

    public IReadOnlyList<TrustedCertificate> Certificates { get; init; } = [];

    /// <summary>Whether signatures must be in a transparency log.</summary>
    public TransparencyLog TransparencyLog { get; init; } = new();
}

/// <summary>A key of a signer.</summary>
/// <param name="Name">For people.</param>
/// <param name="Pem">A public key as PEM (SubjectPublicKeyInfo, type <c>PUBLIC KEY</c>).</param>
public sealed record TrustedKey(string Name, string Pem);

/// <summary>Certificates that are trusted for signing.</summary>
public sealed record TrustedCertificate
{
    /// <summary>The one certificate that may sign; "" for those that signatures bring along.</summary>
    public string CertificatePem { get; init; } = "";

    /// <summary>The authorities that certificates must come from, the root last; "" for Fulcio's.</summary>
    public string ChainPem { get; init; } = "";

    /// <summary>RE2 pattern for the issuer of the signer's identity.</summary>
    public required string Issuer { get; init; }

    /// <summary>RE2 pattern for the signer's identity.</summary>
    public required string Identity { get; init; }

    /// <summary>Whether certificates must be in a certificate transparency log.</summary>
    public bool RequiresCertificateLog { get; init; }

    /// <summary>That log's public key as PEM; "" for the public Sigstore instance's.</summary>
    public string CertificateLogKeyPem { get; init; } = "";
}

/// <summary>The transparency log that signatures must be in.</summary>
public sealed record TransparencyLog
{
    /// <summary>Whether that is looked at at all.</summary>
    public bool IsRequired { get; init; }

    /// <summary>Where it may be asked about signatures that bring no proof; "" for the public Sigstore instance.</summary>
    public string Url { get; init; } = "";

    /// <summary>Whether only proofs that signatures bring along count, so that nobody is asked.</summary>
    public bool IsOffline { get; init; }

    /// <summary>The log's public key as PEM; "" for the public Sigstore instance's.</summary>
    public string KeyPem { get; init; } = "";
}
