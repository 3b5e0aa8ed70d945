using ImageScan.Core.Images;
using ImageScan.Core.Signatures;

namespace ImageScan.Core.Tests.Signatures;

/// <summary>Signatures that cosign has made; TestData/README.md says where they are from.</summary>
internal static class RealSignatures
{
    public const string KeyImage =
        "ttl.sh/2fd430e3-6589-4a5c-865b-4c0aa5b8b041@sha256:298d1eed2893f61ed254c68aff2417deaf342632ab26dbbdb3991714e501e1c9";

    public const string KeylessImage =
        "ttl.sh/4d3eca7f-d24e-4294-ac11-fa714ce8779b@sha256:0e1ac7f12d904a5ce077d1b5c763b5750c7985e524f6083e5eaa7e7313833440";

    public const string OwnAuthorityImage =
        "ttl.sh/3d2aaf19-8e64-43db-9eb0-1da66b67d6d2@sha256:e770165fef9e36b990882a4083d8ccf5e29e469a8609bb6b2e3b47d9510e2c8d";

    public const string Key = """
        -----BEGIN PUBLIC KEY-----
        MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEvVPaOS6sfpySbaceiwg0e6p6Bzo1
        A2qyHC5rfVNn2uBRz2Xy0nYBiJ1mFLXaiWGQ2AyCfVh5DzDqJx8eY7YwHQ==
        -----END PUBLIC KEY-----
        """;

    public static CosignSignature ByKey => Simple(
        KeyImage,
        "MEUCIDuWppiw7vQzqSRaNA7jx0DtLtWtQvDd/Sm6JfL3nb9uAiEA7bm6pY+GozjTE4hZLPf6ypJqusBNSc9OdC0XMx7sXjk=");

    public static CosignSignature Keyless => Simple(
        KeylessImage,
        "MEQCID1AIJK4aJYJpbBVaFmoQfC4wMTJnBW/hsaCQobGoiBqAiBcfLS81tDBMhyON0jZpizle8XIzYWE2wou4CCPilVlBA==") with
    {
        CertificatePem = File("keyless.crt.pem"),
        ChainPem = File("keyless.chain.pem"),
        RekorBundle = File("keyless.rekor.json"),
    };

    public static CosignSignature OwnAuthority => Simple(
        OwnAuthorityImage,
        "R4mfJFq6QHwJS1517RB8p9PTsSKxD/e6wWAcZt74tuJz7PRtZaGbrnC5IQPh7Su1O6+od4yc6fKSvdXTt3LxBC+l2b8NMaqj0b1duexA7DKFNZ33Twq7vqJBFRwjXLdF"
        + "VTXkCw640iYFpZXjX+ed6PfsFWOD/AlIoqL5XjHEfYoU+VUAFs9EZqQHxz4/1XzeIhJ0dVguC5v9cmFWF3cMFFWLDmED5v0IVy2iDCiWnz+VEglR3DgsCq5NN9rMcChI"
        + "MfmgfxReF4+RW4oOmCbKKifbfeeFAbkrLV9KZJg5bdQ+n6SPHa/nFAdkFiSBWVfVnYuvSVHCYx7QH7/l0BgW+g==") with
    {
        CertificatePem = File("own.crt.pem"),
        ChainPem = File("own.chain.pem"),
    };

    public static byte[] File(string name) => System.IO.File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Signatures", "TestData", name));

    public static ImageReference NameOf(string image) =>
        ImageReference.TryParse(image, out ImageReference? name, out string? reason) ? name : throw new FormatException(reason);

    // What cosign 2 writes: no blanks, members in this order.
    private static CosignSignature Simple(string image, string signature) => new()
    {
        RawSignature = Convert.FromBase64String(signature),
        Payload = MadeSignatures.SimpleSigning(image.Split('@')[0], image.Split('@')[1]),
        Format = SignatureFormat.SimpleSigning,
    };
}
