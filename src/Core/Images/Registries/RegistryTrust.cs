using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ImageScan.Core.Images.Registries;

/// <summary>Whose certificates are believed on behalf of a registry.</summary>
/// <param name="SkipsVerification">Whether the registry's own host may show any certificate; others it points at may not.</param>
/// <param name="Authorities">
/// Certificates in PEM that are believed beside those of the system, as Docker believes a registry's <c>ca.crt</c>
/// (https://docs.docker.com/engine/security/certificates/); "" for none.
/// </param>
public sealed record RegistryTrust(bool SkipsVerification, string Authorities)
{
    /// <summary>The longest text of authorities, in characters. A certificate has some two thousand.</summary>
    public const int MaxAuthorityCharacters = 32 * 1024;

    /// <summary>The most certificates in it.</summary>
    public const int MaxAuthorities = 10;

    // id-kp-serverAuth (https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.12).
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>What we show to the registry itself if it asks for a certificate, and to nobody else; null for nothing.</summary>
    public ClientCertificate? Client { get; init; }

    /// <summary>What the system believes, and nothing else.</summary>
    public static RegistryTrust System { get; } = new(false, "");

    /// <summary>Reads authorities. Throws <see cref="FormatException"/> with a reason if they are not certificates in PEM, or too many.</summary>
    public static X509Certificate2Collection ReadAuthorities(string pem)
    {
        if (pem.Length > MaxAuthorityCharacters)
        {
            throw new FormatException($"longer than {MaxAuthorityCharacters} characters");
        }

        if (pem.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            throw new FormatException("there is a private key in it, which nobody but its owner needs");
        }

        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            throw new FormatException("there is a certificate in it that cannot be read");
        }

        return certificates.Count is > 0 and <= MaxAuthorities
            ? certificates
            : throw new FormatException($"it must be 1 to {MaxAuthorities} certificates in PEM");
    }

    /// <summary>Makes new connections of a handler go by this trust.</summary>
    internal void ApplyTo(SocketsHttpHandler handler)
    {
        Client?.ApplyTo(handler);
        X509Certificate2Collection? authorities = Authorities.Length > 0 ? ReadAuthorities(Authorities) : null;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
            errors == SslPolicyErrors.None
            || SkipsVerification
            || (errors == SslPolicyErrors.RemoteCertificateChainErrors && authorities is not null && IsOf(authorities, certificate, chain));
    }

    // The name has been checked before: it would be an error of its own.
    private static bool IsOf(X509Certificate2Collection authorities, X509Certificate? certificate, X509Chain? sent)
    {
        if (certificate is not X509Certificate2 leaf)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(authorities);
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainPolicy.ExtraStore ?? []);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ServerAuthentication));

        // A private authority seldom has lists that can be had from here, and no address that a certificate names is asked.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        return chain.Build(leaf) || LeadsToOneOf(authorities, chain);
    }

    // What is listed is believed although it is no root, and whatever is above it, as Go's pools of certificates have it
    // (https://github.com/golang/go/blob/go1.25.0/src/crypto/x509/verify.go, buildChains).
    private static bool LeadsToOneOf(X509Certificate2Collection authorities, X509Chain chain)
    {
        foreach (X509ChainElement element in chain.ChainElements)
        {
            bool isListed = authorities.Any(authority => authority.RawDataMemory.Span.SequenceEqual(element.Certificate.RawDataMemory.Span));
            X509ChainStatusFlags faults = element.ChainElementStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
            if (isListed || faults != X509ChainStatusFlags.NoError)
            {
                return isListed && IsValidNow(element.Certificate)
                    && (faults & ~(X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) == X509ChainStatusFlags.NoError;
            }
        }

        return false;
    }

    // Where a path ends for want of an issuer, OpenSSL does not look at the dates of its end
    // (https://github.com/openssl/openssl/blob/openssl-3.0.15/crypto/x509/x509_vfy.c, internal_verify).
    private static bool IsValidNow(X509Certificate2 certificate)
    {
        DateTime now = DateTime.Now;
        return certificate.NotBefore <= now && now <= certificate.NotAfter;
    }
}
