using System.Diagnostics;

namespace ImageScan.Benchmarks;

/// <summary>This program once more, as another process.</summary>
internal static class OwnProgram
{
    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return Process.Start(start)!;
    }
}
