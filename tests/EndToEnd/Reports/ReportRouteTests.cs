using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageScan.Core.Reports;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Reports;

/// <summary>How reports are asked for.</summary>
[Collection(PageServers.Name)]
public sealed class ReportRouteTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Demo = DemoImage.Build();

    private ScanApp _app = null!;
    private string _name = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await ScanApp.StartAsync(azurite);
        _name = _app.Registry.Push("made/image", "1", Demo);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task GiveTheFormatThatIsNamedOnBothRoutes()
    {
        foreach (IReportFormat format in ReportFormats.All)
        {
            Answer scanned = await ScanAsync($"?format={format.Name}");
            Answer stored = await SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/v1/images/{Demo.Manifest.Digest}?format={format.Name}"));

            Assert.Equal((HttpStatusCode.OK, format.MediaType), (scanned.Status, scanned.MediaType));
            Assert.Equal(scanned.Text, stored.Text);
            Assert.Matches($@"^(attachment|inline); filename=[a-z0-9-]+made-image-1\.{format.FileExtension}$", scanned.Disposition);
            Assert.Contains("CVE-2023-0286", scanned.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task StayJsonUnlessAcceptNamesAnother()
    {
        Answer browser = await ScanAsync("", accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
        Answer sarif = await ScanAsync("", accept: "application/sarif+json, */*;q=0.1");

        Assert.Equal(("application/json", ""), (browser.MediaType, browser.Disposition));
        Assert.Equal($"{Demo.Manifest.Digest}", JsonDocument.Parse(browser.Text).RootElement.GetProperty("id").GetString());
        Assert.Equal("application/sarif+json", sarif.MediaType);
    }

    [Fact]
    public async Task AreNarrowedAndSaySo()
    {
        Answer whole = await ScanAsync("?format=csv");
        Answer critical = await ScanAsync("?format=csv&severity=critical");
        Answer fixable = await ScanAsync("?format=table&fixable=true&severity=critical");
        Answer json = await ScanAsync("?severity=critical");

        Assert.Equal(
            whole.Text.Split("\r\n").Count(row => row.Contains(",\"CRITICAL\",", StringComparison.Ordinal)),
            critical.Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length - 1);
        Assert.DoesNotContain("| IMPORTANT |", fixable.Text, StringComparison.Ordinal);
        Assert.Matches("Note: [0-9]+ findings are left out by the filter.", fixable.Text);
        Assert.Contains("\"IMPORTANT_VULNERABILITY_SEVERITY\"", json.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?format=docx", "format \"docx\" is none of json, table, csv, sarif")]
    [InlineData("?severity=worst", "severity \"worst\" is none of critical")]
    [InlineData("?format=%1b%5b2J%0d%0a", "format \"\\u001b[2J\\r\\n\" is none of json, ")]
    public async Task RefuseWhatIsNoneBeforeAnythingIsScanned(string query, string message)
    {
        Answer refused = await ScanAsync(query);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.StartsWith(message, JsonDocument.Parse(refused.Text).RootElement.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Empty(_app.Registry.Requests);
    }

    [Fact]
    public async Task KeepTheGatesHeaders()
    {
        Answer answer = await ScanAsync("?format=sarif&gate=true&severity=low");

        Assert.Equal("application/sarif+json", answer.MediaType);
        Assert.Contains("X-Gate-Verdict: fail", answer.Headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AreWhereThe303OfAScanThatNobodyWaitedForLeads()
    {
        using HttpRequestMessage request = Request("?format=csv&severity=high,critical&fixable=true", includeSnoozed: true);
        request.Headers.Add("Prefer", "respond-async");
        Answer accepted = await SendAsync(request);

        Assert.Equal(HttpStatusCode.Accepted, accepted.Status);
        string query = $"?format=csv&severity=critical,important&fixable=true&name={Uri.EscapeDataString(_name)}&includeSnoozed=true";
        Assert.Matches($"^/v1/scans/[^?]+{Regex.Escape(query)}$", accepted.Location);
        Answer done = await Eventually.GetAsync(
            () => SendAsync(new HttpRequestMessage(HttpMethod.Get, accepted.Location)), answer => answer.Status == HttpStatusCode.SeeOther);
        Answer report = await SendAsync(new HttpRequestMessage(HttpMethod.Get, done.Location));

        Assert.Equal($"/v1/images/{Demo.Manifest.Digest}{query}", done.Location);
        Assert.Equal((HttpStatusCode.OK, "text/csv"), (report.Status, report.MediaType));
        Assert.Equal((await ScanAsync("?format=csv&severity=high,critical&fixable=true")).Text, report.Text);
    }

    [Fact]
    public async Task LeaveOutWhatIsSnoozedUnlessItIsAskedFor()
    {
        await ScanAsync("");
        using var snooze = new HttpRequestMessage(HttpMethod.Patch, "/v1/imagecves/suppress") { Content = JsonContent.Create(new { cves = new[] { "CVE-2023-0286" }, duration = "3600s" }) };
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(snooze)).Status);

        Answer hidden = await ScanAsync("?format=table");
        Answer shown = await SendAsync(Request("?format=table", includeSnoozed: true));

        Assert.DoesNotContain("CVE-2023-0286", hidden.Text, StringComparison.Ordinal);
        Assert.Contains("left out since somebody has decided about", hidden.Text, StringComparison.Ordinal);
        Assert.Contains("| CVE-2023-0286 ", shown.Text, StringComparison.Ordinal);
        Assert.Contains("| (deferred until 20", shown.Text, StringComparison.Ordinal);
    }

    private sealed record Answer(HttpStatusCode Status, string MediaType, string Disposition, string Location, string Headers, string Text);

    private HttpRequestMessage Request(string query, bool includeSnoozed = false, string? accept = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/images/scan{query}") { Content = JsonContent.Create(new { imageName = _name, includeSnoozed }) };
        if (accept is not null)
        {
            request.Headers.Add("Accept", accept);
        }

        return request;
    }

    private async Task<Answer> ScanAsync(string query, string? accept = null)
    {
        using HttpRequestMessage request = Request(query, accept: accept);
        return await SendAsync(request);
    }

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _app.Address };
        using HttpResponseMessage response = await client.SendAsync(request, Token);
        // It is held to the description on the way.
        await ApiAnswer.ReadAsync(response, Token);
        byte[] body = await response.Content.ReadAsByteArrayAsync(Token);
        return new Answer(
            response.StatusCode,
            response.Content.Headers.ContentType?.MediaType ?? "",
            $"{response.Content.Headers.ContentDisposition}",
            $"{response.Headers.Location}",
            $"{response.Headers}",
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(body));
    }
}
