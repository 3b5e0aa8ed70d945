using System.Formats.Asn1;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>
/// A public key with which signatures are verified, over SHA-256 whatever the key, as cosign does
/// (https://github.com/sigstore/sigstore/blob/main/pkg/signature/verifier.go).
/// </summary>
internal sealed class VerifyingKey
{
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string Ed25519 = "1.3.101.112";
    private const int MinRsaBits = 2048;

    // A key of any size can be sent to us, and the time of a verification grows with its square.
    private const int MaxRsaBits = 8192;
    private const int Ed25519KeyBytes = 32;

    // P-256, P-384, P-521 (https://www.rfc-editor.org/rfc/rfc5480#section-2.1.1.1).
    private static readonly string[] Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    private readonly string _algorithm;
    private readonly byte[] _keyBits;

    private VerifyingKey(byte[] spki, string algorithm, byte[] keyBits)
    {
        Spki = spki;
        _algorithm = algorithm;
        _keyBits = keyBits;
    }

    /// <summary>The key as SubjectPublicKeyInfo (https://www.rfc-editor.org/rfc/rfc5280#section-4.1).</summary>
    public byte[] Spki { get; }

    /// <summary>
    /// Reads a SubjectPublicKeyInfo. Throws <see cref="UnverifiedException"/>: InvalidAlgorithm for a key that cannot be used, Corrupted for
    /// what is none.
    /// </summary>
    public static VerifyingKey Read(ReadOnlyMemory<byte> spki)
    {
        try
        {
            AsnReader info = new AsnReader(spki, AsnEncodingRules.DER).ReadSequence();
            AsnReader identifier = info.ReadSequence();
            string algorithm = identifier.ReadObjectIdentifier();
            byte[] bits = info.ReadBitString(out _);
            var key = new VerifyingKey(spki.ToArray(), algorithm, bits);
            key.RefuseUnusable(identifier);
            return key;
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            throw UnverifiedException.Corrupted("the public key cannot be read");
        }
    }

    /// <summary>Whether this key's owner has signed the bytes.</summary>
    public bool Verifies(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        try
        {
            return _algorithm switch
            {
                EcPublicKey => VerifiesEc(signed, signature),
                RsaEncryption => VerifiesRsa(signed, signature),
                _ => VerifiesEd25519(signed, signature),
            };
        }
        catch (CryptographicException)
        {
            // Bytes that are no signature at all.
            return false;
        }
    }

    public bool Is(ReadOnlySpan<byte> spki) => spki.SequenceEqual(Spki);

    /// <summary>The name of a log that has this key: its hash (https://www.rfc-editor.org/rfc/rfc6962#section-3.2).</summary>
    public byte[] LogId() => SHA256.HashData(Spki);

    private void RefuseUnusable(AsnReader identifier)
    {
        switch (_algorithm)
        {
            case EcPublicKey:
                if (identifier.PeekTag() != Asn1Tag.ObjectIdentifier || !Curves.Contains(identifier.ReadObjectIdentifier()))
                {
                    throw UnverifiedException.InvalidAlgorithm("unsupported elliptic curve, only P-256, P-384 and P-521 are supported");
                }

                using (ImportEc())
                {
                    return;
                }

            case RsaEncryption:
                using (RSA rsa = ImportRsa())
                {
                    if (rsa.KeySize is < MinRsaBits or > MaxRsaBits)
                    {
                        throw UnverifiedException.InvalidAlgorithm(
                            $"unsupported RSA key of {rsa.KeySize} bits, only {MinRsaBits} to {MaxRsaBits} are supported");
                    }
                }

                return;
            case Ed25519:
                if (_keyBits.Length != Ed25519KeyBytes)
                {
                    throw UnverifiedException.Corrupted("the public key cannot be read");
                }

                return;
            default:
                throw UnverifiedException.InvalidAlgorithm($"unsupported public key algorithm {_algorithm}, only ECDSA, RSA and Ed25519 are supported");
        }
    }

    private ECDsa ImportEc()
    {
        var ec = ECDsa.Create();
        ec.ImportSubjectPublicKeyInfo(Spki, out _);
        return ec;
    }

    private RSA ImportRsa()
    {
        var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(Spki, out _);
        return rsa;
    }

    private bool VerifiesEc(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        using ECDsa ec = ImportEc();
        return ec.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
    }

    // Which padding was used is not written anywhere. The salt of PSS is as long as the hash (https://www.rfc-editor.org/rfc/rfc8017#section-9.1).
    private bool VerifiesRsa(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        using RSA rsa = ImportRsa();
        return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            || rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }

    private bool VerifiesEd25519(ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Ed25519PrivateKeyParameters.SignatureSize)
        {
            return false;
        }

        try
        {
            var verifier = new Ed25519Signer();
            verifier.Init(forSigning: false, new Ed25519PublicKeyParameters(_keyBits));
            verifier.BlockUpdate(signed);
            return verifier.VerifySignature(signature.ToArray());
        }
        catch (ArgumentException)
        {
            // The bytes are no point of the curve.
            return false;
        }
    }
}
