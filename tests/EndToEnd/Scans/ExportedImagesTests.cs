using System.Net;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class ExportedImagesTests(SharedAzurite azurite) : IAsyncLifetime
{
    private readonly string _prefix = ScanApp.NewPrefix();
    private ScanApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await ScanApp.StartAsync(azurite, ("Storage:Prefix", _prefix));
        await _app.ScanAsync(_app.Registry.Push("made/risky", "1", DemoImage.Build()));
        await _app.ScanAsync(_app.Registry.Push("made/harmless", "1", TestImages.OfNpm("nobody-knows-it@1.0.0")));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task StandOneALineAsTheyAreGotByTheirIds()
    {
        ApiAnswer answer = await _app.GetAsync("/v1/export/images");

        string[] lines = answer.Text.Split('\n');
        Assert.Equal((HttpStatusCode.OK, 3, ""), (answer.Status, lines.Length, lines[^1]));
        foreach (string line in lines[..^1])
        {
            using JsonDocument result = JsonDocument.Parse(line);
            string id = result.RootElement.GetProperty("result").GetProperty("image").GetProperty("id").GetString()!;
            ApiAnswer image = await _app.GetAsync($"/v1/images/{id}?includeSnoozed=true");
            Assert.Equal($$$"""{"result":{"image":{{{image.Text}}}}}""", line);
        }
    }

    [Theory]
    [InlineData("?query=Image:HOST/made/risky", 1)]
    [InlineData("?query=Image:HOST/made/&timeout=60", 2)]
    [InlineData("?query=Image:elsewhere", 0)]
    [InlineData("?timeout=2147483647", 2)]
    [InlineData("?pretty", 2)]
    public async Task AreThoseThatTheQueryFinds(string query, int count)
    {
        ApiAnswer answer = await _app.GetAsync($"/v1/export/images{query.Replace("HOST", _app.Registry.Host, StringComparison.Ordinal)}");

        Assert.Equal((HttpStatusCode.OK, count), (answer.Status, answer.Text.Count(character => character == '\n')));
    }

    [Fact]
    public async Task BreakOffWhenTheTimeIsOver()
    {
        ApiAnswer answer = await _app.GetAsync("/v1/export/images?timeout=-1");

        Assert.Equal(HttpStatusCode.GatewayTimeout, answer.Status);
        Assert.StartsWith(
            """{"error":{"grpcCode":4,"httpCode":504,"message":"context deadline exceeded","httpStatus":"Gateway Timeout","details":[""",
            answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SayInTheFormOfAStreamWhatIsWrongWithTheQuery()
    {
        ApiAnswer answer = await _app.GetAsync("/v1/export/images?query=NoField:x");

        JsonElement error = answer.Json.GetProperty("error");
        Assert.Equal((HttpStatusCode.BadRequest, 3), (answer.Status, error.GetProperty("grpcCode").GetInt32()));
        Assert.Equal((400, "Bad Request"), (error.GetProperty("httpCode").GetInt32(), error.GetProperty("httpStatus").GetString()));
        Assert.EndsWith(": invalid arguments", error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SayInTheFormOfTheGatewayWhatIsNoNumber()
    {
        ApiAnswer answer = await _app.GetAsync("/v1/export/images?timeout=soon");

        Assert.Equal((HttpStatusCode.BadRequest, "strconv.ParseInt: parsing \"soon\": invalid syntax"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task EndWithAGoogleStatusSince46()
    {
        await using TokenServer later = await TokenServer.StartAsync(azurite, [("Storage:Prefix", _prefix), ("Api:Level", "4.9")]);

        ApiAnswer answer = await later.SendAsync("GET", "/v1/export/images?timeout=-1", TokenServer.Reader);

        Assert.Equal(
            (HttpStatusCode.GatewayTimeout,
                """{"error":{"code":4,"message":"context deadline exceeded","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"30s"}]}}"""
                    + "\n"),
            (answer.Status, answer.Text));
    }
}
