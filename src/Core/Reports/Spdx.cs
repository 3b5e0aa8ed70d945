using System.Text.Json;
using ImageScan.Core.Inventory.Licenses;
using ImageScan.Core.Results;

namespace ImageScan.Core.Reports;

/// <summary>A bill of materials in SPDX 2.3, JSON (https://spdx.github.io/spdx-spec/v2.3/).</summary>
public static class Spdx
{
    private const string DocumentReference = "SPDXRef-DOCUMENT";
    private const string ImageReference = "SPDXRef-Image";
    private const string OperatingSystemReference = "SPDXRef-OperatingSystem";
    private const string NoAssertion = "NOASSERTION";
    private const string LicenseListVersion = "3.28";

    /// <summary>
    /// Writes the bill of an image: the document describes the image, which contains its operating system and every package. A package
    /// carries the layer that brought it in annotations <c>imagescan:layer:…=</c>. What could not be read is in annotations of the document.
    /// </summary>
    /// <param name="scan">The image.</param>
    /// <param name="output">Where to; stays open.</param>
    public static void Write(Scan scan, Stream output)
    {
        var bill = new BillOfMaterials(scan);
        Write(bill, bill.Id, SpdxAdvisories.None, output);
    }

    /// <summary>
    /// Writes the bill of an image as above; packages refer to the advisories about them. SPDX 2.3 has no place for scores or decisions, so these stand
    /// in comments; what was left out of the report is in annotations of the document.
    /// </summary>
    public static void Write(ImageReport report, Stream output)
    {
        var bill = new BillOfMaterials(report.Scan, report.Name);
        Write(bill, bill.IdWith(report), new SpdxAdvisories(report, bill), output);
    }

    private static void Write(BillOfMaterials bill, Guid id, SpdxAdvisories advisories, Stream output) =>
        ReportWriter.Write(output, json =>
        {
            json.WriteString("spdxVersion", "SPDX-2.3");
            json.WriteString("dataLicense", "CC0-1.0");
            json.WriteString("SPDXID", DocumentReference);
            json.WriteString("name", bill.ImageName);
            // What those write who have no site of their own (https://spdx.github.io/spdx-spec/v2.3/document-creation-information/, 6.5).
            json.WriteString("documentNamespace", $"https://spdx.org/spdxdocs/imagescan-{id}");
            json.WriteObject("creationInfo", _ =>
            {
                json.WriteString("created", bill.Time);
                json.WriteArray("creators", [Tool], (_, creator) => json.WriteStringValue(creator));
                json.WriteString("licenseListVersion", LicenseListVersion);
            });
            WritePackages(json, bill, advisories);
            WriteStatedLicenses(json, bill);
            WriteRelationships(json, bill);
            WriteAnnotations(json, bill, bill.Warnings.Select(warning => ("imagescan:warning", warning)).Concat(advisories.Remarks));
        });

    private static string Tool => $"Tool: {BillOfMaterials.Tool}-{BillOfMaterials.ToolVersion}";

    private static void WritePackages(Utf8JsonWriter json, BillOfMaterials bill, SpdxAdvisories advisories)
    {
        json.WriteStartArray("packages");
        json.WriteStartObject();
        WriteImage(json, bill);
        json.WriteEndObject();
        if (bill.Distribution is { } distribution)
        {
            json.WriteStartObject();
            WriteHead(json, OperatingSystemReference, distribution.Id, distribution.VersionId, supplier: null);
            json.WriteUnlessEmpty("description", distribution.Name);
            json.WriteString("primaryPackagePurpose", "OPERATING_SYSTEM");
            WriteLicense(json, null);
            json.WriteEndObject();
        }

        foreach (ListedPackage listed in bill.Packages())
        {
            json.WriteStartObject();
            WriteHead(json, ReferenceOf(listed), listed.Package.Name, listed.Package.Version, listed.Package.Vendor);
            json.WriteString("sourceInfo", $"found in {listed.Package.Location}");
            WriteLicense(json, listed);
            WriteReferences(json, listed.Purl, advisories.Of(listed.Reference));
            WriteAnnotations(json, bill, listed.Properties);
            json.WriteEndObject();
            ReportWriter.FlushWhenFull(json);
        }

        json.WriteEndArray();
    }

