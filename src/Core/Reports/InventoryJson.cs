using System.Globalization;
using System.Text.Json;
using ImageScan.Core.Inventory;
using ImageScan.Core.Inventory.Licenses;
using ImageScan.Core.Results;

namespace ImageScan.Core.Reports;

/// <summary>The inventory in a form of our own, every key always there: what <c>imagescan inventory --format json</c> prints.</summary>
public static class InventoryJson
{
    /// <summary>Writes what is installed in an image, ordered as the inventory is.</summary>
    /// <param name="scan">The image.</param>
    /// <param name="image">What it was called by whoever asked.</param>
    /// <param name="output">Where to; stays open.</param>
    public static void Write(Scan scan, string image, Stream output)
    {
        IReadOnlyList<LayerOrigin> layers = LayerOrigin.AllOf(scan);
        EndOfLife? end = EndOfLife.Of(scan.Inventory.Distribution);
        int? baseLayers = BaseImage.LayersOf(scan.Config, scan.Manifest.Layers.Count);
        ReportWriter.Write(output, json =>
        {
            json.WriteString("image", image);
            json.WriteString("digest", scan.Id.ToString());
            json.WriteString("distribution", OperatingSystems.NameOf(scan.Inventory.Distribution));
            json.WriteString("endOfLife", DateOf(end?.Date));
            json.WriteString("extendedSupportEnd", DateOf(end?.Extended));
            json.WriteNumberOrNull("baseLayers", baseLayers);
            json.WriteObjects("packages", scan.Inventory.Packages, (_, installed) =>
            {
                WritePackage(json, installed, layers.ElementAtOrDefault(installed.Layer), scan.Inventory.Distribution);
                WriteFromBase(json, installed, baseLayers);
            });
            json.WriteObjects("warnings", scan.Inventory.Warnings, (_, warning) =>
            {
                json.WriteString("path", warning.Path);
                json.WriteString("reason", warning.Reason);
            });
        });
    }

    private static void WritePackage(Utf8JsonWriter json, InstalledPackage installed, LayerOrigin? layer, Distribution? distribution)
    {
        Package package = installed.Package;
        json.WriteString("type", package.Type.Name);
        json.WriteString("name", package.Name);
        json.WriteString("version", package.Version);
        json.WriteString("sourceName", package.SourceName);
        json.WriteString("sourceVersion", package.SourceVersion);
        json.WriteString("architecture", package.Architecture);
        json.WriteString("path", package.Location);
        json.WriteString("layer", layer?.Digest);
        json.WriteNumberOrNull("layerIndex", layer?.Step);
        json.WriteString("instruction", layer?.Instruction);
        json.WriteString("license", package.License);
        json.WriteString("spdx", License.Of(package.License) is { Form: not LicenseForm.Stated } license ? license.Name : null);
        json.WriteString("vendor", package.Vendor);
        json.WriteString("module", package.Module);
        json.WriteString("purl", PackageUrl.Of(package, distribution));
        json.WriteNumber("executables", installed.Executables.Count);
    }

    private static void WriteFromBase(Utf8JsonWriter json, InstalledPackage installed, int? baseLayers)
    {
        if (baseLayers is { } count)
        {
            json.WriteBoolean("fromBase", installed.Layer < count);
        }
        else
        {
            json.WriteNull("fromBase");
        }
    }

    private static string? DateOf(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
