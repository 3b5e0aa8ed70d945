using System.Text.Json;

namespace ImageScan.EndToEnd.Scans;

/// <summary>
/// The keys of an image's answer, in the order of
/// <see href="https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/image.proto">its proto file</see>; those with a question mark
/// only when set.
/// </summary>
internal static class StackRoxKeys
{
    private const string Image = "id name names metadata scan signatureVerificationData signature components? cves? fixableCves? lastUpdated notPullable isClusterLocal priority riskScore topCvss? notes";
    private const string Name = "registry remote tag fullName";
    private const string Metadata = "v1 v2 layerShas dataSource version";
    private const string V1 = "digest created author layers user command entrypoint volumes labels";
    private const string Layer = "instruction value created author empty";
    private const string Scan = "scannerVersion scanTime components operatingSystem dataSource notes hash?";
    private const string Component = "name version license vulns layerIndex? priority source location topCvss? riskScore fixedBy executables";
    private const string Vulnerability = "cve cvss summary link fixedBy? scoreVersion cvssV2 cvssV3 publishedOn lastModified vulnerabilityType vulnerabilityTypes suppressed suppressActivation suppressExpiry firstSystemOccurrence firstImageOccurrence severity state";

    /// <summary>Holds every message of the answer to its keys; the image must have layers, components and vulnerabilities.</summary>
    public static void AssertOrdered(JsonElement image)
    {
        JsonElement metadata = image.GetProperty("metadata");
        JsonElement components = image.GetProperty("scan").GetProperty("components");
        AssertKeys(Image, image);
        AssertKeys(Name, image.GetProperty("name"));
        AssertEach(Name, image.GetProperty("names").EnumerateArray());
        AssertKeys(Metadata, metadata);
        AssertKeys(V1, metadata.GetProperty("v1"));
        AssertEach(Layer, metadata.GetProperty("v1").GetProperty("layers").EnumerateArray());
        AssertKeys(Scan, image.GetProperty("scan"));
        AssertEach(Component, components.EnumerateArray());
        AssertEach(Vulnerability, components.EnumerateArray().SelectMany(component => component.GetProperty("vulns").EnumerateArray()));
    }

    private static void AssertEach(string form, IEnumerable<JsonElement> messages)
    {
        JsonElement[] all = [.. messages];
        Assert.NotEmpty(all);
        Assert.All(all, message => AssertKeys(form, message));
    }

    private static void AssertKeys(string form, JsonElement message)
    {
        string[] keys = [.. message.EnumerateObject().Select(member => member.Name)];
        string[] expected = [.. form.Split(' ').Where(key => !key.EndsWith('?') || keys.Contains(key[..^1])).Select(key => key.TrimEnd('?'))];
        Assert.Equal(expected, keys);
    }
}
