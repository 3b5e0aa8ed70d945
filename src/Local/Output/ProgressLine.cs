using System.Diagnostics;
using System.Globalization;
using ImageScan.Core.Scans;
using Spectre.Console;
using static ImageScan.Local.Output.LabelledLines;

namespace ImageScan.Local.Output;

/// <summary>Whether a scan shows how far it is.</summary>
internal enum ProgressDisplay
{
    /// <summary>On stderr, if that is a terminal.</summary>
    OnTerminal,
    None,
}

/// <summary>One moving line on stderr while a scan works, and one that stays when it is done; nothing where nobody watches.</summary>
internal static class ProgressLine
{
    /// <summary>Runs <paramref name="work"/>, which gets null for progress unless stderr is a terminal and it is to be shown.</summary>
    public static async Task<T> ShowAsync<T>(ProgressDisplay display, Func<IProgress<ScanProgress>?, Task<T>> work)
    {
        if (display == ProgressDisplay.None || Console.IsErrorRedirected)
        {
            return await work(null);
        }

        long start = Stopwatch.GetTimestamp();
        ScanProgress? last = null;
        T result = await Terminal.Error.Status().StartAsync("…", context => work(new StatusProgress(value =>
        {
            last = MostTelling(last, value);
            context.Status = Markup.Escape(TextOf(value));
        })));
        Terminal.Say(DoneText(last, Stopwatch.GetElapsedTime(start)));
        return result;
    }

    /// <summary>How far a scan is: <c>reading, 2 of 5 layers, 12.0 of 30.5 MiB</c>.</summary>
    public static string TextOf(ScanProgress progress)
    {
        string layers = progress.Layers > 0 ? $", {progress.LayersDone} of {Counted(progress.Layers, "layer")}" : "";
        string bytes = progress.Bytes > 0 ? $", {MiB(progress.BytesRead)} of {MiB(progress.Bytes)} MiB" : "";
        return $"{progress.Step}{layers}{bytes}";
    }

    /// <summary>Of two reports that came one after the other, the one to sum up by: steps after the reading tell of no bytes.</summary>
    public static ScanProgress? MostTelling(ScanProgress? before, ScanProgress now) =>
        now.Bytes > 0 || (now.Layers > 0 && before is null) ? now : before;

    /// <summary>What stays when a scan is done: <c>Done in 3.2 s: 5 layers, 30.5 MiB read.</c></summary>
    public static string DoneText(ScanProgress? last, TimeSpan elapsed)
    {
        string seconds = elapsed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        return last is null ? $"Done in {seconds} s." : $"Done in {seconds} s: {Counted(last.Layers, "layer")}, {MiB(last.BytesRead)} MiB read.";
    }

    private static string MiB(long bytes) => (bytes / 1048576.0).ToString("0.0", CultureInfo.InvariantCulture);

    // Progress<T> would post to a pool and may tell the order wrong.
    private sealed class StatusProgress(Action<ScanProgress> show) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value) => show(value);
    }
}
