using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class AnswerFormTests(SharedAzurite azurite)
{
    // The keys of each message in the order of the proto files; those with a question mark only when set.
    private const string Image = "id name names metadata scan signatureVerificationData signature components? cves? fixableCves? lastUpdated notPullable isClusterLocal priority riskScore topCvss? notes";
    private const string Name = "registry remote tag fullName";
    private const string Metadata = "v1 v2 layerShas dataSource version";
    private const string V1 = "digest created author layers user command entrypoint volumes labels";
    private const string Layer = "instruction value created author empty";
    private const string Scan = "scannerVersion scanTime components operatingSystem dataSource notes hash?";
    private const string Component = "name version license vulns layerIndex? priority source location topCvss? riskScore fixedBy executables";
    private const string Vulnerability = "cve cvss summary link fixedBy? scoreVersion cvssV2 cvssV3 publishedOn lastModified vulnerabilityType vulnerabilityTypes suppressed suppressActivation suppressExpiry firstSystemOccurrence firstImageOccurrence severity state";

    [Fact]
    public async Task HasTheKeysOfStackRoxInTheirOrder()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);

        ApiAnswer scanned = await app.ScanAsync(app.Registry.Push("made/image", "1", DemoImage.Build()));
        ApiAnswer stored = await app.GetAsync($"/v1/images/{scanned.Id}");

        AssertForm(scanned.Json);
        AssertForm(stored.Json);
    }

    private static void AssertForm(JsonElement image)
    {
        AssertKeys(Image, image);
        AssertKeys(Name, image.GetProperty("name"));
        AssertKeys(Name, image.GetProperty("names")[0]);
        AssertKeys(Metadata, image.GetProperty("metadata"));
        AssertKeys(V1, image.GetProperty("metadata").GetProperty("v1"));
        AssertKeys(Scan, image.GetProperty("scan"));
        AssertAll(Layer, image.GetProperty("metadata").GetProperty("v1").GetProperty("layers"));
        AssertAll(Component, image.GetProperty("scan").GetProperty("components"));
        foreach (JsonElement component in image.GetProperty("scan").GetProperty("components").EnumerateArray().Where(component => component.GetProperty("vulns").GetArrayLength() > 0))
        {
            AssertAll(Vulnerability, component.GetProperty("vulns"));
        }
    }

    private static void AssertAll(string form, JsonElement messages)
    {
        Assert.NotEqual(0, messages.GetArrayLength());
        Assert.All(messages.EnumerateArray(), message => AssertKeys(form, message));
    }

    private static void AssertKeys(string form, JsonElement message)
    {
        string[] keys = [.. message.EnumerateObject().Select(member => member.Name)];
        string[] expected = [.. form.Split(' ').Where(key => !key.EndsWith('?') || keys.Contains(key[..^1])).Select(key => key.TrimEnd('?'))];
        Assert.Equal(expected, keys);
    }
}
