using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Access;

[Collection(StateServers.Name)]
public sealed class AuditTests(SharedAzurite azurite) : IAsyncLifetime
{
    private TokenServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await TokenServer.StartAsync(azurite, [("Storage:Prefix", ScanApp.NewPrefix())]);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task KeepsWhoChangedWhatAndWhatCameOfIt()
    {
        ApiAnswer generated = await _server.SendAsync(
            "POST", "/v1/apitokens/generate?token=very-secret&x=%1b[2J", TokenServer.Admin, JsonContent.Create(new { name = "ci\n", role = "read" }));
        string id = generated.Json.GetProperty("metadata").GetProperty("id").GetString()!;

        ApiAnswer audit = await _server.SendAsync("GET", "/v1/audit", TokenServer.Admin);

        JsonElement entry = Assert.Single(audit.Json.GetProperty("entries").EnumerateArray());
        Assert.Equal(
            ("token:token 2", "token 2", "127.0.0.1", "GenerateApiToken", "POST", "/v1/apitokens/generate?token=…&x=?[2J", 200, ""),
            (Text(entry, "callerId"), Text(entry, "caller"), Text(entry, "address"), Text(entry, "operation"), Text(entry, "method"), Text(entry, "path"),
                entry.GetProperty("status").GetInt32(), Text(entry, "reason")));
        Assert.StartsWith($"token {id} \"ci\\n\" with Analyst until ", Assert.Single(entry.GetProperty("notes").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.True(entry.GetProperty("begun").GetDateTimeOffset() <= entry.GetProperty("ended").GetDateTimeOffset());
        Assert.DoesNotContain(generated.Json.GetProperty("token").GetString()![^40..], audit.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeepsWhatFailedToo()
    {
        await _server.SendAsync("POST", "/v1/apitokens/generate", TokenServer.Admin, new StringContent("{}"));
        await _server.SendAsync("DELETE", "/v1/watchedimages?name=nginx", TokenServer.Admin);

        ApiAnswer audit = await _server.SendAsync("GET", "/v1/audit", TokenServer.Admin);

        Assert.Equal(
            ["UnwatchImage 200 ", "GenerateApiToken 400 token name cannot be empty: invalid arguments"],
            audit.Json.GetProperty("entries").EnumerateArray()
                .Select(entry => $"{Text(entry, "operation")} {entry.GetProperty("status").GetInt32()} {Text(entry, "reason")}"));
    }

    [Fact]
    public async Task KeepsNothingOfWhatIsRefusedOrChangesNothing()
    {
        await _server.SendAsync("POST", "/v1/apitokens/generate", TokenServer.Scanner, new StringContent("{}"));
        await _server.SendAsync("DELETE", "/v1/watchedimages?name=nginx", token: null);
        await _server.SendAsync("GET", "/v1/images", TokenServer.Admin);

        Assert.Equal("""{"entries":[],"nextPageToken":""}""", (await _server.SendAsync("GET", "/v1/audit", TokenServer.Admin)).Text);
    }

    [Fact]
    public async Task IsReadPageByPageFromTheNewestOn()
    {
        for (int i = 0; i < 7; i++)
        {
            await _server.SendAsync("DELETE", $"/v1/watchedimages?name=image{i}", TokenServer.Admin);
        }

        var paths = new List<string>();
        var pages = new List<int>();
        string page = "";
        do
        {
            ApiAnswer answer = await _server.SendAsync("GET", $"/v1/audit?limit=3&pageToken={page}", TokenServer.Admin);
            string[] found = [.. answer.Json.GetProperty("entries").EnumerateArray().Select(entry => Text(entry, "path"))];
            paths.AddRange(found);
            pages.Add(found.Length);
            page = Text(answer.Json, "nextPageToken");
        }
        while (page.Length > 0);

        Assert.Equal([3, 3, 1], pages);
        Assert.Equal(Enumerable.Range(0, 7).Reverse().Select(i => $"/v1/watchedimages?name=image{i}"), paths);
    }

    [Theory]
    [InlineData("limit=x")]
    [InlineData("limit=-1")]
    [InlineData("pageToken=x")]
    [InlineData("pageToken=00000000.'%20or%20PartitionKey%20ne%20'")]
    [InlineData("page_token=1.2")]
    public async Task RefusesParametersThatCannotBe(string query) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await _server.SendAsync("GET", $"/v1/audit?{query}", TokenServer.Admin)).Status);

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
