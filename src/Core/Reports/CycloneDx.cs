using System.Text.Json;
using ImageScan.Core.Inventory;
using ImageScan.Core.Inventory.Licenses;
using ImageScan.Core.Results;

namespace ImageScan.Core.Reports;

/// <summary>A bill of materials in CycloneDX 1.6, JSON (https://cyclonedx.org/docs/1.6/json/).</summary>
public static class CycloneDx
{
    // The schema allows no longer version.
    private const int MaxVersionCharacters = 1024;
    private const string OperatingSystemReference = "operating-system";

    /// <summary>
    /// Writes the bill of an image: the image is the subject and depends on its operating system and on every package; how these depend on
    /// each other is not known and not said. A package carries the layer that brought it in properties <c>imagescan:layer:…</c>. What could
    /// not be read is in properties <c>imagescan:warning</c>, and then the bill calls itself incomplete.
    /// </summary>
    /// <param name="scan">The image.</param>
    /// <param name="output">Where to; stays open.</param>
    public static void Write(Scan scan, Stream output)
    {
        var bill = new BillOfMaterials(scan);
        Write(bill, bill.Id, [], _ => { }, output);
    }

    /// <summary>
    /// Writes the bill of an image as above, with the findings of a report as vulnerabilities and the decisions about them as their analysis (VEX).
    /// </summary>
    public static void Write(ImageReport report, Stream output)
    {
        var bill = new BillOfMaterials(report.Scan, report.Name);
        Write(
            bill,
            bill.IdWith(report),
            bill.NoticesOf(report),
            json => CycloneDxVulnerabilities.Write(json, report, bill),
            output);
    }

    private static void Write(
        BillOfMaterials bill, Guid id, IEnumerable<(string Name, string Value)> remarks, Action<Utf8JsonWriter> writeVulnerabilities, Stream output) =>
        ReportWriter.Write(output, json =>
        {
            json.WriteString("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json");
            json.WriteString("bomFormat", "CycloneDX");
            json.WriteString("specVersion", "1.6");
            json.WriteString("serialNumber", $"urn:uuid:{id}");
            json.WriteNumber("version", 1);
            json.WriteObject("metadata", _ => WriteMetadata(json, bill, remarks));
            WriteComponents(json, bill);
            WriteDependencies(json, bill);
            if (bill.Warnings.Any())
            {
                json.WriteObjects("compositions", [bill.Digest], (_, reference) =>
                {
                    json.WriteString("aggregate", "incomplete");
                    json.WriteArray("assemblies", [reference], (_, assembly) => json.WriteStringValue(assembly));
                });
            }

            writeVulnerabilities(json);
        });

    private static void WriteMetadata(Utf8JsonWriter json, BillOfMaterials bill, IEnumerable<(string Name, string Value)> remarks)
    {
        json.WriteString("timestamp", bill.Time);
        json.WriteObject("tools", _ => json.WriteObjects("components", [BillOfMaterials.Tool], (_, tool) =>
        {
            json.WriteString("type", "application");
            json.WriteString("name", tool);
            json.WriteString("version", BillOfMaterials.ToolVersion);
        }));
        json.WriteObject("component", _ =>
        {
            json.WriteString("type", "container");
            json.WriteString("bom-ref", bill.Digest);
            json.WriteString("name", bill.ImageName);
            json.WriteString("version", bill.Digest);
            if (bill.Sha256 is { } sha256)
            {
                json.WriteObjects("hashes", [sha256], (_, content) =>
                {
                    json.WriteString("alg", "SHA-256");
                    json.WriteString("content", content);
                });
            }

            json.WriteUnlessEmpty("purl", bill.ImagePurl);
            WriteProperties(json, bill.ImageProperties);
        });
        WriteProperties(json, bill.Warnings.Select(warning => ("imagescan:warning", warning)).Concat(remarks));
    }

    private static void WriteComponents(Utf8JsonWriter json, BillOfMaterials bill)
    {
        json.WriteStartArray("components");
        if (bill.Distribution is { } distribution)
        {
            json.WriteStartObject();
            json.WriteString("type", "operating-system");
            json.WriteString("bom-ref", OperatingSystemReference);
            json.WriteString("name", distribution.Id);
            json.WriteUnlessEmpty("version", Cut(distribution.VersionId));
            json.WriteUnlessEmpty("description", distribution.Name);
            json.WriteEndObject();
        }

        foreach (ListedPackage listed in bill.Packages())
        {
            json.WriteStartObject();
            WritePackage(json, listed);
            json.WriteEndObject();
            ReportWriter.FlushWhenFull(json);
        }

        json.WriteEndArray();
    }

    private static void WritePackage(Utf8JsonWriter json, ListedPackage listed)
    {
        Package package = listed.Package;
        (string group, string name) = GroupOf(package);
        json.WriteString("type", IsApplication(package.Type) ? "application" : "library");
        json.WriteString("bom-ref", listed.Reference);
        if (!string.IsNullOrEmpty(package.Vendor))
        {
            json.WriteObject("supplier", _ => json.WriteString("name", package.Vendor));
        }

        json.WriteUnlessEmpty("group", group);
        json.WriteString("name", name);
        json.WriteString("version", Cut(package.Version));
        if (listed.License is { } license)
        {
            json.WriteObjects("licenses", [license], WriteLicense);
        }

        json.WriteString("purl", listed.Purl);
        json.WriteObject("evidence", _ => json.WriteObjects("occurrences", [package.Location], (_, location) => json.WriteString("location", location)));
        WriteProperties(json, listed.Properties);
    }

    // A list of licences, or one expression; ids are those of the schema's own version of SPDX's list, and an id is an expression as well.
    private static void WriteLicense(Utf8JsonWriter json, License license)
    {
        if (license.Form == LicenseForm.Stated || LicenseNames.IsKnownToCycloneDx(license.Name))
        {
            json.WriteObject("license", _ =>
            {
                json.WriteString(license.Form == LicenseForm.Stated ? "name" : "id", license.Name);
                json.WriteString("acknowledgement", "declared");
            });
        }
        else
        {
            json.WriteString("expression", license.Name);
            json.WriteString("acknowledgement", "declared");
        }
    }

    private static void WriteDependencies(Utf8JsonWriter json, BillOfMaterials bill)
    {
        IEnumerable<string> system = bill.Distribution is null ? [] : [OperatingSystemReference];
        json.WriteObjects("dependencies", [bill.Digest], (_, reference) =>
        {
            json.WriteString("ref", reference);
            json.WriteArray(
                "dependsOn", system.Concat(bill.Packages().Select(listed => listed.Reference)), (_, dependency) => json.WriteStringValue(dependency));
        });
    }

    private static void WriteProperties(Utf8JsonWriter json, IEnumerable<(string Name, string Value)> properties) =>
        json.WriteObjects("properties", properties, (_, property) =>
        {
            json.WriteString("name", property.Name);
            json.WriteString("value", property.Value);
        });

    // What CycloneDX calls the group is the scope, the vendor, the group of Maven.
    private static (string Group, string Name) GroupOf(Package package) =>
        package.Type == PackageType.Npm || package.Type == PackageType.Maven || package.Type == PackageType.Composer
            ? PackageUrl.NameOf(package)
            : ("", package.Name);

    private static bool IsApplication(PackageType type) =>
        type == PackageType.Binary || type == PackageType.Bitnami || type == PackageType.WordPress;

    private static string Cut(string version) => version.Length > MaxVersionCharacters ? version[..MaxVersionCharacters] : version;
}
