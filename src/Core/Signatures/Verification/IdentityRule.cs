using System.Security.Cryptography.X509Certificates;
using ImageScan.Core.Images;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>Whose certificates are trusted.</summary>
internal sealed class IdentityRule
{
    private const string Anything = ".*";
    private readonly IdentityPattern? _identity;
    private readonly IdentityPattern? _issuer;

    private IdentityRule(IdentityPattern? identity, IdentityPattern? issuer)
    {
        _identity = identity;
        _issuer = issuer;
    }

    /// <summary>
    /// Nobody is looked at where either pattern is <c>.*</c>, as in
    /// https://github.com/stackrox/stackrox/blob/4.5.0/pkg/signatures/cosign_sig_verifier.go (cosignCheckOptsFromCert): certificates of one's
    /// own authority have no issuer of identities. Throws <see cref="UnverifiedException"/> (Error) for a pattern that cannot be used.
    /// </summary>
    public static IdentityRule Of(TrustedCertificate trusted)
    {
        if (trusted.Identity == Anything || trusted.Issuer == Anything)
        {
            return new IdentityRule(null, null);
        }

        // Without a pattern anybody fits, as in cosign.
        return new IdentityRule(
            trusted.Identity.Length > 0 ? IdentityPattern.Parse(trusted.Identity, "subject") : null,
            trusted.Issuer.Length > 0 ? IdentityPattern.Parse(trusted.Issuer, "issuer") : null);
    }

    /// <summary>Throws <see cref="UnverifiedException"/> (Failed) unless the certificate is of somebody trusted.</summary>
    public void Ensure(X509Certificate2 certificate)
    {
        if (_identity is null && _issuer is null)
        {
            return;
        }

        var claimed = CertificateIdentity.Of(certificate);
        if (!(_issuer?.IsIn(claimed.Issuer) ?? true) || !(_identity is null || claimed.Subjects.Any(_identity.IsIn)))
        {
            throw UnverifiedException.Failed(
                "none of the expected identities matched what was in the certificate, "
                + $"got subjects [{HostileText.Plain(string.Join(", ", claimed.Subjects))}] with issuer {HostileText.Plain(claimed.Issuer)}");
        }
    }
}
