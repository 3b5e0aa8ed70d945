using System.Text;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>
/// Whom the public Sigstore instance trusts: the files of https://github.com/sigstore/root-signing/tree/60cf2ce8b2e45d600dc17c4421e8c751e75772be/targets
/// (Apache-2.0).
/// </summary>
internal static class PublicSigstore
{
    /// <summary>Fulcio's roots and the authority below: <c>fulcio_v1.crt.pem</c>, <c>fulcio_intermediate_v1.crt.pem</c>, <c>fulcio.crt.pem</c>.</summary>
    public static string FulcioPem() => Read("sigstore-fulcio.pem");

    /// <summary>The key of https://rekor.sigstore.dev: <c>rekor.pub</c>.</summary>
    public static string RekorPem() => Read("sigstore-rekor.pem");

    /// <summary>The keys of the certificate logs: <c>ctfe_2022.pub</c>, <c>ctfe.pub</c>.</summary>
    public static string CertificateLogPem() => Read("sigstore-ctlog.pem");

    private static string Read(string name)
    {
        using Stream stream = typeof(PublicSigstore).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not embedded.");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return reader.ReadToEnd();
    }
}
