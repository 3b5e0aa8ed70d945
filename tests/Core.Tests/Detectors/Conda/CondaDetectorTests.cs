using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Conda;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Detectors.Conda;

public sealed class CondaDetectorTests
{
    private const string Record = "opt/conda/conda-meta/openssl-3.2.1-hd590300_0.json";

    private readonly CondaDetector _detector = new();

    [Fact]
    public void ReadsNameVersionLicencePlatformAndChannel()
    {
        const string Json = """
            {"arch": "x86_64", "build": "hd590300_0", "channel": "https://conda.anaconda.org/conda-forge/linux-64",
             "depends": ["ca-certificates"], "files": ["bin/openssl", "lib/libssl.so"], "license": "Apache-2.0", "name": "openssl",
             "paths_data": {"paths": [{"_path": "bin/openssl", "name": "no"}], "paths_version": 1}, "subdir": "linux-64", "version": "3.2.1"}
            """;

        Package package = Assert.Single(Detection.Read(_detector, Record, Json).Packages);

        Assert.Equal(
            (PackageType.Conda, "openssl", "3.2.1", "Apache-2.0", "linux-64", "conda-forge"),
            (package.Type, package.Name, package.Version, package.License, package.Architecture, package.Vendor));
    }

    [Theory]
    [InlineData("https://repo.anaconda.com/pkgs/main/linux-64", "pkgs/main")]
    [InlineData("https://conda.anaconda.org/t/sd-12345/private/linux-64", "private")]
    [InlineData("https://a.example/artifactory/api/conda/t/secret/team/linux-64", "artifactory/api/conda/team")]
    [InlineData("https://user:secret@host/channel/linux-64", "channel")]
    [InlineData("https://host/artifactory/api/conda/t/secret/channel/linux-64", "artifactory/api/conda/channel")]
    [InlineData("https://host/t/secret/t/secret/channel", "channel")]
    [InlineData("conda-forge", "conda-forge")]
    [InlineData("pkgs/main", "pkgs/main")]
    [InlineData("https://host", null)]
    [InlineData("", null)]
    public void NamesTheChannelWithoutWhatMayBeSecret(string channel, string? vendor)
    {
        string json = $$"""{"name": "x", "version": "1", "subdir": "linux-64", "channel": "{{channel}}"}""";

        Assert.Equal(vendor, Assert.Single(Detection.Read(_detector, Record, json).Packages).Vendor);
    }

    [Theory]
    [InlineData("{\"name\": \"x\"}", "lacks")]
    [InlineData("{\"name\": 1, \"version\": [\"1\"]}", "lacks")]
    [InlineData("{\"name\": \"\\ud800\", \"version\": \"1\"}", "lacks")]
    [InlineData("[]", "no valid JSON")]
    [InlineData("{\"name\": \"x\"", "no valid JSON")]
    [InlineData("", "no valid JSON")]
    public void SaysWhatCannotBeRead(string json, string reason)
    {
        FileFindings found = Detection.Read(_detector, Record, json);

        Assert.Empty(found.Packages);
        Assert.Contains(reason, Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesAFileThatIsTooLarge()
    {
        var findings = new FileFindings(Record);

        _detector.Read(new LayerEntry(Record, LayerEntryKind.File, 65L << 20), Stream.Null, findings);

        Assert.Single(findings.Warnings);
    }

    [Theory]
    [InlineData("opt/conda/conda-meta/zlib-1.2.13-h5eee18b_0.json", true)]
    [InlineData("opt/conda/envs/a/conda-meta/zlib-1.2.13-h5eee18b_0.json", true)]
    [InlineData("conda-meta/x.json", true)]
    [InlineData("opt/conda/conda-meta/history", false)]
    [InlineData("opt/conda/conda-meta/a/x.json", false)]
    [InlineData("opt/my-conda-meta/x.json", false)]
    [InlineData("opt/conda/pkgs/zlib-1.2.13-h5eee18b_0/info/index.json", false)]
    public void WantsTheRecordsOfEnvironments(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
