using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
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
        Option<string> format = ImageOptions.Format();
        Option<string?> platform = ImageOptions.Platform();
        var command = new Command("inventory", "Lists every package of one image, with the layer that brought it.") { image, format, platform };
        command.SetAction(CommandLine.Guarded(async (arguments, cancellationToken) =>
        {
            string name = arguments.GetRequiredValue(image);
            Scan scan = await ImageRun.ScanAsync(name, ImageOptions.PlatformOf(arguments, platform), Reading.WhatIsNew, cancellationToken);
            if (arguments.GetValue(format) == "json")
            {
                WriteJson(name, scan);
            }
            else
            {
                WriteTable(name, scan);
            }

            return CommandLine.Clean;
        }));
        return command;
    }

    private static void WriteJson(string image, Scan scan)
    {
        using Stream output = Console.OpenStandardOutput();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.Default }))
        {
            json.WriteStartObject();
            json.WriteString("image", image);
            json.WriteString("distribution", OperatingSystems.NameOf(scan.Inventory.Distribution));
            json.WriteStartArray("packages");
            foreach (InstalledPackage installed in scan.Inventory.Packages)
            {
                WritePackage(json, installed, scan);
            }

            json.WriteEndArray();
            json.WriteStartArray("warnings");
            foreach (InventoryWarning warning in scan.Inventory.Warnings)
            {
                json.WriteStartObject();
                json.WriteString("path", warning.Path);
                json.WriteString("reason", warning.Reason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WritePackage(Utf8JsonWriter json, InstalledPackage installed, Scan scan)
    {
        Package package = installed.Package;
        int? step = StepOf(installed, scan.Config);
        json.WriteStartObject();
        json.WriteString("type", package.Type.Name);
        json.WriteString("name", package.Name);
        json.WriteString("version", package.Version);
        json.WriteString("source", package.SourceName);
        json.WriteString("path", package.Location);
        WriteNumber(json, "layerIndex", step);
        json.WriteString("instruction", InstructionOf(step, scan.Config));
        json.WriteString("license", package.License);
        json.WriteString("purl", PackageUrl.Of(package, scan.Inventory.Distribution));
        json.WriteEndObject();
    }

    private static void WriteTable(string image, Scan scan)
    {
        Terminal.Out.WriteLine($"Image   {HostileText.Plain(image, int.MaxValue)}");
        Terminal.Out.WriteLine($"System  {HostileText.Plain(OperatingSystems.NameOf(scan.Inventory.Distribution), int.MaxValue)}");
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
                StepOf(installed, scan.Config)?.ToString(CultureInfo.InvariantCulture),
                package.License,
                package.Location,
            ];
            table.AddRow(cells.Select(cell => new Text(HostileText.Plain(cell ?? "", int.MaxValue))));
        }

        Terminal.Out.Write(table);
        Terminal.Out.WriteLine($"{scan.Inventory.Packages.Count} packages");
        WarningLines.Write(scan.Inventory.Warnings);
    }

    // As in a scan's layerIndex: steps that brought no layer are counted.
    private static int? StepOf(InstalledPackage installed, ImageConfig config) =>
        ImageHistory.LayerIndexes(config).Select(index => (int?)index).ElementAtOrDefault(installed.Layer);

    private static string? InstructionOf(int? step, ImageConfig config)
    {
        if (step is null)
        {
            return null;
        }

        (string instruction, string value) = ImageHistory.SplitStep(config.History[step.Value].CreatedBy);
        return $"{instruction} {value}";
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
