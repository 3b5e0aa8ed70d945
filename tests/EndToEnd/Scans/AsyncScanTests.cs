using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class AsyncScanTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");

    private ScanApp _app = null!;
    private string _name = "";

    public async ValueTask InitializeAsync()
    {
        _app = await ScanApp.StartAsync(azurite);
        _name = _app.Registry.Push("made/image", "1", Image);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task IsTakenOnAtOnceAndFoundWhereItsAnswerSays()
    {
        var gate = new Gate();
        _app.Registry.Misbehave(gate.Before(Image.Layers[1].Digest));

        ApiAnswer accepted = await ScanAsync("respond-async");
        await gate.Reached;
        ApiAnswer open = await _app.GetAsync($"{accepted.Headers.Location}");
        gate.Open();
        ApiAnswer done = await EndOfAsync(accepted);
        ApiAnswer image = await _app.GetAsync($"{done.Headers.Location}");

        string id = accepted.Json.GetProperty("id").GetString()!;
        Assert.Equal((HttpStatusCode.Accepted, $"/v1/scans/{id}?{Named}"), (accepted.Status, $"{accepted.Headers.Location}"));
        Assert.Equal((TimeSpan.FromSeconds(2), "respond-async"), (accepted.Headers.RetryAfter?.Delta, Applied(accepted)));
        Assert.Equal((_name, ""), (accepted.Json.GetProperty("imageName").GetString(), accepted.Json.GetProperty("image").GetString()));
        Assert.Equal((HttpStatusCode.OK, "READING", id), (open.Status, StateOf(open), open.Json.GetProperty("id").GetString()));
        Assert.Equal(TimeSpan.FromSeconds(2), open.Headers.RetryAfter?.Delta);
        Assert.Equal((HttpStatusCode.SeeOther, "DONE", $"/v1/images/{Image.Manifest.Digest}?{Named}"), (done.Status, StateOf(done), $"{done.Headers.Location}"));
        Assert.Null(done.Headers.RetryAfter);
        Assert.Equal($"{Image.Manifest.Digest}", done.Json.GetProperty("image").GetString());
        Assert.Equal(HttpStatusCode.OK, image.Status);
        Assert.Equal((await _app.ScanAsync(_name)).WithoutTimes, image.WithoutTimes.Replace("\"priority\":\"1\",\"riskScore\"", "\"priority\":\"0\",\"riskScore\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SaysWhatBecameOfEachLayer()
    {
        ApiAnswer done = await EndOfAsync(await ScanAsync("respond-async"));

        Assert.Equal(JsonValueKind.Null, done.Json.GetProperty("error").ValueKind);
        Assert.Equal(["DONE", "DONE"], done.Json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("state").GetString()));
        Assert.Equal(
            Image.Layers.Select(layer => $"{layer.Digest} {layer.Bytes.Length} {layer.Bytes.Length}"),
            done.Json.GetProperty("layers").EnumerateArray().Select(layer =>
                $"{layer.GetProperty("digest").GetString()} {layer.GetProperty("size").GetString()} {layer.GetProperty("bytesRead").GetString()}"));
        Assert.Equal([1, 1], done.Json.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("packages").GetInt32()));
        Assert.Equal(2, done.Json.GetProperty("packages").GetInt32());
        Assert.Equal("QUEUE", done.Json.GetProperty("route").GetString());
        Assert.NotEqual("", done.Json.GetProperty("reason").GetString());
        Assert.Equal(1, done.Json.GetProperty("attempts").GetInt32());
        Assert.NotEmpty(done.Json.GetProperty("phases").EnumerateArray());
        DateTimeOffset[] times = [.. new[] { "createdAt", "startedAt", "finishedAt" }.Select(name => done.Json.GetProperty(name).GetDateTimeOffset())];
        Assert.Equal(times.Order(), times);
    }

    [Fact]
    public async Task WhoseLayersAreDealtOutSaysHowFarEachIs()
    {
        await _app.DisposeAsync();
        _app = await ScanApp.StartAsync(azurite, ("Scan:InlineBytes", "0"));
        _name = _app.Registry.Push("made/image", "1", Image);
        var gate = new Gate();
        _app.Registry.Misbehave(gate.Before(Image.Layers[1].Digest));

        ApiAnswer accepted = await ScanAsync("respond-async");
        ApiAnswer open = await Eventually.GetAsync(
            () => _app.GetAsync($"{accepted.Headers.Location}"),
            job => LayersOf(job) is [{ } first, { } second] && first.StartsWith("DONE", StringComparison.Ordinal) && second.StartsWith("READING", StringComparison.Ordinal));
        gate.Open();
        ApiAnswer done = await EndOfAsync(accepted);

        Assert.Equal(("READING", "LAYERS"), (StateOf(open), open.Json.GetProperty("route").GetString()));
        Assert.Equal(1, open.Json.GetProperty("packages").GetInt32());
        Assert.Equal(HttpStatusCode.SeeOther, done.Status);
        Assert.Equal(Image.Layers.Select(layer => $"DONE {layer.Bytes.Length}"), LayersOf(done));
    }

    [Theory]
    [InlineData("respond-async, wait=0")]
    [InlineData("wait=0")]
    public async Task OfAStoredImageIsAnsweredAtOnce(string prefer)
    {
        ApiAnswer first = await _app.ScanAsync(_name);

        ApiAnswer stored = await ScanAsync(prefer);

        Assert.Equal((HttpStatusCode.OK, first.Text), (stored.Status, stored.Text));
        Assert.Null(stored.Headers.Location);
        Assert.Equal("wait=0", Applied(stored));
    }

    [Fact]
    public async Task ThatIsDoneWithinTheWaitIsAnsweredAsAnyOther()
    {
        ApiAnswer answer = await ScanAsync("respond-async, wait=30");

        Assert.Equal((HttpStatusCode.OK, "wait=30"), (answer.Status, Applied(answer)));
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], answer.Components);
    }

    [Fact]
    public async Task ThatTakesLongerThanTheWaitIsTakenOn()
    {
        var gate = new Gate();
        _app.Registry.Misbehave(gate.Before(Image.Layers[1].Digest));

        ApiAnswer answer = await ScanAsync("wait=1, respond-async");
        gate.Open();

        Assert.Equal((HttpStatusCode.Accepted, "respond-async, wait=1"), (answer.Status, Applied(answer)));
        Assert.Equal("DONE", StateOf(await EndOfAsync(answer)));
    }

    // Whoever says only how long it waits has not said that it knows what a 202 is.
    [Fact]
    public async Task IsNoneWithAWaitAlone()
    {
        var gate = new Gate();
        _app.Registry.Misbehave(gate.Before(Image.Layers[1].Digest));

        ApiAnswer answer = await ScanAsync("wait=1");
        ApiAnswer named = await _app.GetAsync($"/v1/scans/{answer.Message.Split("/v1/scans/")[^1].TrimEnd('.')}");
        gate.Open();

        Assert.Equal((HttpStatusCode.GatewayTimeout, 4), (answer.Status, answer.Json.GetProperty("code").GetInt32()));
        Assert.StartsWith(
            $"context deadline exceeded: The scan of {_name} goes on and has taken more than 1 s so far; ask again for its result, or for /v1/scans/", answer.Message, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, _name), (named.Status, named.Json.GetProperty("imageName").GetString()));
    }

    [Fact]
    public async Task ThatFailsIsKeptInTheWordsThatAWaitingCallerHears()
    {
        _app.Registry.Misbehave(Faults.On(Image.Layers[0].Digest, Faults.Deny("the licence of this image has ended")));
        ApiAnswer heard = await _app.ScanAsync(_name);

        ApiAnswer failed = await EndOfAsync(await ScanAsync("respond-async"));

        Assert.Equal((HttpStatusCode.OK, "FAILED"), (failed.Status, StateOf(failed)));
        Assert.Equal((500, 13), ((int)heard.Status, heard.Json.GetProperty("code").GetInt32()));
        Assert.Equal(
            (13, heard.Message), (failed.Json.GetProperty("error").GetProperty("code").GetInt32(), failed.Json.GetProperty("error").GetProperty("message").GetString()));
        Assert.Contains("the licence of this image has ended", heard.Message, StringComparison.Ordinal);
        Assert.Null(failed.Headers.Location);
        Assert.Null(failed.Headers.RetryAfter);
    }

    // Nothing is taken on that can be refused at once.
    [Fact]
    public async Task IsRefusedAtOnceWhereItCannotBe()
    {
        ApiAnswer badName = await ScanAsync("respond-async", "Not/A Name");
        ApiAnswer noImage = await ScanAsync("respond-async", $"{_app.Registry.Host}/made/none:1");

        Assert.Equal((HttpStatusCode.BadRequest, 3), (badName.Status, badName.Json.GetProperty("code").GetInt32()));
        Assert.Equal((HttpStatusCode.InternalServerError, 13), (noImage.Status, noImage.Json.GetProperty("code").GetInt32()));
    }

    [Theory]
    [InlineData("none", "none")]
    [InlineData("..%2Fjobs%5C%23%3F", "..%2Fjobs\\\\#?")]
    [InlineData("'%20or%20''eq'", "' or ''eq'")]
    public async Task ThatIsUnknownIsNotFound(string path, string id)
    {
        ApiAnswer answer = await _app.GetAsync($"/v1/scans/{path}");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal(5, answer.Json.GetProperty("code").GetInt32());
        Assert.Contains($"\"message\":\"scan with id \\\"{id}\\\" does not exist: not found\"", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OfAVeryLongIdIsNotFound() =>
        Assert.Equal(HttpStatusCode.NotFound, (await _app.GetAsync($"/v1/scans/{new string('x', 4_000)}")).Status);

    [Fact]
    public async Task IsJoinedByAllWhoAskForTheSame()
    {
        var gate = new Gate();
        _app.Registry.Misbehave(gate.Before(Image.Layers[1].Digest));

        ApiAnswer first = await ScanAsync("respond-async");
        await gate.Reached;
        ApiAnswer second = await ScanAsync("respond-async");
        Task<ApiAnswer> waiting = _app.ScanAsync(_name);
        gate.Open();

        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(HttpStatusCode.OK, (await waiting).Status);
        Assert.All(
            Image.Layers,
            layer => Assert.Single(_app.Registry.BlobRequests, request => request.Path.EndsWith($"{layer.Digest}", StringComparison.Ordinal)));
    }

    // Exceptions go by names, so each caller is led to the image by its own.
    [Fact]
    public async Task LeadsEachCallerToTheImageByTheNameItAskedFor()
    {
        var gate = new Gate();
        _app.Registry.Misbehave(gate.Before(Image.Layers[1].Digest));
        string other = _app.Registry.Push("another/image", "1", Image);

        ApiAnswer first = await ScanAsync("respond-async");
        await gate.Reached;
        ApiAnswer second = await ScanAsync("respond-async", other);
        gate.Open();
        ApiAnswer one = await _app.GetAsync($"{(await EndOfAsync(first)).Headers.Location}");
        ApiAnswer two = await _app.GetAsync($"{(await EndOfAsync(second)).Headers.Location}");
        ApiAnswer unasked = await _app.GetAsync($"{(await _app.GetAsync($"/v1/scans/{IdOf(first)}")).Headers.Location}");

        Assert.Equal(IdOf(first), IdOf(second));
        Assert.Equal((_name, other, _name), (NameOf(one), NameOf(two), NameOf(unasked)));
    }

    // Its caller is told where to hear of it, so another force is another scan.
    [Fact]
    public async Task ThatIsForcedTwiceReadsTwice()
    {
        await EndOfAsync(await ScanAsync("respond-async", force: true));
        await EndOfAsync(await ScanAsync("respond-async", force: true));

        Assert.Equal(2, _app.Registry.BlobRequests.Count(request => request.Path.EndsWith($"{Image.Layers[0].Digest}", StringComparison.Ordinal)));
    }

    private string Named => $"name={Uri.EscapeDataString(_name)}";

    private static string? IdOf(ApiAnswer job) => job.Json.GetProperty("id").GetString();

    private static string? NameOf(ApiAnswer image) => image.Json.GetProperty("name").GetProperty("fullName").GetString();

    private static string? StateOf(ApiAnswer job) => job.Json.GetProperty("state").GetString();

    private static string? Applied(ApiAnswer answer) =>
        answer.Headers.TryGetValues("Preference-Applied", out IEnumerable<string>? values) ? Assert.Single(values) : null;

    private static string[] LayersOf(ApiAnswer job) =>
        [.. job.Json.GetProperty("layers").EnumerateArray().Select(layer => $"{layer.GetProperty("state").GetString()} {layer.GetProperty("bytesRead").GetString()}")];

    private Task<ApiAnswer> EndOfAsync(ApiAnswer accepted) =>
        Eventually.GetAsync(() => _app.GetAsync($"{accepted.Headers.Location}"), job => StateOf(job) is "DONE" or "FAILED");

    private async Task<ApiAnswer> ScanAsync(string prefer, string? name = null, bool force = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images/scan") { Content = JsonContent.Create(new { imageName = name ?? _name, force }) };
        request.Headers.TryAddWithoutValidation("Prefer", prefer);
        return await _app.SendAsync(request);
    }
}
