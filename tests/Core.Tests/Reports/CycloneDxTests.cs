using System.Text;
using System.Text.Json;
using ImageScan.Core.Inventory;
using ImageScan.Core.Reports;
using ImageScan.Core.Results;
using ImageScan.Core.Tests.Scans;

namespace ImageScan.Core.Tests.Reports;

public sealed class CycloneDxTests
{
    [Fact]
    public void KeepsToTheSchema()
    {
        var schema = Schemas.CycloneDx();

        Assert.Empty(Schemas.ErrorsOf(schema, ReportedScans.Written(ReportedScans.OfEveryType(), CycloneDx.Write)));
        Assert.Empty(Schemas.ErrorsOf(schema, ReportedScans.Written(ReportedScans.OfHostileTexts(), CycloneDx.Write)));
        Assert.Empty(Schemas.ErrorsOf(schema, ReportedScans.Written(MadeScan.Of() with { Names = [] }, CycloneDx.Write)));
    }

    [Theory]
    [InlineData("\"CycloneDX\"", "\"Cyclone\"")]
    [InlineData("\"container\"", "\"jar\"")]
    [InlineData("\"id\": \"MIT\"", "\"id\": \"No-Such-Id\"")]
    [InlineData("\"bom-ref\": \"operating-system\"", "\"ref\": \"operating-system\"")]
    [InlineData("urn:uuid:", "urn:")]
    public void WouldNotPassTheSchemaIfItWereBroken(string right, string wrong)
    {
        string document = Encoding.UTF8.GetString(ReportedScans.Written(ReportedScans.OfEveryType(), CycloneDx.Write));
        Assert.Contains(right, document, StringComparison.Ordinal);

        Assert.NotEmpty(Schemas.ErrorsOf(Schemas.CycloneDx(), Encoding.UTF8.GetBytes(document.Replace(right, wrong, StringComparison.Ordinal))));
    }

    [Fact]
    public void DescribesTheImage()
    {
        JsonElement component = ReportedScans.Read(ReportedScans.Of(), CycloneDx.Write).GetProperty("metadata").GetProperty("component");

        string digest = MadeScan.DigestOf("manifest").ToString();
        Assert.Equal("container", component.GetProperty("type").GetString());
        Assert.Equal(("docker.io/library/nginx", digest), (component.GetProperty("name").GetString(), component.GetProperty("version").GetString()));
        Assert.Equal(
            $"pkg:oci/nginx@{digest}?arch=amd64&repository_url=docker.io%2Flibrary%2Fnginx&tag=1.27", component.GetProperty("purl").GetString());
        Assert.Equal(MadeScan.DigestOf("manifest").Hex, component.GetProperty("hashes")[0].GetProperty("content").GetString());
    }

    [Fact]
    public void ListsASystemAndThePackagesWithWhereTheyAre()
    {
        Package package = ReportedScans.Package(PackageType.Dpkg, "curl", "7.88.1-10", "var/lib/dpkg/status") with
        {
            SourceName = "curl-source",
            Architecture = "amd64",
            License = "curl",
        };
        JsonElement components = ReportedScans.Read(ReportedScans.Of(new InstalledPackage(package, 1)), CycloneDx.Write).GetProperty("components");

        Assert.Equal("""{"type":"operating-system","bom-ref":"operating-system","name":"debian","version":"12","description":"Debian GNU/Linux 12"}""", Compact(components[0]));
        Assert.Equal(
            $$$"""
            {"type":"library","bom-ref":"{{{components[1].GetProperty("bom-ref").GetString()}}}","name":"curl","version":"7.88.1-10",
            "licenses":[{"license":{"id":"curl","acknowledgement":"declared"}}],
            "purl":"pkg:deb/debian/curl@7.88.1-10?arch=amd64\u0026distro=debian-12",
            "evidence":{"occurrences":[{"location":"var/lib/dpkg/status"}]},
            "properties":[{"name":"imagescan:package:type","value":"dpkg"},{"name":"imagescan:package:path","value":"var/lib/dpkg/status"},
            {"name":"imagescan:package:architecture","value":"amd64"},{"name":"imagescan:source:name","value":"curl-source"},
            {"name":"imagescan:layer:digest","value":"{{{MadeScan.DigestOf("app")}}}"},{"name":"imagescan:layer:index","value":"2"},
            {"name":"imagescan:layer:instruction","value":"RUN npm ci"}]}
            """.ReplaceLineEndings(""),
            Compact(components[1]));
    }

