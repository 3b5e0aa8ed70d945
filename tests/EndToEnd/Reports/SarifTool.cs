using System.Diagnostics;
using ImageScan.EndToEnd.Tools;

namespace ImageScan.EndToEnd.Reports;

/// <summary>Microsoft's program for SARIF files, of the npm package <c>@microsoft/sarif-multitool</c>.</summary>
internal static class SarifTool
{
    /// <summary>Runs it; how it ended and what it wrote. Skips the test where there is none for this system.</summary>
    public static async Task<(int Code, string Output, string Errors)> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        string folder = await NodeTools.FolderAsync(cancellationToken);
        string program = Path.Combine(folder, "node_modules", "@microsoft", "sarif-multitool-linux", "Sarif.Multitool");
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(program), "there is no sarif-multitool for this system");
        if (OperatingSystem.IsLinux() && !File.GetUnixFileMode(program).HasFlag(UnixFileMode.UserExecute))
        {
            // A script of the package would do it, and none is run when it is installed.
            File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute);
        }

        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        // It is a program of .NET that brings no ICU.
        start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return (process.ExitCode, output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
