using System.Net;
using System.Net.Http.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class WebPageAccessTests(SharedAzurite azurite) : IAsyncLifetime
{
    private ScanApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await ScanApp.StartAsync(azurite);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("Origin", "https://evil.example", "Origin \\\"https://evil.example\\\"")]
    [InlineData("Origin", "null", "Origin \\\"null\\\"")]
    [InlineData("Sec-Fetch-Site", "cross-site", "Sec-Fetch-Site \\\"cross-site\\\"")]
    [InlineData("Sec-Fetch-Site", "same-site", "Sec-Fetch-Site \\\"same-site\\\"")]
    [InlineData("Host", "rebound.example", "not to the host \\\"rebound.example\\\"")]
    public async Task IsRefusedWithTheReason(string header, string value, string reason)
    {
        string name = _app.Registry.Push("made/image", "1", DemoImage.Build());
        using var scan = new HttpRequestMessage(HttpMethod.Post, "/v1/images/scan") { Content = JsonContent.Create(new { imageName = name }) };
        using var list = new HttpRequestMessage(HttpMethod.Get, "/v1/images");
        scan.Headers.TryAddWithoutValidation(header, value);
        list.Headers.TryAddWithoutValidation(header, value);

        ApiAnswer[] answers = [await _app.SendAsync(scan), await _app.SendAsync(list)];

        Assert.All(answers, answer =>
        {
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
            Assert.Equal(7, answer.Json.GetProperty("code").GetInt32());
            Assert.Contains(reason, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(answer.Headers, sent => sent.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        });
        Assert.Empty(_app.Registry.Requests);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Host", "localhost")]
    public async Task OfThisMachineIsLetIn(string header, string value)
    {
        using var list = new HttpRequestMessage(HttpMethod.Get, "/v1/images");
        list.Headers.TryAddWithoutValidation(header, value);

        Assert.Equal(HttpStatusCode.OK, (await _app.SendAsync(list)).Status);
    }
}
