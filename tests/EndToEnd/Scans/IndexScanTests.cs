using System.Net;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class IndexScanTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Amd64 = TestImages.OfNpm("lodash@4.17.20", "shared@1.0.0");
    private static readonly MadeImage Arm64 = TestImages.ForArm64(TestImages.OfNpm("minimist@1.2.5", "shared@1.0.0"));
    private static readonly MadeBlob Index = TestImages.IndexOf(Amd64, Arm64);

    private ScanApp _app = null!;

    private string Tag => $"{_app.Registry.Host}/made/both:1";

    private string ByDigest => $"{_app.Registry.Host}/made/both@{Index.Digest}";

    public async ValueTask InitializeAsync()
    {
        _app = await ScanApp.StartAsync(azurite);
        _app.Registry.Push("made/both", "amd64", Amd64);
        _app.Registry.Push("made/both", "arm64", Arm64);
        _app.Registry.Content.AddManifest("made/both", "1", Index);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("", "lodash 4.17.20")]
    [InlineData("?platform=linux/amd64", "lodash 4.17.20")]
    [InlineData("?platform=linux/arm64", "minimist 1.2.5")]
    public async Task ScansThePlatformThatIsAskedFor(string query, string component)
    {
        ApiAnswer answer = await _app.ScanAsync(Tag, query);

        Assert.Equal([component, "shared 1.0.0"], answer.Components);
    }

    [Fact]
    public async Task NeverMixesTwoPlatforms()
    {
        ApiAnswer amd64 = await _app.ScanAsync(Tag);
        ApiAnswer arm64 = await _app.ScanAsync(Tag, "?platform=linux/arm64");
        int before = _app.Registry.BlobRequests.Count;

        Assert.Equal((Amd64.Manifest.Digest.ToString(), Arm64.Manifest.Digest.ToString()), (amd64.Id, arm64.Id));
        Assert.Equal(amd64.Text, (await _app.ScanAsync(Tag)).Text);
        Assert.Equal(arm64.Text, (await _app.ScanAsync(Tag, "?platform=linux/arm64")).Text);
        Assert.Equal(["lodash 4.17.20", "shared 1.0.0"], (await _app.GetAsync($"/v1/images/{amd64.Id}")).Components);
        Assert.Equal(["minimist 1.2.5", "shared 1.0.0"], (await _app.GetAsync($"/v1/images/{arm64.Id}")).Components);
        Assert.Equal(before, _app.Registry.BlobRequests.Count);
    }

    [Fact]
    public async Task AsksOnlyForTheDigestOfAnIndexThatIsKnown()
    {
        await _app.ScanAsync(Tag);
        int before = _app.Registry.Requests.Count;

        await _app.ScanAsync(Tag);

        RegistryRequest request = Assert.Single(_app.Registry.Requests.Skip(before));
        Assert.Equal(("HEAD", "/v2/made/both/manifests/1"), (request.Method, request.Path));
    }

    [Fact]
    public async Task IsFoundUnderTheDigestOfTheIndexThatWasAskedFor()
    {
        ApiAnswer answer = await _app.ScanAsync(ByDigest);

        ApiAnswer stored = await _app.GetAsync($"/v1/images/{answer.Id}");

        Assert.Equal(Index.Digest.ToString(), answer.Id);
        Assert.Equal(HttpStatusCode.OK, stored.Status);
        Assert.Equal(answer.Components, stored.Components);
    }

    [Fact]
    public async Task IsFoundUnderTheDigestOfTheIndexForEachPlatform()
    {
        ApiAnswer answer = await _app.ScanAsync(ByDigest, "?platform=linux/arm64");

        ApiAnswer arm64 = await _app.GetAsync($"/v1/images/{answer.Id}?platform=linux/arm64");
        ApiAnswer amd64 = await _app.GetAsync($"/v1/images/{answer.Id}");

        Assert.Equal(Index.Digest.ToString(), answer.Id);
        Assert.Equal(["minimist 1.2.5", "shared 1.0.0"], arm64.Components);
        Assert.Equal(HttpStatusCode.NotFound, amd64.Status);
    }

    [Fact]
    public async Task SaysWhichPlatformsThereAre()
    {
        ApiAnswer answer = await _app.ScanAsync(Tag, "?platform=windows/amd64");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Contains("linux/amd64", answer.Message, StringComparison.Ordinal);
        Assert.Contains("linux/arm64", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GivesNoOtherPlatformOfASingleManifest()
    {
        string name = $"{_app.Registry.Host}/made/both:amd64";
        ApiAnswer before = await _app.ScanAsync(name, "?platform=linux/arm64");
        await _app.ScanAsync(name);

        ApiAnswer after = await _app.ScanAsync(name, "?platform=linux/arm64");

        Assert.Equal((HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError), (before.Status, after.Status));
        Assert.EndsWith($"{name} is for linux/amd64, not for linux/arm64.", after.Message, StringComparison.Ordinal);
    }
}
