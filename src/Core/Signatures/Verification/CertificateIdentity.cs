using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>Who a certificate says signs with it, and who vouches for that.</summary>
/// <param name="Subjects">Names of the subjectAltName extension: hosts, mail addresses, addresses, URIs, Fulcio's own names.</param>
/// <param name="Issuer">Who issued the identity; "" if the certificate does not say.</param>
internal sealed record CertificateIdentity(IReadOnlyList<string> Subjects, string Issuer)
{
    private const string SubjectAltName = "2.5.29.17";
    private const int MaxSubjects = 100;

    // https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md: .8 is DER, .1 plain text; .7 is a name of a user in otherName.
    private const string IssuerV2 = "1.3.6.1.4.1.57264.1.8";
    private const string IssuerV1 = "1.3.6.1.4.1.57264.1.1";
    private const string UserName = "1.3.6.1.4.1.57264.1.7";

    // GeneralName (https://www.rfc-editor.org/rfc/rfc5280#section-4.2.1.6).
    private const int OtherName = 0;
    private const int Rfc822Name = 1;
    private const int DnsName = 2;
    private const int UniformResourceIdentifier = 6;
    private const int IpAddress = 7;

    /// <summary>Throws <see cref="AsnContentException"/> for extensions that are not what they should be.</summary>
    public static CertificateIdentity Of(X509Certificate2 certificate)
    {
        string issuer = ExtensionOf(certificate, IssuerV2) is { } v2
            ? new AsnReader(v2, AsnEncodingRules.DER).ReadCharacterString(UniversalTagNumber.UTF8String)
            : ExtensionOf(certificate, IssuerV1) is { } v1 ? Encoding.UTF8.GetString(v1) : "";
        return new CertificateIdentity(ExtensionOf(certificate, SubjectAltName) is { } names ? SubjectsIn(names) : [], issuer);
    }

    private static byte[]? ExtensionOf(X509Certificate2 certificate, string oid) =>
        certificate.Extensions.FirstOrDefault(extension => extension.Oid?.Value == oid)?.RawData;

    private static List<string> SubjectsIn(byte[] extension)
    {
        var subjects = new List<string>();
        AsnReader names = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        while (names.HasData && subjects.Count < MaxSubjects)
        {
            Asn1Tag tag = names.PeekTag();
            string? subject = tag.TagClass != TagClass.ContextSpecific ? Skip(names) : tag.TagValue switch
            {
                Rfc822Name or DnsName or UniformResourceIdentifier => names.ReadCharacterString(UniversalTagNumber.IA5String, tag),
                IpAddress => names.ReadOctetString(tag) is { Length: 4 or 16 } address ? new IPAddress(address).ToString() : null,
                OtherName => UserNameIn(names.ReadSequence(tag)),
                _ => Skip(names),
            };
            if (subject is not null)
            {
                subjects.Add(subject);
            }
        }

        return subjects;
    }

    private static string? Skip(AsnReader reader)
    {
        reader.ReadEncodedValue();
        return null;
    }

    private static string? UserNameIn(AsnReader otherName) =>
        otherName.ReadObjectIdentifier() == UserName
            ? otherName.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0)).ReadCharacterString(UniversalTagNumber.UTF8String)
            : null;
}
