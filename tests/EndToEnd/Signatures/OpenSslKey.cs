namespace ImageScan.EndToEnd.Signatures;

/// <summary>A key that openssl has made and signs with, in a folder of its own.</summary>
internal sealed class OpenSslKey : IDisposable
{
    private readonly OpenSsl _openSsl = new();
    private readonly string _key;

    private OpenSslKey(Func<OpenSsl, string> make) => _key = make(_openSsl);

    public static OpenSslKey OfCurve(string curve) => new(openSsl => openSsl.EcKey(curve));

    public static OpenSslKey Rsa() => new(openSsl => openSsl.Key("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"));

    public static OpenSslKey Ed25519() => new(openSsl => openSsl.Key("-algorithm", "ED25519"));

    public string PrivatePem => File.ReadAllText(_key);

    public string PublicPem => _openSsl.PublicPem(_key);

    public byte[] Sign(byte[] payload) => _openSsl.Sign(_key, payload);

    /// <summary>A signature over a payload as cosign keeps it.</summary>
    public Signature SignatureOf(byte[] payload) => new(payload, Convert.ToBase64String(Sign(payload)));

    public void Dispose() => _openSsl.Dispose();
}