    private static void WriteImage(Utf8JsonWriter json, BillOfMaterials bill)
    {
        WriteHead(json, ImageReference, bill.ImageName, bill.Digest, supplier: null);
        json.WriteString("primaryPackagePurpose", "CONTAINER");
        if (bill.Sha256 is { } sha256)
        {
            json.WriteObjects("checksums", [sha256], (_, value) =>
            {
                json.WriteString("algorithm", "SHA256");
                json.WriteString("checksumValue", value);
            });
        }

        WriteLicense(json, null);
        if (bill.ImagePurl is { } purl)
        {
            WriteReferences(json, purl, []);
        }

        WriteAnnotations(json, bill, bill.ImageProperties);
    }

    private static void WriteHead(Utf8JsonWriter json, string reference, string name, string version, string? supplier)
    {
        json.WriteString("SPDXID", reference);
        json.WriteString("name", name);
        json.WriteUnlessEmpty("versionInfo", version);
        json.WriteString("supplier", string.IsNullOrEmpty(supplier) ? NoAssertion : $"Organization: {supplier}");
        json.WriteString("downloadLocation", NoAssertion);
        json.WriteBoolean("filesAnalyzed", false);
    }

    private static void WriteLicense(Utf8JsonWriter json, ListedPackage? listed)
    {
        json.WriteString("licenseConcluded", NoAssertion);
        json.WriteString("licenseDeclared", listed?.License switch
        {
            null => NoAssertion,
            { Form: LicenseForm.Stated } => StatedReferenceOf(listed.Package.License!),
            { Name: var expression } => expression,
        });
        json.WriteString("copyrightText", NoAssertion);
    }

    // "advisory" is of https://spdx.github.io/spdx-spec/v2.3/external-repository-identifiers/#f23-advisory.
    private static void WriteReferences(Utf8JsonWriter json, string purl, IEnumerable<(string Link, string Comment)> advisories)
    {
        json.WriteStartArray("externalRefs");
        WriteReference(json, "PACKAGE-MANAGER", "purl", purl, "");
        foreach ((string link, string comment) in advisories)
        {
            WriteReference(json, "SECURITY", "advisory", link, comment);
        }

        json.WriteEndArray();
    }

    private static void WriteReference(Utf8JsonWriter json, string category, string type, string locator, string comment)
    {
        json.WriteStartObject();
        json.WriteString("referenceCategory", category);
        json.WriteString("referenceType", type);
        json.WriteString("referenceLocator", locator);
        json.WriteUnlessEmpty("comment", comment);
        json.WriteEndObject();
    }

    // What SPDX has no id for is quoted once, under a reference of its own.
    private static void WriteStatedLicenses(Utf8JsonWriter json, BillOfMaterials bill)
    {
        IEnumerable<string> stated = bill.Packages()
            .Where(listed => listed.License is { Form: LicenseForm.Stated })
            .Select(listed => listed.Package.License!)
            .DistinctBy(StatedReferenceOf);
        json.WriteObjects("hasExtractedLicensingInfos", stated, (_, text) =>
        {
            json.WriteString("licenseId", StatedReferenceOf(text));
            json.WriteString("extractedText", text);
            json.WriteString("name", NoAssertion);
        });
    }

    private static void WriteRelationships(Utf8JsonWriter json, BillOfMaterials bill)
    {
        IEnumerable<string> system = bill.Distribution is null ? [] : [OperatingSystemReference];
        IEnumerable<(string From, string Type, string To)> relationships = system
            .Concat(bill.Packages().Select(ReferenceOf))
            .Select(contained => (ImageReference, "CONTAINS", contained))
            .Prepend((DocumentReference, "DESCRIBES", ImageReference));
        json.WriteObjects("relationships", relationships, (_, relationship) =>
        {
            json.WriteString("spdxElementId", relationship.From);
            json.WriteString("relationshipType", relationship.Type);
            json.WriteString("relatedSpdxElement", relationship.To);
        });
    }

    private static void WriteAnnotations(Utf8JsonWriter json, BillOfMaterials bill, IEnumerable<(string Name, string Value)> properties) =>
        json.WriteObjects("annotations", properties, (_, property) =>
        {
            json.WriteString("annotationDate", bill.Time);
            json.WriteString("annotationType", "OTHER");
            json.WriteString("annotator", Tool);
            json.WriteString("comment", $"{property.Name}={property.Value}");
        });

    private static string ReferenceOf(ListedPackage listed) => $"SPDXRef-Package-{listed.Reference}";

    private static string StatedReferenceOf(string text) => $"LicenseRef-imagescan-{BillOfMaterials.Mark(text)}";
}
