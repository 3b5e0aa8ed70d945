using System.Diagnostics;

namespace ImageScan.Benchmarks;

/// <summary>This program once more, as another process.</summary>
internal static class OwnProgram
{
    public static ProcessStartInfo Command(params string[] arguments) => new(Environment.ProcessPath!, arguments);

    public static Process Start(params string[] arguments)
    {
        ProcessStartInfo start = Command(arguments);
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        return Process.Start(start)!;
    }
}
