using System.Net;
using System.Text;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class BadRequestTests(SharedAzurite azurite) : IAsyncLifetime
{
    private ScanApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await ScanApp.StartAsync(azurite);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("", "image name must be specified: invalid arguments")]
    [InlineData("{}", "image name must be specified: invalid arguments")]
    [InlineData("""{"imageName":""}""", "image name must be specified: invalid arguments")]
    [InlineData("""{"imageName":5}""", "json: cannot unmarshal number into Go value of type string")]
    [InlineData("""{"imageName":"nginx","force":"yes"}""", "json: cannot unmarshal string into Go value of type bool")]
    [InlineData("[]", "json: cannot unmarshal array into Go value of type map[string]json.RawMessage")]
    [InlineData("""{"imageName":"ghcr.io/Foo/bar:1"}""", "error parsing image name 'ghcr.io/Foo/bar:1': invalid reference format: repository name (Foo/bar) must be lowercase: invalid arguments")]
    [InlineData("""{"imageName":"a b"}""", "error parsing image name 'a b': invalid reference format: invalid arguments")]
    public async Task IsAnsweredInTheWordsOfStackRox(string body, string message)
    {
        ApiAnswer answer = await PostAsync(body);

        Assert.Equal((HttpStatusCode.BadRequest, message), (answer.Status, answer.Message));
        Assert.Equal(message, answer.Json.GetProperty("error").GetString());
        Assert.Equal(3, answer.Json.GetProperty("code").GetInt32());
        Assert.Empty(answer.Json.GetProperty("details").EnumerateArray());
    }

    [Theory]
    [InlineData("{")]
    [InlineData("nginx")]
    [InlineData("{'imageName':'nginx'}")]
    public async Task SaysWhereTheJsonBreaks(string body)
    {
        ApiAnswer answer = await PostAsync(body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.StartsWith("the request body is no JSON that can be read: byte ", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesABodyThatIsTooLong()
    {
        ApiAnswer answer = await PostAsync($$"""{"imageName":"{{new string('a', 70_000)}}"}""");

        Assert.Equal((HttpStatusCode.BadRequest, "the request body is longer than 65536 bytes"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task LooksForTheClusterBeforeTheName()
    {
        ApiAnswer answer = await PostAsync("""{"cluster":"production","imageName":"no name at all"}""");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal(5, answer.Json.GetProperty("code").GetInt32());
        Assert.Equal("cluster \"production\" not found, ensure cluster exists and have access", answer.Message);
    }

    [Theory]
    [InlineData("linux")]
    [InlineData("linux/arm64/v8/more")]
    [InlineData("linux/")]
    public async Task NamesAPlatformThatIsNone(string platform)
    {
        ApiAnswer answer = await PostAsync("""{"imageName":"nginx"}""", $"?platform={platform}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains($"not \"{platform}\"", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesABareDigest()
    {
        string digest = DemoImage.Build().Manifest.Digest.ToString();

        ApiAnswer answer = await _app.ScanAsync(digest);

        Assert.True(answer.Status is HttpStatusCode.InternalServerError or HttpStatusCode.BadRequest, answer.Text);
        Assert.Contains(digest, answer.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/images/scan/more", HttpStatusCode.NotFound, "Not Found\n")]
    [InlineData("DELETE", "/v1/imagescount", HttpStatusCode.MethodNotAllowed, "Method Not Allowed\n")]
    public async Task AnswersUnknownRoutesAndMethodsInPlainText(string method, string path, HttpStatusCode status, string text)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        ApiAnswer answer = await _app.SendAsync(request);

        Assert.Equal((status, text), (answer.Status, answer.Text));
    }

    private async Task<ApiAnswer> PostAsync(string body, string query = "")
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await _app.PostAsync(content, query);
    }
}
