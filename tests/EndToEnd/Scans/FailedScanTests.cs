using System.Net;
using ImageScan.Core.Images;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class FailedScanTests(SharedAzurite azurite)
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");

    [Theory]
    [InlineData("0")]
    [InlineData("1000000")]
    public async Task LeavesTheLastGoodResultInPlace(string inlineBytes)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Scan:InlineBytes", inlineBytes));
        string name = app.Registry.Push("made/image", "1", Image);
        ApiAnswer good = await app.ScanAsync(name);
        ApiAnswer before = await app.GetAsync($"/v1/images/{good.Id}");

        app.Registry.Misbehave(Faults.On(Image.Layers[1].Digest, RegistryFaults.CorruptBlobs()));
        ApiAnswer failed = await app.ScanAgainAsync(name);

        Assert.Equal(HttpStatusCode.InternalServerError, failed.Status);
        Assert.Contains(Image.Layers[1].Digest.ToString(), failed.Message, StringComparison.Ordinal);
        Assert.Equal(before.Text, (await app.GetAsync($"/v1/images/{good.Id}")).Text);
        Assert.Equal(good.Text, (await app.ScanAsync(name)).Text);
    }

    [Fact]
    public async Task LeavesNothingOfAnImageThatWasNeverWhole()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        string name = app.Registry.Push("made/image", "1", Image);
        app.Registry.Misbehave(Faults.On(Image.Layers[1].Digest, RegistryFaults.CorruptBlobs()));

        await app.ScanAsync(name);
        Assert.Equal(HttpStatusCode.NotFound, (await app.GetAsync($"/v1/images/{Image.Manifest.Digest}")).Status);
        Assert.Equal("""{"count":0}""", (await app.GetAsync("/v1/imagescount")).Text);

        app.Registry.Behave();
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], (await app.ScanAsync(name)).Components);
    }

    [Fact]
    public async Task SaysWhichLayerIsCutShortAndWhere()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        string name = app.Registry.Push("made/image", "1", Image);
        Digest layer = Image.Layers[0].Digest;
        app.Registry.Misbehave(Faults.On(layer, RegistryFaults.TruncateBlobs(100)));

        ApiAnswer answer = await app.ScanAsync(name);

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Contains(layer.ToString(), answer.Message, StringComparison.Ordinal);
        Assert.Contains($"{Image.Layers[0].Bytes.Length}", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesAManifestUnderAnotherDigest()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        app.Registry.Push("made/image", "1", Image);
        app.Registry.Misbehave(RegistryFaults.MislabelManifests(Image.Config.Digest));

        ApiAnswer byTag = await app.ScanAsync($"{app.Registry.Host}/made/image:1");
        ApiAnswer byDigest = await app.ScanAsync($"{app.Registry.Host}/made/image@{Image.Manifest.Digest}");

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError), (byTag.Status, byDigest.Status));
        Assert.Contains(Image.Config.Digest.ToString(), byTag.Message, StringComparison.Ordinal);
        Assert.Contains($"the registry answers with {Image.Config.Digest}", byDigest.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SurvivesAConnectionThatBreaksOff()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite);
        string name = app.Registry.Push("made/image", "1", Image);
        app.Registry.Misbehave(Faults.On(Image.Layers[0].Digest, RegistryFaults.BreakBlobs(50, times: 1, honourRange: true)));

        ApiAnswer answer = await app.ScanAsync(name);

        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], answer.Components);
        Assert.Equal(2, app.Registry.BlobRequests.Count(request => request.Path.EndsWith($"{Image.Layers[0].Digest}", StringComparison.Ordinal)));
    }
}
