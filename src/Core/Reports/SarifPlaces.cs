using System.Text.Json;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Reports;

/// <summary>Where a result of SARIF is: the file that names the package, below the image's repository, and the package and its layer.</summary>
internal static class SarifPlaces
{
    private const string Unnamed = "image";

    /// <summary>
    /// The image without what changes from build to build: its repository, or the archive's name; a constant where it has none. Alerts stay the same ones
    /// only as long as their path does.
    /// </summary>
    public static string ImageOf(ImageReport report) => report.Name switch
    {
        { Remote.Length: > 0 } name => PathOf(name.Remote),
        { FullName.Length: > 0, Digest: null } name => PathOf(name.FullName),
        _ => Unnamed,
    };

    /// <summary>What tells the image from all others of which alerts are kept in one place: its registry, the image as above, and its platform.</summary>
    public static string CategoryOf(ImageReport report)
    {
        string registry = report.Name is { Registry.Length: > 0, Remote.Length: > 0 } name ? $"{PathOf(name.Registry)}/" : "";
        return $"{registry}{ImageOf(report)}/{PathOf(report.Scan.Platform.ToString())}";
    }

    public static void Write(Utf8JsonWriter json, ImageReport report, ReportedFinding reported, LayerOrigin? layer)
    {
        Package package = reported.Package;
        json.WriteObject("physicalLocation", _ =>
        {
            json.WriteObject("artifactLocation", _ => json.WriteString("uri", $"{ImageOf(report)}/{PathOf(package.Location)}"));
            // GitHub shows no alert without a region; the file itself is not in anybody's repository.
            json.WriteObject("region", _ =>
            {
                foreach (string edge in (string[])["startLine", "startColumn", "endLine", "endColumn"])
                {
                    json.WriteNumber(edge, 1);
                }
            });
        });
        json.WriteObjects("logicalLocations", PlacesOf(report, reported, layer), (_, place) =>
        {
            json.WriteString("name", place.Name);
            json.WriteString("fullyQualifiedName", place.FullName);
            json.WriteString("kind", place.Kind);
        });
        SarifReport.WriteMessage(json, "message", ReportText.Line($"{package.Location}: {package.Name} {package.Version}", 500));
    }

    private static IEnumerable<(string Name, string FullName, string Kind)> PlacesOf(ImageReport report, ReportedFinding reported, LayerOrigin? layer)
    {
        yield return (ReportText.Line(reported.Package.Name), ReportText.Line(PackageUrl.Of(reported.Package, report.Scan.Inventory.Distribution)), "package");
        if (layer is not null)
        {
            string instruction = ReportText.Line(layer.Instruction, 300);
            yield return (instruction.Length > 0 ? instruction : layer.Digest, layer.Digest, "layer");
        }
    }

    // A relative reference (https://www.rfc-editor.org/rfc/rfc3986#section-4.2) that stays where it is: no "..", no scheme, no host.
    private static string PathOf(string path)
    {
        string[] parts = [.. path.Split('/', '\\').Select(part => ReportText.Line(part, 255)).Where(part => part is not ("" or "." or ".."))];
        return parts.Length == 0 ? Unnamed : string.Join('/', parts.Select(Uri.EscapeDataString));
    }
}
