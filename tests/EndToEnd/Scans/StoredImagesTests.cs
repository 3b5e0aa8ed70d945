using System.Net;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class StoredImagesTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Unknown = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    private ScanApp _app = null!;
    private ApiAnswer _risky = null!;
    private ApiAnswer _harmless = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await ScanApp.StartAsync(azurite);
        _risky = await _app.ScanAsync(_app.Registry.Push("made/risky", "1", DemoImage.Build()));
        _harmless = await _app.ScanAsync(_app.Registry.Push("made/harmless", "1", TestImages.OfNpm("nobody-knows-it@1.0.0")));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task AreFoundByDigestWithOrWithoutItsAlgorithm()
    {
        ApiAnswer whole = await _app.GetAsync($"/v1/images/{_risky.Id}");
        ApiAnswer hexadecimal = await _app.GetAsync($"/v1/images/{_risky.Id["sha256:".Length..]}");

        Assert.Equal(_risky.Text.Replace("\"priority\":\"0\",\"riskScore\":", "\"priority\":\"1\",\"riskScore\":", StringComparison.Ordinal)[^200..], whole.Text[^200..]);
        Assert.Equal(_risky.Findings, whole.Findings);
        Assert.Equal(whole.Text, hexadecimal.Text);
    }

    [Fact]
    public async Task AreRankedByRisk()
    {
        ApiAnswer risky = await _app.GetAsync($"/v1/images/{_risky.Id}");
        ApiAnswer harmless = await _app.GetAsync($"/v1/images/{_harmless.Id}");

        Assert.Equal(("1", "2"), (PriorityOf(risky.Json), PriorityOf(harmless.Json)));
        Assert.Equal(("0", "0"), (PriorityOf(_risky.Json), PriorityOf(_harmless.Json)));
    }

    [Fact]
    public async Task AreListedWithTheirFigures()
    {
        JsonElement[] images = [.. (await _app.GetAsync("/v1/images")).Json.GetProperty("images").EnumerateArray()];

        Assert.Equal([_risky.Id, _harmless.Id], images.Select(image => image.GetProperty("id").GetString()));
        Assert.Equal(["1", "2"], images.Select(PriorityOf));
        Assert.Equal(_risky.FullNames.Single(), images[0].GetProperty("name").GetString());
        Assert.Equal(_risky.Json.GetProperty("cves").GetInt32(), images[0].GetProperty("cves").GetInt32());
        Assert.Equal(9, images[0].GetProperty("components").GetInt32());
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("?query=Image:HOST/made/", 2)]
    [InlineData("?query=Image:HOST/made/risky:1", 1)]
    [InlineData("?query=Image:HOST/made/risky:1,HOST/made/harmless", 2)]
    [InlineData("?query=Image:\"HOST/made/risky\"", 0)]
    [InlineData("?query=Image:elsewhere/", 0)]
    [InlineData("?query=Image:HOST/made/%2BSeverity:CRITICAL", 1)]
    [InlineData("?query=Severity:CRITICAL%2BFixable:true", 1)]
    [InlineData("?query=Component:nobody-knows-it", 1)]
    [InlineData("?query=Component:\"nobody-knows\"", 0)]
    [InlineData("?query=CVE:CVE-", 1)]
    [InlineData("?query=CVE:*", 1)]
    [InlineData("?query=Image CVE Count:0", 1)]
    [InlineData("?query=Image Tag:1%2BImage Remote:r/risk", 1)]
    [InlineData("?query=Last Updated:<1d", 2)]
    public async Task AreFoundAndCountedByName(string query, int count)
    {
        string asked = query.Replace("HOST", _app.Registry.Host, StringComparison.Ordinal);

        ApiAnswer listed = await _app.GetAsync($"/v1/images{asked}");
        ApiAnswer counted = await _app.GetAsync($"/v1/imagescount{asked}");

        Assert.Equal(count, listed.Json.GetProperty("images").GetArrayLength());
        Assert.Equal($$"""{"count":{{count}}}""", counted.Text);
    }

    [Fact]
    public async Task ArePaged()
    {
        ApiAnswer first = await _app.GetAsync("/v1/images?pagination.limit=1");
        ApiAnswer second = await _app.GetAsync("/v1/images?pagination.limit=1&pagination.offset=1");

        Assert.Equal(_risky.Id, first.Json.GetProperty("images").EnumerateArray().Single().GetProperty("id").GetString());
        Assert.Equal(_harmless.Id, second.Json.GetProperty("images").EnumerateArray().Single().GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(Unknown)]
    [InlineData("nginx")]
    public async Task AreMissedInTheWordsOfStackRox(string id)
    {
        ApiAnswer answer = await _app.GetAsync($"/v1/images/{id}");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal(
            $$"""{"error":"image with id \"{{id}}\" does not exist: not found","code":5,"message":"image with id \"{{id}}\" does not exist: not found","details":[]}""",
            answer.Text);
    }

    [Theory]
    [InlineData("Image", false, "harmless,risky")]
    [InlineData("image", true, "risky,harmless")]
    [InlineData("Image Risk Priority", false, "risky,harmless")]
    [InlineData("Image Risk Score", false, "harmless,risky")]
    [InlineData("Component Count", true, "risky,harmless")]
    [InlineData("Last Updated", true, "harmless,risky")]
    public async Task AreSorted(string field, bool isReversed, string order)
    {
        ApiAnswer answer = await _app.GetAsync($"/v1/images?pagination.sortOption.field={field}&pagination.sortOption.reversed={(isReversed ? "true" : "false")}");

        Assert.Equal(order, string.Join(',', answer.Json.GetProperty("images").EnumerateArray().Select(image => image.GetProperty("id").GetString() == _risky.Id ? "risky" : "harmless")));
    }

    [Theory]
    [InlineData("pagination.sortOption.field=Cluster", 500, 13, "field cluster does not exist in table images or connected tables")]
    [InlineData("pagination.sortOptions.field=Image", 400, 3, "unexpected repeated field in pagination.sortOptions.field")]
    [InlineData("query=Image:", 400, 3, "query term \\\"Image:\\\" is not FIELD:VALUE: invalid arguments")]
    [InlineData("query=CVSS:high", 400, 3, "strconv.ParseFloat: parsing \\\"high\\\": invalid syntax: invalid arguments")]
    [InlineData("query=Image:r/(a)\\1", 400, 3, "invalid regexp (a)\\\\1: invalid arguments")]
    public async Task RefuseWhatCannotBeSearchedOrSorted(string query, int status, int code, string message)
    {
        ApiAnswer answer = await _app.GetAsync($"/v1/images?{query}");

        Assert.Equal(status, (int)answer.Status);
        Assert.Equal($$"""{"error":"{{message}}","code":{{code}},"message":"{{message}}","details":[]}""", answer.Text);
    }

    private static string? PriorityOf(JsonElement image) => image.GetProperty("priority").GetString();
}
