using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Signatures;

namespace ImageScan.Core.Tests.Signatures;

/// <summary>Keys, certificates, logs and signatures made on the spot.</summary>
internal static class MadeSignatures
{
    public const string Repository = "registry.example.com/team/app";
    public const string Mail = "dev@example.com";
    public const string Issuer = "https://accounts.example.com";
    private const string RootName = "CN=root";

    public static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);
    public static readonly Digest Image = Digest.OfBytes("the image"u8);
    public static readonly ImageReference Name = RealSignatures.NameOf($"{Repository}:1.0");

    /// <summary>What cosign signs.</summary>
    public static byte[] SimpleSigning(string reference, string digest) => Encoding.UTF8.GetBytes(
        $$"""{"critical":{"identity":{"docker-reference":"{{reference}}"},"image":{"docker-manifest-digest":"{{digest}}"},"type":"cosign container image signature"},"optional":null}""");

    public static CosignSignature Sign(ECDsa key, byte[]? payload = null)
    {
        payload ??= SimpleSigning(Repository, Image.ToString());
        return new CosignSignature
        {
            RawSignature = SignatureOf(key, payload),
            Payload = payload,
            Format = SignatureFormat.SimpleSigning,
        };
    }

    public static byte[] SignatureOf(ECDsa key, byte[] bytes) => key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);

    public static TrustedKey Trusted(ECDsa key) => new("team", key.ExportSubjectPublicKeyInfoPem());

    public static SignatureIntegration Integration(params TrustedKey[] keys) => new() { Id = "io.stackrox.signatureintegration.1", Name = "team", PublicKeys = keys };

    public static SignatureIntegration Integration(TrustedCertificate certificate, TransparencyLog? log = null) => new()
    {
        Id = "io.stackrox.signatureintegration.1",
        Name = "team",
        Certificates = [certificate],
        TransparencyLog = log ?? new TransparencyLog(),
    };

    /// <summary>An authority that signed itself.</summary>
    public static X509Certificate2 Root(ECDsa key, params X509Extension[] more) =>
        Root(new CertificateRequest(RootName, key, HashAlgorithmName.SHA256), more);

    public static X509Certificate2 Root(RSA key) => Root(new CertificateRequest(RootName, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1), []);

    /// <summary>An authority below another.</summary>
    public static X509Certificate2 Intermediate(ECDsa key, X509Certificate2 root, ECDsa rootKey, DateTimeOffset? until = null)
    {
        var request = new CertificateRequest("CN=intermediate", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.Create(root.SubjectName, X509SignatureGenerator.CreateForECDsa(rootKey), Now.AddYears(-1), until ?? Now.AddYears(1), [4, 5, 6]);
    }

    /// <summary>A certificate that has the name of its issuer.</summary>
    public static X509Certificate2 Namesake(ECDsa key, X509Certificate2 root, X509SignatureGenerator generator)
    {
        var request = new CertificateRequest(root.SubjectName, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.3")], false));
        return request.Create(root.SubjectName, generator, Now.AddDays(-1), Now.AddDays(1), [7, 8, 9]);
    }

    /// <summary>A certificate as Fulcio gives it: for code, for ten minutes, with a mail address and who vouches for it.</summary>
    public static X509Certificate2 Leaf(
        ECDsa key, X509Certificate2 root, ECDsa rootKey, DateTimeOffset from, string usage = "1.3.6.1.5.5.7.3.3", ECDsa? certificateLog = null)
    {
        var serial = new byte[] { 1, 2, 3 };
        CertificateRequest request = LeafRequest(key, usage);
        var generator = X509SignatureGenerator.CreateForECDsa(rootKey);
        if (certificateLog is not null)
        {
            using X509Certificate2 before = request.Create(root.SubjectName, generator, from, from.AddMinutes(10), serial);
            request.CertificateExtensions.Add(Promise(before, rootKey, certificateLog));
        }

        return request.Create(root.SubjectName, generator, from, from.AddMinutes(10), serial);
    }

    public static CosignSignature With(this CosignSignature signature, X509Certificate2 certificate) =>
        signature with { CertificatePem = Encoding.ASCII.GetBytes(certificate.ExportCertificatePem()) };

    /// <summary>Puts the signature into a log, as cosign notes it.</summary>
    public static CosignSignature Logged(this CosignSignature signature, ECDsa log, string signerPem, DateTimeOffset at)
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData(signature.Payload.Span));
        string raw = Convert.ToBase64String(signature.RawSignature.Span);
        string signer = Convert.ToBase64String(Encoding.ASCII.GetBytes(signerPem));
        string data = $$"""{"hash":{"algorithm":"sha256","value":"{{hash}}"} }""";
        string content = $$"""{"content":"{{raw}}","publicKey":{"content":"{{signer}}"} }""";
        string record = $$"""{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"data":{{data}},"signature":{{content}} } }""";
        string body = Convert.ToBase64String(Encoding.UTF8.GetBytes(record));
        string id = Convert.ToHexStringLower(SHA256.HashData(log.ExportSubjectPublicKeyInfo()));
        string signed = $$"""{"body":"{{body}}","integratedTime":{{at.ToUnixTimeSeconds()}},"logID":"{{id}}","logIndex":7}""";
        string timestamp = Convert.ToBase64String(SignatureOf(log, Encoding.UTF8.GetBytes(signed)));
        return signature with
        {
            RekorBundle = Encoding.UTF8.GetBytes(
                $$"""{"SignedEntryTimestamp":"{{timestamp}}","Payload":{{signed}} }"""),
        };
    }

    private static X509Certificate2 Root(CertificateRequest request, X509Extension[] more)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        foreach (X509Extension extension in more)
        {
            request.CertificateExtensions.Add(extension);
        }

        return request.CreateSelfSigned(Now.AddYears(-1), Now.AddYears(9));
    }

    private static CertificateRequest LeafRequest(ECDsa key, string usage)
    {
        var request = new CertificateRequest("", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddEmailAddress(Mail);
        request.CertificateExtensions.Add(names.Build(critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        request.CertificateExtensions.Add(new X509Extension("1.3.6.1.4.1.57264.1.1", Encoding.UTF8.GetBytes(Issuer), false));
        return request;
    }

    // What RFC 6962, 3.2 says a log signs: the certificate without this extension, and the hash of its issuer's key.
    private static X509Extension Promise(X509Certificate2 before, ECDsa rootKey, ECDsa log)
    {
        byte[] toBeSigned = new AsnReader(before.RawData, AsnEncodingRules.DER).ReadSequence().ReadEncodedValue().ToArray();
        byte[] time = [0, 0, 1, 150, 0, 0, 0, 0];
        byte[] length = [(byte)(toBeSigned.Length >> 16), (byte)(toBeSigned.Length >> 8), (byte)toBeSigned.Length];
        byte[] signature = SignatureOf(
            log, [0, 0, .. time, 0, 1, .. SHA256.HashData(rootKey.ExportSubjectPublicKeyInfo()), .. length, .. toBeSigned, 0, 0]);
        byte[] promise =
            [0, .. SHA256.HashData(log.ExportSubjectPublicKeyInfo()), .. time, 0, 0, 4, 3, 0, (byte)signature.Length, .. signature];
        var value = new AsnWriter(AsnEncodingRules.DER);
        value.WriteOctetString([0, (byte)(promise.Length + 2), 0, (byte)promise.Length, .. promise]);
        return new X509Extension("1.3.6.1.4.1.11129.2.4.2", value.Encode(), false);
    }
}
