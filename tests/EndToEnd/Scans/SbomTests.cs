using System.Net;
using System.Text;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;
using ImageScan.TestSupport;
using Json.Schema;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class SbomTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Path = "/api/v1/images/sbom";

    private ScanApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await ScanApp.StartAsync(azurite);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task IsADocumentOfSpdxAboutAnImageThatNobodyHasScannedYet()
    {
        string name = _app.Registry.Push("made/image", "1.0", DemoImage.Build());

        using HttpResponseMessage response = await SendAsync($$"""{"imageName":" {{name}} "}""");

        byte[] document = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        using JsonDocument spdx = JsonDocument.Parse(document);
        Assert.Equal((HttpStatusCode.OK, "application/json"), (response.StatusCode, $"{response.Content.Headers.ContentType}"));
        Assert.Equal($"attachment; filename={name.Replace(':', '-').Replace('/', '-').Replace(".", "", StringComparison.Ordinal)}.json", $"{response.Content.Headers.ContentDisposition}");
        Assert.Equal("SPDX-2.3", spdx.RootElement.GetProperty("spdxVersion").GetString());
        Assert.Equal($"{_app.Registry.Host}/made/image", spdx.RootElement.GetProperty("name").GetString());
        Assert.Contains("lodash", PackagesOf(spdx));
        Assert.Contains("curl", PackagesOf(spdx));
    }

    [Fact]
    public async Task IsValidByTheSchemaOfSpdx()
    {
        string name = _app.Registry.Push("made/image", "1.0", DemoImage.Build());
        JsonSchema schema = JsonSchema.FromText(await File.ReadAllTextAsync(
            SharedData.Path("data", "schemas", "spdx-2.3.schema.json"), TestContext.Current.CancellationToken));

        ApiAnswer answer = await PostAsync($$"""{"imageName":"{{name}}"}""");

        EvaluationResults results = schema.Evaluate(answer.Json, new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true });
        Assert.True(results.IsValid, string.Join('\n', (results.Details ?? []).SelectMany(detail => (detail.Errors ?? []).Select(error => $"{detail.InstanceLocation}: {error.Value}"))));
    }

    [Fact]
    public async Task ComesFromWhatIsStoredUnlessItIsForced()
    {
        string name = _app.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20"));
        await _app.ScanAsync(name);
        int before = _app.Registry.BlobRequests.Count;

        ApiAnswer stored = await PostAsync($$"""{"imageName":"{{name}}"}""");
        int between = _app.Registry.BlobRequests.Count;
        ApiAnswer forced = await PostAsync($$"""{"imageName":"{{name}}","force":true}""");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (stored.Status, forced.Status));
        Assert.Equal(before, between);
        Assert.True(_app.Registry.BlobRequests.Count > between, "Nothing was read again.");
    }

    [Fact]
    public async Task TakesTheDigestFromAFieldOfItsOwn()
    {
        MadeImage old = TestImages.OfNpm("lodash@4.17.20");
        _app.Registry.Push("made/image", "old", old);
        string name = _app.Registry.Push("made/image", "1", TestImages.OfNpm("minimist@1.2.5"));

        ApiAnswer answer = await PostAsync($$"""{"imageName":"{{name}}","digest":"{{old.Manifest.Digest}}"}""");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("lodash", PackagesOf(JsonDocument.Parse(answer.Text)));
    }

    [Theory]
    [InlineData("{", 400, 3, "decoding json request body: the request body is no JSON that can be read: ")]
    [InlineData("""{"imageName":7}""", 400, 3, "decoding json request body: json: cannot unmarshal number into Go value of type string")]
    [InlineData("{}", 400, 3, "generating SBOM: error parsing image name '': invalid reference format: invalid arguments")]
    [InlineData("""{"imageName":"Nginx"}""", 400, 3, "generating SBOM: error parsing image name 'Nginx': invalid reference format: repository name (library/Nginx) must be lowercase: invalid arguments")]
    [InlineData("""{"imageName":"nginx","digest":"sha256:7"}""", 400, 3, "generating SBOM: error parsing image name 'docker.io/library/nginx:latest@sha256:7': ")]
    [InlineData("""{"imageName":"nginx","cluster":"edge"}""", 404, 5, "generating SBOM: cluster \"edge\" not found, ensure cluster exists and have access")]
    [InlineData("""{"imageName":"HOST/made/none:1"}""", 500, 13, "generating SBOM: image enrichment error: error getting metadata for image: ")]
    public async Task SaysWhatKeepsItFromBeingWritten(string body, int status, int code, string message)
    {
        ApiAnswer answer = await PostAsync(body.Replace("HOST", _app.Registry.Host, StringComparison.Ordinal));

        Assert.Equal((status, code), ((int)answer.Status, answer.Json.GetProperty("code").GetInt32()));
        Assert.StartsWith(message, answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesABodyThatIsTooLong()
    {
        ApiAnswer answer = await PostAsync($$"""{"imageName":"{{new string('a', 70_000)}}"}""");

        Assert.Equal((HttpStatusCode.BadRequest, "decoding json request body: the request body is longer than 65536 bytes"), (answer.Status, answer.Message));
    }

    private static string?[] PackagesOf(JsonDocument spdx) =>
        [.. spdx.RootElement.GetProperty("packages").EnumerateArray().Select(package => package.GetProperty("name").GetString())];

    private async Task<ApiAnswer> PostAsync(string body) => await ApiAnswer.ReadAsync(await SendAsync(body), TestContext.Current.CancellationToken);

    private async Task<HttpResponseMessage> SendAsync(string body)
    {
        using var client = new HttpClient { BaseAddress = _app.Address };
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await client.PostAsync(new Uri(Path, UriKind.Relative), content, TestContext.Current.CancellationToken);
    }
}
