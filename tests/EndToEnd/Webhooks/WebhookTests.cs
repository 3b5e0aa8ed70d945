using System.Net;
using System.Text;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>What a registry tells of becomes a scan, and nothing else does.</summary>
[Collection(EventServers.Name)]
public sealed class WebhookTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20");

    private ScanApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _app = await ScanApp.StartAsync(azurite, WebhookRequest.Settings);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task OfAPushLeadsToAFinishedScanWithoutAnotherCall()
    {
        string name = _app.Registry.Push("made/image", "1", Image);

        ApiAnswer answer = await TellAsync($$"""{"image":"{{name}}@{{Image.Manifest.Digest}}"}""");
        ApiAnswer stored = await StoredAsync();

        Assert.Equal(HttpStatusCode.Accepted, answer.Status);
        Assert.Equal((1, 0, 0), Counts(answer));
        JsonElement job = Assert.Single(answer.Json.GetProperty("jobs").EnumerateArray());
        Assert.Equal($"{name}@{Image.Manifest.Digest}", job.GetProperty("image").GetString());
        Assert.Equal(["lodash 4.17.20"], stored.Components);
        Assert.Equal([$"{name}@{Image.Manifest.Digest}"], stored.FullNames);
        ApiAnswer scan = await _app.GetAsync($"/v1/scans/{job.GetProperty("id").GetString()}");
        Assert.Equal(HttpStatusCode.SeeOther, scan.Status);
    }

    [Fact]
    public async Task WithoutADigestFindsItOutAndIsTheSameScan()
    {
        string name = _app.Registry.Push("made/image", "1", Image);

        ApiAnswer answer = await TellAsync($$"""[{"image":"{{name}}"},{"image":"{{name}}@{{Image.Manifest.Digest}}"}]""");

        Assert.Equal((2, 0, 0), Counts(answer));
        Assert.Single(answer.Json.GetProperty("jobs").EnumerateArray());
    }

    [Fact]
    public async Task OfTwoTagsOfOneDigestGivesTheImageBothNames()
    {
        string first = _app.Registry.Push("made/image", "1", Image);
        string second = _app.Registry.Push("made/image", "2", Image);

        ApiAnswer answer = await TellAsync(
            $$"""{"events":[{"image":"{{first}}@{{Image.Manifest.Digest}}"},{"image":"{{second}}@{{Image.Manifest.Digest}}"}]}""");

        Assert.Single(answer.Json.GetProperty("jobs").EnumerateArray());
        ApiAnswer stored = await Eventually.GetAsync(
            () => _app.GetAsync($"/v1/images/{Image.Manifest.Digest}"), found => found.Status == HttpStatusCode.OK && found.FullNames.Length == 2);
        Assert.Equal([$"{first}@{Image.Manifest.Digest}", $"{second}@{Image.Manifest.Digest}"], stored.FullNames);
    }

    [Fact]
    public async Task OfAnotherTagJoinsTheJobThatIsOpenAndKeepsBothNames()
    {
        string first = _app.Registry.Push("made/image", "1", Image);
        string second = _app.Registry.Push("other/image", "2", Image);
        var gate = new Gate();
        _app.Registry.Misbehave(gate.Before(Image.Layers[0].Digest));

        ApiAnswer one = await TellAsync($$"""{"image":"{{first}}@{{Image.Manifest.Digest}}"}""");
        ApiAnswer two = await TellAsync($$"""{"image":"{{second}}@{{Image.Manifest.Digest}}"}""");
        gate.Open();

        Assert.Equal(JobOf(one), JobOf(two));
        ApiAnswer stored = await Eventually.GetAsync(
            () => _app.GetAsync($"/v1/images/{Image.Manifest.Digest}"), found => found.Status == HttpStatusCode.OK && found.FullNames.Length == 2);
        Assert.Equal([$"{first}@{Image.Manifest.Digest}", $"{second}@{Image.Manifest.Digest}"], stored.FullNames);
        Assert.Single(_app.Registry.BlobRequests, request => request.Path.Contains($"{Image.Layers[0].Digest}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WhoseNameIsRefusedGoesOnUnderTheOther()
    {
        string good = _app.Registry.Push("made/image", "1", Image);
        string bad = $"{_app.Registry.Host}/gone/image:1";

        ApiAnswer answer = await TellAsync(
            $$"""[{"image":"{{bad}}@{{Image.Manifest.Digest}}"},{"image":"{{good}}@{{Image.Manifest.Digest}}"}]""");

        Assert.Equal((2, 0, 0), Counts(answer));
        Assert.Equal([$"{good}@{Image.Manifest.Digest}"], (await StoredAsync()).FullNames);
    }

    [Fact]
    public async Task OfARegistryThatItMayNotSpeakForIsDroppedAndAsksNobody()
    {
        await using TestRegistry other = await TestRegistry.StartAsync(Token);
        string name = other.Push("made/image", "1", Image);

        ApiAnswer answer = await TellAsync($$"""[{"image":"{{name}}"},{"host":"{{other.Host}}","repository":"made/image","digest":"{{Image.Manifest.Digest}}"}]""");

        Assert.Equal((HttpStatusCode.OK, (0, 2, 0)), (answer.Status, Counts(answer)));
        Assert.Empty(other.Requests);
        Assert.Empty(_app.Registry.Requests);
    }

    [Theory]
    [InlineData("""{"host":"HOST","repository":"Made/Image","tag":"1"}""", 1)]
    [InlineData("""{"host":"HOST","repository":"made/image:2","tag":"1"}""", 1)]
    [InlineData("""{"host":"HOST","repository":"made/image","tag":"1@sha256:0"}""", 1)]
    [InlineData("""{"host":"HOST","repository":"made/image","tag":"1","digest":"md5:00"}""", 1)]
    [InlineData("""{"host":"HOST","repository":"made/image"}""", 1)]
    [InlineData("""{"host":"evil.example/HOST","repository":"made/image","tag":"1"}""", 1)]
    [InlineData("""{"host":"HOST","repository":"../made/image","tag":"1"}""", 1)]
    [InlineData("""{"host":"","repository":"Made","tag":"1"}""", 1)]
    [InlineData("""{"action":"pull","host":"HOST","repository":"made/image","tag":"1"}""", 0)]
    [InlineData("""{"action":"no such action"}""", 0)]
    public async Task OfNoImageIsCountedAndAsksNobody(string body, int dropped)
    {
        ApiAnswer answer = await TellAsync(body.Replace("HOST", _app.Registry.Host, StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.OK, (0, dropped, 1 - dropped)), (answer.Status, Counts(answer)));
        Assert.Empty(_app.Registry.Requests);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nothing")]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("""{"image":"Not/An Image"}""")]
    public async Task ThatCannotBeReadIsRefusedWithAWord(string body)
    {
        ApiAnswer answer = await TellAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.NotEqual("", answer.Message);
    }

    [Fact]
    public async Task ThatNestsTooDeepIsRefused()
    {
        ApiAnswer answer = await TellAsync($"{string.Concat(Enumerable.Repeat("[", 100_000))}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("deeper than 64 levels", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThatIsNoUtf8IsRefused()
    {
        using HttpRequestMessage request = WebhookRequest.Signed([.. "{\"image\":\""u8, 0xC3, 0x28, .. "\"}"u8]);

        ApiAnswer answer = await _app.SendAsync(request);

        Assert.Equal((HttpStatusCode.BadRequest, "the request body is no UTF-8"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task OfAPingIsAnswered()
    {
        ApiAnswer answer = await TellAsync("""{"action":"ping"}""");

        Assert.Equal((HttpStatusCode.OK, """{"jobs":[],"accepted":0,"later":0,"dropped":0,"ignored":0}"""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task OfAKindThatThereIsNotIsUnknown()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/webhooks/nobody") { Content = new StringContent("{}") };

        Assert.Equal(HttpStatusCode.NotFound, (await _app.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OfTenMegabytesIsTooLargeWhetherItSaysSoOrNot(bool saysSo)
    {
        byte[] body = Encoding.UTF8.GetBytes($"\"{new string('x', 10_000_000)}\"");
        using HttpRequestMessage request = WebhookRequest.Signed(body);
        request.Headers.TransferEncodingChunked = !saysSo;
        request.Headers.ExpectContinue = true;

        ApiAnswer answer = await _app.SendAsync(request);

        Assert.Equal((HttpStatusCode)413, answer.Status);
        Assert.Equal("the request body is longer than 1048576 bytes", answer.Message);
    }

    private static (int Accepted, int Dropped, int Ignored) Counts(ApiAnswer answer) => (
        answer.Json.GetProperty("accepted").GetInt32(), answer.Json.GetProperty("dropped").GetInt32(), answer.Json.GetProperty("ignored").GetInt32());

    private static string? JobOf(ApiAnswer answer) => Assert.Single(answer.Json.GetProperty("jobs").EnumerateArray()).GetProperty("id").GetString();

    private Task<ApiAnswer> StoredAsync() =>
        Eventually.GetAsync(() => _app.GetAsync($"/v1/images/{Image.Manifest.Digest}"), answer => answer.Status == HttpStatusCode.OK);

    private async Task<ApiAnswer> TellAsync(string body)
    {
        using HttpRequestMessage request = WebhookRequest.Signed(body);
        return await _app.SendAsync(request);
    }
}
