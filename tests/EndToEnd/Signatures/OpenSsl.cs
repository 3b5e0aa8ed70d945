using System.Diagnostics;
using System.Text;
using ImageScan.EndToEnd.Registry;

namespace ImageScan.EndToEnd.Signatures;

/// <summary>Keys, certificates and signatures made by <c>openssl</c>, in a temporary folder that is gone with it.</summary>
internal sealed class OpenSsl : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("imagescan-openssl-");
    private int _files;

    /// <summary>Skips the running test if openssl is not installed.</summary>
    public OpenSsl() => OnPath.Require("openssl");

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>A private key: its file. Options as of <c>openssl genpkey</c>.</summary>
    public string Key(params string[] options) => Made(file => ["genpkey", .. options, "-out", file]);

    /// <summary>A key of ECDSA on a curve: <c>P-256</c>.</summary>
    public string EcKey(string curve = "P-256") => Key("-algorithm", "EC", "-pkeyopt", $"ec_paramgen_curve:{curve}");

    /// <summary>The public half as PEM.</summary>
    public string PublicPem(string key) => File.ReadAllText(Made(file => ["pkey", "-in", key, "-pubout", "-out", file]));

    /// <summary>The signature over the bytes, SHA-256; of an Ed25519 key over the bytes themselves.</summary>
    public byte[] Sign(string key, byte[] bytes, params string[] options)
    {
        string input = NewFile();
        File.WriteAllBytes(input, bytes);
        string[] digest = File.ReadAllText(Made(file => ["pkey", "-in", key, "-noout", "-text", "-out", file])).Contains("ED25519", StringComparison.Ordinal)
            ? ["-rawin"]
            : ["-rawin", "-digest", "sha256"];
        return File.ReadAllBytes(Made(file => ["pkeyutl", "-sign", "-inkey", key, "-in", input, "-out", file, .. digest, .. options]));
    }

    /// <summary>An authority that signed itself: its certificate's file.</summary>
    public string Root(string key) => Made(file =>
        ["req", "-x509", "-new", "-key", key, "-subj", "/O=test/CN=root", "-days", "30", "-addext", "basicConstraints=critical,CA:TRUE", "-out", file]);

    /// <summary>A certificate for signing code, valid for thirty days from now: its file.</summary>
    public string Certificate(string key, string root, string rootKey, string mail, string issuer) => Certificate(key, root, rootKey, $"""
        extendedKeyUsage=codeSigning
        keyUsage=critical,digitalSignature
        subjectAltName=email:{mail}
        1.3.6.1.4.1.57264.1.8=ASN1:UTF8String:{issuer}
        """);

    /// <summary>A certificate with extensions as in a file of openssl, one a line, valid for thirty days from now: its file.</summary>
    public string Certificate(string key, string root, string rootKey, string extensions)
    {
        string request = Made(file => ["req", "-new", "-key", key, "-subj", "/O=test/CN=leaf", "-out", file]);
        string extensionFile = NewFile();
        File.WriteAllText(extensionFile, extensions);
        return Made(file =>
            ["x509", "-req", "-in", request, "-CA", root, "-CAkey", rootKey, "-CAcreateserial", "-days", "30", "-extfile", extensionFile, "-out", file]);
    }

    private string NewFile() => Path.Combine(_folder.FullName, $"{++_files}");

    private string Made(Func<string, IEnumerable<string>> command)
    {
        string made = NewFile();
        var start = new ProcessStartInfo("openssl") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in command(made))
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        var error = new StringBuilder();
        process.ErrorDataReceived += (_, line) => error.AppendLine(line.Data);
        process.BeginErrorReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"openssl {string.Join(' ', start.ArgumentList)}: {error}");
        return made;
    }
}