    [Fact]
    public void WritesLicencesAsIdExpressionOrName()
    {
        JsonElement[] components = [.. ReportedScans.Read(ReportedScans.OfEveryType(), CycloneDx.Write).GetProperty("components").EnumerateArray()];

        Assert.Equal("""[{"license":{"id":"MIT","acknowledgement":"declared"}}]""", Compact(components[1].GetProperty("licenses")));
        Assert.Equal("""[{"expression":"GPL-2.0-or-later OR MIT","acknowledgement":"declared"}]""", Compact(components[^4].GetProperty("licenses")));
        Assert.Equal("""[{"license":{"name":"Any Licence","acknowledgement":"declared"}}]""", Compact(components[^3].GetProperty("licenses")));
        Assert.Equal("""[{"expression":"Boehm-GC-without-fee","acknowledgement":"declared"}]""", Compact(components[^2].GetProperty("licenses")));
        Assert.False(components[^1].TryGetProperty("licenses", out _));
    }

    [Fact]
    public void DividesTheNamesOfScopesAndGroups()
    {
        JsonElement[] components = [.. ReportedScans.Read(ReportedScans.OfEveryType(), CycloneDx.Write).GetProperty("components").EnumerateArray()];

        Assert.Equal(("@a", "b"), (components[^4].GetProperty("group").GetString(), components[^4].GetProperty("name").GetString()));
        Assert.Equal(("org.slf4j", "slf4j-api"), (components[^2].GetProperty("group").GetString(), components[^2].GetProperty("name").GetString()));
        Assert.Equal("Some Vendor", components[1].GetProperty("supplier").GetProperty("name").GetString());
    }

    [Fact]
    public void HasTheImageDependOnEverythingOnce()
    {
        JsonElement bill = ReportedScans.Read(ReportedScans.OfEveryType(), CycloneDx.Write);

        JsonElement dependency = Assert.Single(bill.GetProperty("dependencies").EnumerateArray());
        string[] references = [.. bill.GetProperty("components").EnumerateArray().Select(component => component.GetProperty("bom-ref").GetString()!)];
        Assert.Equal(bill.GetProperty("metadata").GetProperty("component").GetProperty("bom-ref").GetString(), dependency.GetProperty("ref").GetString());
        Assert.Equal(references, dependency.GetProperty("dependsOn").EnumerateArray().Select(reference => reference.GetString()!));
        Assert.Equal(references.Length, references.Distinct().Count());
    }

    [Fact]
    public void SaysWhatIsMissing()
    {
        Scan scan = ReportedScans.Of();
        Scan partial = scan with { Inventory = scan.Inventory with { Warnings = [new InventoryWarning("a/b", "It is broken."), new InventoryWarning("", "And so on.")] } };

        JsonElement bill = ReportedScans.Read(partial, CycloneDx.Write);

        Assert.Equal(
            ["a/b: It is broken.", "And so on."],
            bill.GetProperty("metadata").GetProperty("properties").EnumerateArray().Select(property => property.GetProperty("value").GetString()!));
        Assert.Equal("incomplete", bill.GetProperty("compositions")[0].GetProperty("aggregate").GetString());
        Assert.False(ReportedScans.Read(scan, CycloneDx.Write).TryGetProperty("compositions", out _));
    }

    [Fact]
    public void IsTheSameForTheSameScanAndAnotherForAnother()
    {
        Scan scan = ReportedScans.OfEveryType();

        Assert.Equal(ReportedScans.Written(scan, CycloneDx.Write), ReportedScans.Written(scan with { SavedAt = null }, CycloneDx.Write));
        Assert.NotEqual(SerialOf(scan), SerialOf(scan with { ScannedAt = scan.ScannedAt.AddSeconds(1) }));
        Assert.NotEqual(SerialOf(scan), SerialOf(scan with { Manifest = scan.Manifest with { Digest = MadeScan.DigestOf("other") } }));
        Assert.Equal('8', SerialOf(scan)["urn:uuid:00000000-0000-".Length]);
    }

    [Fact]
    public void HasNoPackageUrlForAnArchiveWithoutAManifest()
    {
        Scan scan = ReportedScans.Of();

        JsonElement component = ReportedScans.Read(scan with { Manifest = scan.Manifest with { Digest = null } }, CycloneDx.Write)
            .GetProperty("metadata").GetProperty("component");

        Assert.False(component.TryGetProperty("purl", out _));
        Assert.Equal(MadeScan.DigestOf("config").ToString(), component.GetProperty("version").GetString());
    }

    [Fact]
    public void LetsNothingOfAnImageReachATerminal() => ReportedScans.AssertHarmless(ReportedScans.Written(ReportedScans.OfHostileTexts(), CycloneDx.Write));

    private static string SerialOf(Scan scan) => ReportedScans.Read(scan, CycloneDx.Write).GetProperty("serialNumber").GetString()!;

    private static string Compact(JsonElement element) => JsonSerializer.Serialize(element);
}
