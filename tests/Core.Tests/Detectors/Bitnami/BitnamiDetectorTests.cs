using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Bitnami;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Bitnami;

public sealed class BitnamiDetectorTests
{
    private const string File = "opt/bitnami/postgresql/.spdx-postgresql.spdx";

    private readonly BitnamiDetector _detector = new();

    [Fact]
    public void ReadsTheApplicationsThatBitnamiBuilt()
    {
        const string Json = """
            {
              "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "SPDX document for PostgreSQL 15.3.0",
              "documentDescribes": ["SPDXRef-postgresql"],
              "packages": [
                {
                  "SPDXID": "SPDXRef-postgresql", "name": "PostgreSQL", "versionInfo": "15.3.0",
                  "licenseConcluded": "NOASSERTION", "licenseDeclared": "PostgreSQL", "filesAnalyzed": false,
                  "externalRefs": [
                    {"referenceCategory": "SECURITY", "referenceType": "cpe23Type", "referenceLocator": "cpe:2.3:*:postgresql:postgresql:15.3.0:*:*:*:*:*:*:*"},
                    {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl",
                     "referenceLocator": "pkg:bitnami/postgresql@15.3.0-1?arch=amd64&distro=debian-11"}
                  ]
                },
                {
                  "name": "GEOS", "licenseConcluded": "LGPL-2.1-only", "licenseDeclared": "NOASSERTION",
                  "externalRefs": [{"referenceLocator": "pkg:bitnami/geos@3.8.3"}]
                },
                {"name": "libc6", "externalRefs": [{"referenceLocator": "pkg:deb/debian/libc6@2.31-13"}]},
                {"name": "nothing"}
              ],
              "files": [], "relationships": []
            }
            """;

        FileFindings found = Detection.Read(_detector, File, Json);

        Assert.Equal(
            [("postgresql", "15.3.0-1", "amd64", "PostgreSQL"), ("geos", "3.8.3", null, "LGPL-2.1-only")],
            found.Packages.Select(package => (package.Name, package.Version, package.Architecture, package.License)));
        Assert.All(found.Packages, package => Assert.Equal((PackageType.Bitnami, File), (package.Type, package.Path)));
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("pkg:bitnami/redis@7.2.4-5?arch=amd64&distro=debian-12", "redis", "7.2.4-5", "amd64")]
    [InlineData("pkg:bitnami/redis@7.2.4%2B1#sub/path", "redis", "7.2.4+1", null)]
    [InlineData("pkg:bitnami/redis@7?distro=x", "redis", "7", null)]
    [InlineData("PKG:bitnami/redis@7?arch=", "redis", "7", null)]
    public void ReadsAPackageUrl(string purl, string name, string version, string? architecture) =>
        Assert.Equal(new BitnamiPurl(name, version, architecture), BitnamiPurl.Parse(purl));

    [Theory]
    [InlineData("pkg:bitnami/redis")]
    [InlineData("pkg:bitnami/@7")]
    [InlineData("pkg:bitnami/redis@")]
    [InlineData("pkg:bitnami/redis@?arch=amd64")]
    [InlineData("pkg:generic/redis@7")]
    [InlineData("")]
    public void RefusesAPackageUrlWithoutNameAndVersionOrOfAnotherType(string purl) => Assert.Null(BitnamiPurl.Parse(purl));

    [Theory]
    [InlineData("")]
    [InlineData("SPDXVersion: SPDX-2.3\n")]
    [InlineData("{\"packages\": [{]}")]
    public void SaysThatADocumentIsNoJson(string json)
    {
        FileFindings found = Detection.Read(_detector, File, json);

        Assert.Empty(found.Packages);
        Assert.Contains("no valid JSON", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"packages\": {}}")]
    [InlineData("{\"packages\": [1, [{}], {\"externalRefs\": {}}, {\"externalRefs\": [1, []], \"licenseDeclared\": []}]}")]
    [InlineData("{\"packages\": [{\"externalRefs\": [{\"referenceLocator\": {\"referenceLocator\": \"pkg:bitnami/a@1\"}}]}]}")]
    public void PassesOverWhatHasAnotherTypeThanTheFormats(string json)
    {
        FileFindings found = Detection.Read(_detector, File, json);

        Assert.Empty(found.Packages);
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData(File, true)]
    [InlineData("opt/bitnami/common/.spdx-gosu.spdx", true)]
    [InlineData("opt/bitnami/.spdx-x.spdx", true)]
    [InlineData("opt/bitnami/x/readme.spdx", false)]
    [InlineData("opt/other/.spdx-x.spdx", false)]
    [InlineData("opt/bitnami/x/.spdx-x.json", false)]
    public void WantsTheDocumentsOfBitnami(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
