using CsCheck;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Rpm;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Detectors.Rpm;

public sealed class ContentManifestDetectorTests
{
    private const string Place = "root/buildinfo/content_manifests/ubi8-container-8.5-214.json";

    private readonly ContentManifestDetector _detector = new();

    [Fact]
    public void ReadsTheRepositories()
    {
        const string Text = """
            {
                "metadata": { "icm_version": 1, "image_layer_index": 1, "content_sets": ["not these"] },
                "content_sets": ["rhel-8-for-x86_64-baseos-rpms__8", "rhel-8-for-x86_64-appstream-rpms", "rhel-8-for-x86_64-appstream-rpms", ""],
                "from_dnf_hint": true,
                "image_contents": []
            }
            """;

        FileFindings found = Detection.Read(_detector, Place, Text);

        Assert.Equal(["rhel-8-for-x86_64-baseos-rpms__8", "rhel-8-for-x86_64-appstream-rpms"], found.ContentSets);
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("""{ "content_sets": null }""")]
    [InlineData("""{ "content_sets": "x" }""")]
    [InlineData("""{ "content_sets": [1, { "a": ["b"] }, [["c"]], null, "\ud800"] }""")]
    public void TakesNothingFromOtherManifests(string text)
    {
        FileFindings found = Detection.Read(_detector, Place, text);

        Assert.Empty(found.ContentSets);
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{ "content_sets": ["a" """)]
    public void SaysThatAManifestIsNoJson(string text) =>
        Assert.Contains("no valid JSON", Assert.Single(Detection.Read(_detector, Place, text).Warnings).Reason, StringComparison.Ordinal);

    [Fact]
    public void DoesNotReadAVeryLargeOne()
    {
        var findings = new FileFindings(Place);

        _detector.Read(new LayerEntry(Place, LayerEntryKind.File, 5 << 20), Stream.Null, findings);

        Assert.Contains("larger", Assert.Single(findings.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void NoBytesMakeItThrow() =>
        Gen.Byte.Array[0, 60].Sample(bytes => Detection.Read(_detector, Place, [.. "{\"content_sets\":["u8, .. bytes]), iter: 3000);

    [Theory]
    [InlineData("root/buildinfo/content_manifests/a.json", true)]
    [InlineData("usr/share/buildinfo/content-sets.json", true)]
    [InlineData("root/buildinfo/content_manifests/a.txt", false)]
    [InlineData("root/buildinfo/content_manifests/a/b.json", false)]
    [InlineData("root/buildinfo/labels.json", false)]
    [InlineData("usr/share/buildinfo/labels.json", false)]
    public void WantsOnlyContentManifests(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
