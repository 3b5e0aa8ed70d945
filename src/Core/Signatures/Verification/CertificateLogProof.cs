using System.Buffers.Binary;
using System.Formats.Asn1;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>
/// Whether a certificate is in a certificate transparency log: it brings the log's promise along, made before the certificate was complete
/// (https://www.rfc-editor.org/rfc/rfc6962#section-3.2).
/// </summary>
internal static class CertificateLogProof
{
    private const string SignedTimestamps = "1.3.6.1.4.1.11129.2.4.2";
    private const int MaxTimestamps = 16;
    private const int FixedBytes = 1 + 32 + 8 + 2;
    private const int SignatureHeaderBytes = 4;
    private static readonly Asn1Tag ExtensionsTag = new(TagClass.ContextSpecific, 3);

    /// <summary>
    /// Throws <see cref="UnverifiedException"/> (Failed) unless one of the logs promises to have it, and <see cref="AsnContentException"/> for
    /// what is no certificate.
    /// </summary>
    /// <param name="certificate">The certificate as DER.</param>
    /// <param name="issuerKey">Its issuer's key, as SubjectPublicKeyInfo.</param>
    /// <param name="logs">The keys of trusted logs.</param>
    public static void Ensure(byte[] certificate, byte[] issuerKey, IReadOnlyList<VerifyingKey> logs)
    {
        (byte[] precertificate, byte[]? list) = Split(certificate);
        if (list is null)
        {
            throw UnverifiedException.Failed("certificate does not include required embedded SCT and no detached SCT was set");
        }

        byte[] issuer = System.Security.Cryptography.SHA256.HashData(issuerKey);
        if (!TimestampsIn(list).Any(timestamp => IsPromised(timestamp.Span, precertificate, issuer, logs)))
        {
            throw UnverifiedException.Failed("no certificate log that is trusted has the certificate");
        }
    }

    /// <summary>The part of the certificate that the log has seen, which is all but the promises themselves, and these.</summary>
    private static (byte[] Precertificate, byte[]? Timestamps) Split(byte[] certificate)
    {
        byte[]? timestamps = null;
        AsnReader toBeSigned = new AsnReader(certificate, AsnEncodingRules.DER).ReadSequence().ReadSequence();
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            while (toBeSigned.HasData)
            {
                if (!toBeSigned.PeekTag().HasSameClassAndValue(ExtensionsTag))
                {
                    writer.WriteEncodedValue(toBeSigned.ReadEncodedValue().Span);
                    continue;
                }

                AsnReader extensions = toBeSigned.ReadSequence(ExtensionsTag).ReadSequence();
                using (writer.PushSequence(ExtensionsTag))
                using (writer.PushSequence())
                {
                    while (extensions.HasData)
                    {
                        ReadOnlyMemory<byte> extension = extensions.ReadEncodedValue();
                        byte[]? found = TimestampsOf(extension);
                        timestamps ??= found;
                        if (found is null)
                        {
                            writer.WriteEncodedValue(extension.Span);
                        }
                    }
                }
            }
        }

        return (writer.Encode(), timestamps);
    }

    private static byte[]? TimestampsOf(ReadOnlyMemory<byte> extension)
    {
        AsnReader fields = new AsnReader(extension, AsnEncodingRules.DER).ReadSequence();
        if (fields.ReadObjectIdentifier() != SignedTimestamps)
        {
            return null;
        }

        if (fields.PeekTag() == Asn1Tag.Boolean)
        {
            fields.ReadBoolean();
        }

        // An OCTET STRING within that of all extensions.
        return new AsnReader(fields.ReadOctetString(), AsnEncodingRules.DER).ReadOctetString();
    }

    // A list of lists of bytes, each with its length in two bytes before it.
    private static List<ReadOnlyMemory<byte>> TimestampsIn(ReadOnlyMemory<byte> list)
    {
        var timestamps = new List<ReadOnlyMemory<byte>>();
        ReadOnlyMemory<byte> rest = list.Length > 2 ? list[2..] : default;
        while (rest.Length > 2 && timestamps.Count < MaxTimestamps)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(rest.Span);
            if (rest.Length < 2 + length)
            {
                break;
            }

            timestamps.Add(rest.Slice(2, length));
            rest = rest[(2 + length)..];
        }

        return timestamps;
    }

    // Version, log, time, extensions, signature; the log has signed version, kind (0), time, entry type (1), issuer, certificate and extensions.
    private static bool IsPromised(ReadOnlySpan<byte> timestamp, byte[] precertificate, byte[] issuer, IReadOnlyList<VerifyingKey> logs)
    {
        if (timestamp.Length < FixedBytes || timestamp[0] != 0)
        {
            return false;
        }

        int extensionBytes = 2 + BinaryPrimitives.ReadUInt16BigEndian(timestamp[41..]);
        byte[] logId = timestamp.Slice(1, 32).ToArray();
        if (timestamp.Length < 41 + extensionBytes + SignatureHeaderBytes
            || logs.FirstOrDefault(log => log.LogId().AsSpan().SequenceEqual(logId)) is not { } log)
        {
            return false;
        }

        ReadOnlySpan<byte> signature = timestamp[(41 + extensionBytes)..];
        int signatureBytes = BinaryPrimitives.ReadUInt16BigEndian(signature[2..]);
        byte[] length = [(byte)(precertificate.Length >> 16), (byte)(precertificate.Length >> 8), (byte)precertificate.Length];
        byte[] signed =
            [0, 0, .. timestamp.Slice(33, 8), 0, 1, .. issuer, .. length, .. precertificate, .. timestamp.Slice(41, extensionBytes)];
        return signature.Length == SignatureHeaderBytes + signatureBytes && log.Verifies(signed, signature[SignatureHeaderBytes..]);
    }
}
