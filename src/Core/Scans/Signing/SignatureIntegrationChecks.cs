using ImageScan.Core.Images;
using ImageScan.Core.Signatures;

namespace ImageScan.Core.Scans.Signing;

/// <summary>
/// What a signature integration must be, in the words of StackRox
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/signatureintegration/datastore/validate.go; what is said of transparency logs is that of
/// https://github.com/stackrox/stackrox/blob/4.8.0/central/signatureintegration/datastore/validate.go). Keys are looked at more closely than there: one
/// that can never verify anything is refused now.
/// </summary>
public static class SignatureIntegrationChecks
{
    /// <summary>What ids begin with (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/signatures/factory.go).</summary>
    public const string IdPrefix = "io.stackrox.signatureintegration.";

    /// <summary>The log of the public Sigstore instance, which is meant where none is named.</summary>
    public const string PublicLog = "https://rekor.sigstore.dev";

    /// <summary>The integration with what is meant where nothing is said.</summary>
    public static SignatureIntegration Completed(SignatureIntegration integration) =>
        integration.TransparencyLog is { IsRequired: true, Url: "" } log
            ? integration with { TransparencyLog = log with { Url = PublicLog } }
            : integration;

    /// <summary>Throws <see cref="SignatureIntegrationRefusedException"/> with all that is wrong with an integration.</summary>
    public static void EnsureValid(SignatureIntegration integration)
    {
        List<string> wrong = [.. WrongWith(integration)];
        if (wrong.Count > 0)
        {
            // The form of https://github.com/hashicorp/go-multierror/blob/v1.1.1/format.go
            string errors = wrong.Count == 1 ? "1 error" : $"{wrong.Count} errors";
            throw new SignatureIntegrationRefusedException(
                SignatureIntegrationRefusal.Invalid,
                $"invalid arguments: {errors} occurred:\n\t{string.Join("\n\t", wrong.Select(error => $"* {error}"))}\n\n");
        }
    }

    private static IEnumerable<string> WrongWith(SignatureIntegration integration)
    {
        if (!integration.Id.StartsWith(IdPrefix, StringComparison.Ordinal))
        {
            yield return $"id field must be in '{IdPrefix}*' format";
        }

        if (integration.Name.Length is 0 or > SignatureIntegrationBounds.NameCharacters)
        {
            yield return integration.Name.Length == 0
                ? "name field must be set"
                : $"name field must have at most {SignatureIntegrationBounds.NameCharacters} characters";
        }

        int verifiers = integration.PublicKeys.Count + integration.Certificates.Count;
        if (verifiers is 0 or > SignatureIntegrationBounds.Verifiers)
        {
            yield return verifiers == 0
                ? "integration must have at least one public key or certificate"
                : $"integration must have at most {SignatureIntegrationBounds.Verifiers} public keys and certificates";
            yield break;
        }

        IEnumerable<string> rest = integration.PublicKeys.SelectMany(WrongWith)
            .Concat(integration.Certificates.SelectMany(WrongWith))
            .Concat(WrongWith(integration.TransparencyLog));
        foreach (string error in rest)
        {
            yield return error;
        }
    }

    private static IEnumerable<string> WrongWith(TrustedKey key)
    {
        if (key.Name.Length is 0 or > SignatureIntegrationBounds.NameCharacters)
        {
            yield return key.Name.Length == 0
                ? "public key name should be filled"
                : $"public key name must have at most {SignatureIntegrationBounds.NameCharacters} characters";
        }

        if (WrongWithKey(key.Pem, $"public key {HostileText.Quote(key.Name)}") is { } reason)
        {
            yield return reason;
        }
    }

    private static IEnumerable<string> WrongWith(TrustedCertificate certificate)
    {
        IEnumerable<string?> errors =
        [
            .. WrongWithPattern(certificate.Identity, "identity"),
            .. WrongWithPattern(certificate.Issuer, "issuer"),
            WrongWithCertificates(certificate.ChainPem, "certificate chain"),
            WrongWithCertificates(certificate.CertificatePem, "certificate"),
            certificate.RequiresCertificateLog ? WrongWithLogKey(certificate.CertificateLogKeyPem, "ctlog key") : null,
        ];
        return errors.OfType<string>();
    }

    private static IEnumerable<string> WrongWithPattern(string pattern, string what)
    {
        if (pattern.Length == 0)
        {
            yield return $"certificate {what} must be filled";
        }
        else if (pattern.Length > SignatureIntegrationBounds.PatternCharacters)
        {
            yield return $"certificate {what} must have at most {SignatureIntegrationBounds.PatternCharacters} characters";
        }
        else if (TrustChecks.ReasonAgainstPattern(pattern) is { } reason)
        {
            yield return $"couldn't parse regex: error parsing regexp: {reason}";
        }
    }

    private static string? WrongWithCertificates(string pem, string what) =>
        pem.Length > SignatureIntegrationBounds.PemCharacters
            ? $"unmarshalling {what} PEM: it has more than {SignatureIntegrationBounds.PemCharacters} characters"
            : TrustChecks.ReasonAgainstCertificates(pem, SignatureIntegrationBounds.ChainCertificates) is { } reason
                ? $"unmarshalling {what} PEM: {reason}"
                : null;

    private static IEnumerable<string> WrongWith(TransparencyLog log)
    {
        if (!log.IsRequired)
        {
            yield break;
        }

        if (!log.IsOffline && WrongWithUrl(log.Url) is { } reason)
        {
            yield return $"failed to validate transparency log url: {reason}";
        }

        if (WrongWithLogKey(log.KeyPem, "rekor public key") is { } error)
        {
            yield return error;
        }
    }

    private static string? WrongWithUrl(string url) =>
        url.Length > SignatureIntegrationBounds.UrlCharacters ? $"transparency log url must have at most {SignatureIntegrationBounds.UrlCharacters} characters"
        : TrustChecks.IsLogAddress(url) ? null
        : url.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? "transparency log url must be https: no other is asked"
        : "transparency log url must have a valid host";

    private static string? WrongWithLogKey(string pem, string what) => pem.Length == 0 ? null : WrongWithKey(pem, what);

    private static string? WrongWithKey(string pem, string what) =>
        pem.Length > SignatureIntegrationBounds.PemCharacters ? $"failed to decode PEM block containing {what}" : TrustChecks.ReasonAgainstKey(pem, what);
}
