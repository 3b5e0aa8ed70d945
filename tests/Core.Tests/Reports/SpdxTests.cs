using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Scans;

namespace ImageScan.Core.Tests.Reports;

public sealed partial class SpdxTests
{
    [Fact]
    public void KeepsToTheSchema()
    {
        var schema = Schemas.Spdx();

        Assert.Empty(Schemas.ErrorsOf(schema, ReportedScans.Written(ReportedScans.OfEveryType(), Spdx.Write)));
        Assert.Empty(Schemas.ErrorsOf(schema, ReportedScans.Written(ReportedScans.OfHostileTexts(), Spdx.Write)));
        Assert.Empty(Schemas.ErrorsOf(schema, ReportedScans.Written(MadeScan.Of() with { Names = [] }, Spdx.Write)));
    }

    [Theory]
    [InlineData("\"downloadLocation\"", "\"downloadedFrom\"")]
    [InlineData("\"CONTAINS\"", "\"HAS\"")]
    [InlineData("\"PACKAGE-MANAGER\"", "\"MANAGER\"")]
    [InlineData("\"filesAnalyzed\": false", "\"filesAnalyzed\": 0")]
    [InlineData("\"extractedText\"", "\"text\"")]
    public void WouldNotPassTheSchemaIfItWereBroken(string right, string wrong)
    {
        string document = Encoding.UTF8.GetString(ReportedScans.Written(ReportedScans.OfEveryType(), Spdx.Write));
        Assert.Contains(right, document, StringComparison.Ordinal);

        Assert.NotEmpty(Schemas.ErrorsOf(Schemas.Spdx(), Encoding.UTF8.GetBytes(document.Replace(right, wrong, StringComparison.Ordinal))));
    }

    [Fact]
    public void DescribesTheImageThatContainsEverything()
    {
        JsonElement bill = ReportedScans.Read(ReportedScans.OfEveryType(), Spdx.Write);

        JsonElement[] packages = [.. bill.GetProperty("packages").EnumerateArray()];
        JsonElement[] relationships = [.. bill.GetProperty("relationships").EnumerateArray()];
        string digest = MadeScan.DigestOf("manifest").ToString();
        Assert.Equal(("docker.io/library/nginx", digest), (Text(packages[0], "name"), Text(packages[0], "versionInfo")));
        Assert.Equal(
            $"pkg:oci/nginx@{digest}?arch=amd64&repository_url=docker.io%2Flibrary%2Fnginx&tag=1.27",
            Text(packages[0].GetProperty("externalRefs")[0], "referenceLocator"));
        Assert.Equal("""{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-Image"}""", JsonSerializer.Serialize(relationships[0]));
        Assert.Equal(packages.Skip(1).Select(package => Text(package, "SPDXID")), relationships.Skip(1).Select(relationship => Text(relationship, "relatedSpdxElement")));
        Assert.All(relationships.Skip(1), relationship => Assert.Equal(("SPDXRef-Image", "CONTAINS"), (Text(relationship, "spdxElementId"), Text(relationship, "relationshipType"))));
    }

    [Fact]
    public void SaysOfAPackageWhereItIsAndWhoseAndWhichLayerBroughtIt()
    {
        Package package = ReportedScans.Package(PackageType.Rpm, "curl", "0:7.88.1-10", "var/lib/rpm/rpmdb.sqlite") with { Vendor = "Red Hat, Inc.", License = "MIT and ISC" };

        JsonElement[] packages = [.. ReportedScans.Read(ReportedScans.Of(new InstalledPackage(package, 1)), Spdx.Write).GetProperty("packages").EnumerateArray()];

        Assert.Equal(("debian", "12", "OPERATING_SYSTEM"), (Text(packages[1], "name"), Text(packages[1], "versionInfo"), Text(packages[1], "primaryPackagePurpose")));
        Assert.Equal(("curl", "0:7.88.1-10", "Organization: Red Hat, Inc."), (Text(packages[2], "name"), Text(packages[2], "versionInfo"), Text(packages[2], "supplier")));
        Assert.Equal(("MIT AND ISC", "NOASSERTION", "found in var/lib/rpm/rpmdb.sqlite"), (Text(packages[2], "licenseDeclared"), Text(packages[2], "licenseConcluded"), Text(packages[2], "sourceInfo")));
        Assert.Equal(
            [
                "imagescan:package:type=rpm", "imagescan:package:path=var/lib/rpm/rpmdb.sqlite", $"imagescan:layer:digest={MadeScan.DigestOf("app")}",
                "imagescan:layer:index=2", "imagescan:layer:instruction=RUN npm ci",
            ],
            packages[2].GetProperty("annotations").EnumerateArray().Select(annotation => Text(annotation, "comment")));
    }

