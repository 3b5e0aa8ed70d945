using System.Globalization;
using ImageScan.Core.Scans;
using Spectre.Console;

namespace ImageScan.Local.Output;

/// <summary>One moving line on stderr while a scan works; nothing where nobody watches.</summary>
internal static class ProgressLine
{
    /// <summary>Runs <paramref name="work"/>, which gets null for progress unless stderr is a terminal.</summary>
    public static Task<T> ShowAsync<T>(Func<IProgress<ScanProgress>?, Task<T>> work) => Console.IsErrorRedirected
        ? work(null)
        : Terminal.Error.Status().StartAsync("…", context => work(new StatusProgress(context)));

    private static string TextOf(ScanProgress progress)
    {
        string layers = progress.Layers > 0 ? $", {progress.LayersDone} of {progress.Layers} layers" : "";
        string bytes = progress.Bytes > 0 ? $", {MiB(progress.BytesRead)} of {MiB(progress.Bytes)} MiB" : "";
        return $"{progress.Step}{layers}{bytes}";
    }

    private static string MiB(long bytes) => (bytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);

    // Progress<T> would post to a pool and may tell the order wrong.
    private sealed class StatusProgress(StatusContext context) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value) => context.Status = Markup.Escape(TextOf(value));
    }
}
