using System.Diagnostics;

namespace ImageScan.EndToEnd.Registry;

/// <summary>Copies images with <c>skopeo</c>, over plain http where a registry is the destination.</summary>
internal static class Skopeo
{
    /// <summary>Pushes a <c>docker save</c> archive and returns the image's full name. Skips the running test if skopeo is not installed.</summary>
    public static async Task<string> PushAsync(
        string archive, string host, string nameAndTag, CancellationToken cancellationToken, params IEnumerable<string> options)
    {
        string image = $"{host}/{nameAndTag}";
        await CopyAsync($"docker-archive:{archive}", $"docker://{image}", cancellationToken, ["--dest-tls-verify=false", .. options]);
        return image;
    }

    /// <summary>Copies between any two transports. Skips the running test if skopeo is not installed.</summary>
    public static async Task CopyAsync(string source, string destination, CancellationToken cancellationToken, params IEnumerable<string> options)
    {
        OnPath.Require("skopeo");
        var command = new ProcessStartInfo("skopeo") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (IEnumerable<string>)["--insecure-policy", "copy", .. options, source, destination])
        {
            command.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(command)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        string error = await process.StandardError.ReadToEndAsync(cancellationToken);
        await output;
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"skopeo copy {source} to {destination}: {error}");
    }
}
