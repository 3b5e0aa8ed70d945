using System.Net;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class ImageScanTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Demo = DemoImage.Build();

    private ScanApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await ScanApp.StartAsync(azurite);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task FindsWhatIsKnownOfAnImage()
    {
        ApiAnswer answer = await _app.ScanAsync(_app.Registry.Push("made/image", "1", Demo));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(Demo.Manifest.Digest.ToString(), answer.Id);
        Assert.Equal("debian:11", answer.SystemName);
        Assert.Equal(9, answer.Components.Length);
        Assert.All(
            (string[])["curl CVE-2022-32221", "libssl1.1 CVE-2023-0286", "jinja2 CVE-2020-28493", "requests CVE-2023-32681", "lodash CVE-2021-23337", "minimist CVE-2021-44906"],
            finding => Assert.Contains(finding, answer.Findings));
    }

    [Fact]
    public async Task AsksOnlyForTheDigestOfAnImageThatIsKnown()
    {
        string name = _app.Registry.Push("made/image", "1", Demo);
        ApiAnswer first = await _app.ScanAsync(name);
        int before = _app.Registry.Requests.Count;

        ApiAnswer second = await _app.ScanAsync(name);

        Assert.Equal(first.Text, second.Text);
        RegistryRequest request = Assert.Single(_app.Registry.Requests.Skip(before));
        Assert.Equal(("HEAD", "/v2/made/image/manifests/1"), (request.Method, request.Path));
    }

    [Fact]
    public async Task ReadsEveryBlobAgainIfForced()
    {
        string name = _app.Registry.Push("made/image", "1", Demo);
        ApiAnswer first = await _app.ScanAsync(name);
        int before = _app.Registry.BlobRequests.Count;

        ApiAnswer again = await _app.ScanAgainAsync(name);

        Assert.Equal(first.WithoutTimes, again.WithoutTimes);
        Assert.Equal(
            Demo.Layers.Append(Demo.Config).Select(blob => $"/v2/made/image/blobs/{blob.Digest}").Order(),
            _app.Registry.BlobRequests.Skip(before).Select(request => request.Path).Order());
    }

    [Fact]
    public async Task JoinsTheNamesOfOneDigest()
    {
        string first = _app.Registry.Push("made/image", "1", Demo);
        await _app.ScanAsync(first);
        int before = _app.Registry.BlobRequests.Count;

        string second = _app.Registry.Push("other/image", "latest", Demo);
        ApiAnswer answer = await _app.ScanAsync(second);

        Assert.Equal(second, answer.Json.GetProperty("name").GetProperty("fullName").GetString());
        Assert.Equal([first, second], answer.FullNames);
        Assert.Equal([first, second], (await _app.GetAsync($"/v1/images/{answer.Id}")).FullNames);
        Assert.Equal(before, _app.Registry.BlobRequests.Count);
    }

    [Fact]
    public async Task TakesANameWithADigestOnlyFromTheRegistryThatHasIt()
    {
        await _app.ScanAsync(_app.Registry.Push("made/image", "1", Demo));

        ApiAnswer there = await _app.ScanAsync($"{_app.Registry.Host}/made/image@{Demo.Manifest.Digest}");
        ApiAnswer elsewhere = await _app.ScanAsync($"{_app.Registry.Host}/never/pushed@{Demo.Manifest.Digest}");

        Assert.Equal((HttpStatusCode.OK, Demo.Manifest.Digest.ToString()), (there.Status, there.Id));
        Assert.Equal("", there.Json.GetProperty("name").GetProperty("tag").GetString());
        Assert.Equal(HttpStatusCode.InternalServerError, elsewhere.Status);
        Assert.DoesNotContain((await _app.GetAsync($"/v1/images/{there.Id}")).FullNames, name => name.Contains("never/pushed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadsALayerThatTwoImagesShareOnce()
    {
        MadeImage first = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");
        MadeImage second = TestImages.OfNpm("lodash@4.17.20", "axios@0.21.0");
        string shared = $"{first.Layers[0].Digest}";
        await _app.ScanAsync(_app.Registry.Push("made/first", "1", first));

        ApiAnswer answer = await _app.ScanAsync(_app.Registry.Push("made/second", "1", second));

        Assert.Equal(["axios 0.21.0", "lodash 4.17.20"], answer.Components);
        Assert.Single(_app.Registry.BlobRequests, request => request.Path.EndsWith(shared, StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadsALayerThatAnImageHasTwiceOnce()
    {
        MadeImage image = TestImages.OfNpm("lodash@4.17.20", "axios@0.21.0", "lodash@4.17.20");

        ApiAnswer answer = await _app.ScanAsync(_app.Registry.Push("made/image", "1", image));

        Assert.Equal(["axios 0.21.0", "lodash 4.17.20"], answer.Components);
        Assert.Single(_app.Registry.BlobRequests, request => request.Path.EndsWith($"{image.Layers[0].Digest}", StringComparison.Ordinal));
    }
}
