using System.CommandLine;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Local.Output;
using ImageScan.Local.Remote;

namespace ImageScan.Local.Commands;

/// <summary><c>imagescan scan IMAGE</c>: one scan, here by the steps that the API takes, or by a deployed app.</summary>
internal static class ScanCommand
{
    private const string Help =
        "Scans one image and shows its vulnerabilities. Exit code: 0, 1 if --fail-on stops (or what --exit-code and --exit-on-eol say), "
        + "2 if the scan could not be done. Settings are environment variables (docs/settings.md), options are in docs/command-line.md.";

    public static Command Create()
    {
        var options = new ScanOptions();
        var command = new Command("scan", Help);
        options.AddTo(command);
        command.SetAction(CommandLine.Guarded((arguments, cancellationToken) => RunAsync(options.Read(arguments), cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(ScanChoices choices, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(choices.Timeout ?? Timeout.InfiniteTimeSpan, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return choices.Server is { } server
                ? await RemoteScan.RunAsync(server, choices, either.Token)
                : await ScanHereAsync(choices, either.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new CommandException($"It took longer than --timeout, {choices.Timeout!.Value.TotalSeconds:0} seconds.");
        }
    }

    private static async Task<int> ScanHereAsync(ScanChoices choices, CancellationToken cancellationToken)
    {
        Func<ImageReport, ImageReport> vex = VexFiles.Read(choices.Vex);
        Scan scan = await ImageRun.ScanAsync(
            choices.Image,
            choices.Platform,
            choices.Force ? Reading.Everything : Reading.WhatIsNew,
            choices.ShowsProgress ? ProgressDisplay.OnTerminal : ProgressDisplay.None,
            cancellationToken);
        ImageReport report = ReportOf(scan, choices, vex);
        var image = ScannedImage.Of(report);
        await ReportOutput.WriteAsync(report, image, choices, cancellationToken);
        if (!choices.IsQuiet)
        {
            WarningLines.WriteEnd(scan.Inventory.Distribution, scan.Match.Ended);
            WarningLines.Write([.. scan.Inventory.Warnings, .. scan.Match.Warnings]);
        }

        IEnumerable<Severity> counted = report.Findings.Where(reported => reported.Decision is null).Select(reported => reported.Finding.Severity);
        int code = choices.Gates.CodeFor(counted, scan.Match.Ended is not null);
        ReportOutput.SayIfPartial(choices, code, image);
        return code;
    }

    private static ImageReport ReportOf(Scan scan, ScanChoices choices, Func<ImageReport, ImageReport> vex)
    {
        ImageReport decided = vex(choices.Ignored.Apply(ImageReport.Of(scan, scan.Names[0]), TimeProvider.System.GetUtcNow()));
        return FindingOrder.Apply(choices.Filter.Apply(choices.ShowsSuppressed ? decided : decided.WithoutDecided()), choices.Order);
    }
}
