using System.CommandLine;
using System.Globalization;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Inventory.Licenses;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Local.Output;
using Spectre.Console;

namespace ImageScan.Local.Commands;

/// <summary><c>imagescan inventory IMAGE</c>: what is installed, where, and which layer brought it.</summary>
internal static class InventoryCommand
{
    public static Command Create()
    {
        Argument<string> image = ImageOptions.Image();
        Option<string> format = ImageOptions.FormatOf("table", "json", "cyclonedx", "spdx");
        Option<string?> platform = ImageOptions.Platform();
        var command = new Command("inventory", "Lists every package of one image, with the layer that brought it.") { image, format, platform };
        command.SetAction(CommandLine.Guarded(async (arguments, cancellationToken) =>
        {
            string name = arguments.GetRequiredValue(image);
            Scan scan = await ImageRun.ScanAsync(
                name, ImageOptions.PlatformOf(arguments, platform), Reading.WhatIsNew, ProgressDisplay.OnTerminal, cancellationToken);
            using Stream output = Console.OpenStandardOutput();
            switch (arguments.GetValue(format))
            {
                case "json": InventoryJson.Write(scan, name, output); break;
                case "cyclonedx": CycloneDx.Write(scan, output); break;
                case "spdx": Spdx.Write(scan, output); break;
                default: WriteTable(name, scan); break;
            }

            return CommandLine.Clean;
        }));
        return command;
    }

    private static void WriteTable(string image, Scan scan)
    {
        Terminal.Out.WriteLine($"Image   {HostileText.Plain(image, int.MaxValue)}");
        Terminal.Out.WriteLine($"System  {HostileText.Plain(OperatingSystems.NameOf(scan.Inventory.Distribution), int.MaxValue)}");
        if (EndOfLife.Of(scan.Inventory.Distribution) is { } end)
        {
            string extended = end.Extended is { } last ? $", extended until {DateOf(last)}" : "";
            Terminal.Out.WriteLine($"Mended until {DateOf(end.Date)}{extended}");
        }

        IReadOnlyList<int> steps = ImageHistory.LayerIndexes(scan.Config);
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("Type", "Name", "Version", "Layer", "Licence", "Path");
        foreach (InstalledPackage installed in scan.Inventory.Packages)
        {
            Package package = installed.Package;
            string?[] cells =
            [
                package.Type.Name,
                package.Name,
                package.Version,
                installed.Layer < steps.Count ? steps[installed.Layer].ToString(CultureInfo.InvariantCulture) : "",
                License.Of(package.License)?.Name,
                package.Location,
            ];
            table.AddRow(cells.Select(cell => new Text(HostileText.Plain(cell ?? "", int.MaxValue))));
        }

        Terminal.Out.Write(table);
        Terminal.Out.WriteLine(CountOf(scan));
        WarningLines.Write(scan.Inventory.Warnings);
    }

    private static string CountOf(Scan scan)
    {
        int all = scan.Inventory.Packages.Count;
        if (BaseImage.LayersOf(scan.Config, scan.Manifest.Layers.Count) is not { } baseLayers)
        {
            return $"{all} packages";
        }

        int ofBase = scan.Inventory.Packages.Count(installed => installed.Layer < baseLayers);
        return $"{all} packages: {ofBase} from the base image, {all - ofBase} added";
    }

    private static string? DateOf(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
