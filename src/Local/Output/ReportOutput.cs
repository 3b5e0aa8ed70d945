using System.Text;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Local.Commands;

namespace ImageScan.Local.Output;

/// <summary>Writes a result where the caller wants it; what is written in part stays nowhere.</summary>
internal static class ReportOutput
{
    /// <summary>Writes a scan that was made here. Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.</summary>
    public static async Task WriteAsync(ImageReport report, ScannedImage image, ScanChoices choices, CancellationToken cancellationToken)
    {
        if (choices.Format == ScanOptions.Table)
        {
            await WriteTableAsync(image, choices, cancellationToken);
            return;
        }

        if (choices.Format == ScanOptions.Json)
        {
            await WriteJsonAsync(JsonOf(report.Scan), choices, cancellationToken);
            Say(choices, ScannerVersion.Of(report.Scan));
        }
        else
        {
            IReportFormat format = ReportFormats.Find(choices.Format)!;
            await WriteAsync(choices, stream => Task.Run(() => format.Write(report, stream), cancellationToken));
        }

        SaySummary(choices, image);
    }

    /// <summary>The table; in colours where people look.</summary>
    public static Task WriteTableAsync(ScannedImage image, ScanChoices choices, CancellationToken cancellationToken)
    {
        if (choices.Output is null)
        {
            FindingsTable.Write(image);
            return Task.CompletedTask;
        }

        return WriteAsync(choices, async stream =>
        {
            await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
            FindingsTable.Write(Terminal.ForFile(writer), image, TableReader.Elsewhere);
            await writer.FlushAsync(cancellationToken);
        });
    }

    /// <summary>JSON that no terminal obeys.</summary>
    public static Task WriteJsonAsync(byte[] json, ScanChoices choices, CancellationToken cancellationToken) =>
        WriteAsync(choices, stream => stream.WriteAsync(Encoding.UTF8.GetBytes(HostileText.InJson(json) + "\n"), cancellationToken).AsTask());

    /// <summary>Has the result written: to stdout, or to the file that is wanted.</summary>
    public static async Task WriteAsync(ScanChoices choices, Func<Stream, Task> write)
    {
        if (choices.Output is { } path)
        {
            await OutputFile.WriteAsync(path, write);
            return;
        }

        await using Stream output = Console.OpenStandardOutput();
        await write(output);
    }

    /// <summary>The line that sums up, where the result itself has none for people.</summary>
    public static void SaySummary(ScanChoices choices, ScannedImage image) =>
        Say(choices, choices.Output is { } path ? $"{FindingsTable.SummaryOf(image)} ({choices.Format} in {path})" : FindingsTable.SummaryOf(image));

    /// <summary>One unreadable file of thousands must not stop every pipeline, nor may a gate be silent about what it did not see.</summary>
    public static void SayIfPartial(ScanChoices choices, int code, ScannedImage image)
    {
        if (code == CommandLine.Clean && choices.Gates.AreSet && image.Gaps().ToList() is { Count: > 0 } gaps)
        {
            // Also where nothing else is to be said.
            Terminal.Say($"Warning: the gate has judged a partial scan: {string.Join("; ", gaps)}.");
        }
    }

    private static void Say(ScanChoices choices, string text)
    {
        if (!choices.IsQuiet)
        {
            Terminal.Say(text);
        }
    }

    private static byte[] JsonOf(Scan scan)
    {
        ApiSettings settings = CommandServices.ApiSettings();
        return WireJson.BytesOf(ImageAnswer.ToScanImage(scan, scan.Names[0], Snoozed.Included, settings), WireLayout.Pretty, settings.Level);
    }
}