    [Fact]
    public void QuotesLicencesThatSpdxHasNoIdFor()
    {
        JsonElement bill = ReportedScans.Read(
            ReportedScans.Of(
                new InstalledPackage(ReportedScans.Package(PackageType.Npm, "a", "1", "a") with { License = "Any Licence" }, 0),
                new InstalledPackage(ReportedScans.Package(PackageType.Npm, "b", "1", "b") with { License = "Any Licence" }, 0),
                new InstalledPackage(ReportedScans.Package(PackageType.Npm, "c", "1", "c") with { License = "LicenseRef-x" }, 0),
                new InstalledPackage(ReportedScans.Package(PackageType.Npm, "d", "1", "d"), 0)),
            Spdx.Write);

        string[] declared = [.. bill.GetProperty("packages").EnumerateArray().Skip(2).Select(package => Text(package, "licenseDeclared"))];
        JsonElement[] quoted = [.. bill.GetProperty("hasExtractedLicensingInfos").EnumerateArray()];
        Assert.Equal([Text(quoted[0], "licenseId"), Text(quoted[0], "licenseId"), Text(quoted[1], "licenseId"), "NOASSERTION"], declared);
        Assert.Equal(["Any Licence", "LicenseRef-x"], quoted.Select(info => Text(info, "extractedText")));
    }

    // Letters, digits, dots and dashes (https://spdx.github.io/spdx-spec/v2.3/, 3.2, 7.2 and 10.1).
    [Fact]
    public void HasIdsOfTheAllowedCharactersOnly()
    {
        string document = Encoding.UTF8.GetString(ReportedScans.Written(ReportedScans.OfHostileTexts(), Spdx.Write));

        MatchCollection ids = Identifier().Matches(document);

        Assert.True(ids.Count > PackageType.All.Count);
        Assert.All(ids, id => Assert.Matches("^(SPDXRef|LicenseRef)-[A-Za-z0-9.-]+$", id.Groups[1].Value));
    }

    [Fact]
    public void SaysWhatIsMissing()
    {
        Scan scan = ReportedScans.Of();
        Scan partial = scan with { Inventory = scan.Inventory with { Warnings = [new InventoryWarning("a/b", "It is broken.")] } };

        JsonElement annotation = Assert.Single(ReportedScans.Read(partial, Spdx.Write).GetProperty("annotations").EnumerateArray());

        Assert.Equal(("imagescan:warning=a/b: It is broken.", "2024-11-27T18:16:32Z"), (Text(annotation, "comment"), Text(annotation, "annotationDate")));
    }

    [Fact]
    public void IsTheSameForTheSameScanAndAnotherForAnother()
    {
        Scan scan = ReportedScans.OfEveryType();

        Assert.Equal(ReportedScans.Written(scan, Spdx.Write), ReportedScans.Written(scan with { SavedAt = null }, Spdx.Write));
        Assert.NotEqual(NamespaceOf(scan), NamespaceOf(scan with { ScannedAt = scan.ScannedAt.AddSeconds(1) }));
        Assert.Matches("^https://spdx.org/spdxdocs/imagescan-[0-9a-f-]{36}$", NamespaceOf(scan));
    }

    [Fact]
    public void LetsNothingOfAnImageReachATerminal() => ReportedScans.AssertHarmless(ReportedScans.Written(ReportedScans.OfHostileTexts(), Spdx.Write));

    private static string NamespaceOf(Scan scan) => Text(ReportedScans.Read(scan, Spdx.Write), "documentNamespace");

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    [GeneratedRegex("\"(?:SPDXID|licenseId|relatedSpdxElement|spdxElementId)\": \"([^\"]*)\"")]
    private static partial Regex Identifier();
}
