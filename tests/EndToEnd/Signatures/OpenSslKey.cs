using System.Diagnostics;
using ImageScan.EndToEnd.Registry;

namespace ImageScan.EndToEnd.Signatures;

/// <summary>A key that openssl has made and signs with, in a folder of its own.</summary>
internal sealed class OpenSslKey : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imagescan-key-");
    private readonly bool _isEdwards;

    private OpenSslKey(string[] options)
    {
        OnPath.Require("openssl");
        _isEdwards = options[0] == "ED25519";
        Run(["genpkey", "-out", PathOf("key.pem"), "-algorithm", options[0], .. options.Skip(1).SelectMany(option => new[] { "-pkeyopt", option })]);
        Run("pkey", "-in", PathOf("key.pem"), "-pubout", "-out", PathOf("public.pem"));
    }

    public static OpenSslKey OfCurve(string curve) => new(["EC", $"ec_paramgen_curve:{curve}"]);

    public static OpenSslKey Rsa() => new(["RSA", "rsa_keygen_bits:2048"]);

    public static OpenSslKey Ed25519() => new(["ED25519"]);

    public string PrivatePem => File.ReadAllText(PathOf("key.pem"));

    public string PublicPem => File.ReadAllText(PathOf("public.pem"));

    public byte[] Sign(byte[] payload)
    {
        File.WriteAllBytes(PathOf("payload"), payload);
        if (_isEdwards)
        {
            Run("pkeyutl", "-sign", "-rawin", "-inkey", PathOf("key.pem"), "-in", PathOf("payload"), "-out", PathOf("signature"));
        }
        else
        {
            Run("dgst", "-sha256", "-sign", PathOf("key.pem"), "-out", PathOf("signature"), PathOf("payload"));
        }

        return File.ReadAllBytes(PathOf("signature"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static void Run(params IEnumerable<string> arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo("openssl", arguments) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error);
    }
}
