using System.Diagnostics;

namespace ImageScan.EndToEnd.Registry;

/// <summary>Copies images into a registry over plain http with <c>skopeo</c>.</summary>
internal static class Skopeo
{
    /// <summary>Pushes a <c>docker save</c> archive and returns the image's full name. Skips the running test if skopeo is not installed.</summary>
    public static async Task<string> PushAsync(string archive, string host, string nameAndTag, CancellationToken cancellationToken)
    {
        OnPath.Require("skopeo");
        string image = $"{host}/{nameAndTag}";
        var command = new ProcessStartInfo("skopeo") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { "--insecure-policy", "copy", "--dest-tls-verify=false", $"docker-archive:{archive}", $"docker://{image}" })
        {
            command.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(command)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        string error = await process.StandardError.ReadToEndAsync(cancellationToken);
        await output;
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, $"skopeo copy {archive} to {image}: {error}");
        return image;
    }
}
