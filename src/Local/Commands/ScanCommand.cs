using System.CommandLine;
using System.Text.Json;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Local.Output;

namespace ImageScan.Local.Commands;

/// <summary><c>imagescan scan IMAGE</c>: one scan, by the steps that the API takes.</summary>
internal static class ScanCommand
{
    public static Command Create()
    {
        Argument<string> image = ImageOptions.Image();
        Option<string> format = ImageOptions.Format();
        Option<string?> platform = ImageOptions.Platform();
        var force = new Option<bool>("--force") { Description = "Read everything again, whatever is stored." };
        var includeSnoozed = new Option<bool>("--include-snoozed") { Description = "Also show what has been snoozed." };
        Option<string?> failOn = SeverityGate.Option();

        var command = new Command("scan", "Scans one image and shows its vulnerabilities.") { image, format, force, includeSnoozed, platform, failOn };
        command.SetAction(CommandLine.Guarded(async (arguments, cancellationToken) =>
        {
            ApiSettings settings = CommandServices.ApiSettings();
            Scan scan = await ImageRun.ScanAsync(
                arguments.GetRequiredValue(image),
                ImageOptions.PlatformOf(arguments, platform),
                arguments.GetValue(force) ? Reading.Everything : Reading.WhatIsNew,
                cancellationToken);
            Snoozed snoozed = arguments.GetValue(includeSnoozed) ? Snoozed.Included : Snoozed.LeftOut;
            WireImage answer = ImageAnswer.ToScanImage(scan, scan.Names[0], snoozed, settings);
            Show(answer, scan, arguments.GetValue(format)!, settings.Level);
            return SeverityGate.Of(arguments.GetValue(failOn)) is { } gate ? Judge(answer, gate) : CommandLine.Clean;
        }));
        return command;
    }

    private static void Show(WireImage answer, Scan scan, string format, ApiLevel level)
    {
        byte[] json = WireJson.BytesOf(answer, WireLayout.Pretty, level);
        if (format == "json")
        {
            Console.Out.WriteLine(HostileText.InJson(json));
            Terminal.Say(ScannerVersion.Of(scan));
        }
        else
        {
            using JsonDocument document = JsonDocument.Parse(json);
            FindingsTable.Write(Terminal.Out, document.RootElement);
        }

        WarningLines.WriteEnd(scan.Inventory.Distribution, scan.Match.Ended);
        WarningLines.Write([.. scan.Inventory.Warnings, .. scan.Match.Warnings]);
    }

    private static int Judge(WireImage answer, Severity gate)
    {
        if (IsAtOrAbove(answer, gate))
        {
            return CommandLine.AtOrAboveGate;
        }

        // One unreadable file of thousands must not stop every pipeline, nor may a gate be silent about what it did not see.
        if (answer.Scan!.Notes.Contains(ScanNote.PartialScanData))
        {
            Terminal.Say("Warning: the gate has judged a partial scan; what could not be looked at is in the notes and warnings.");
        }

        return CommandLine.Clean;
    }

    private static bool IsAtOrAbove(WireImage answer, Severity gate) => answer.Scan!.Components
        .SelectMany(component => component.Vulns)
        .Any(vulnerability => SeverityGate.Stops((Severity)vulnerability.Severity, gate));
}
