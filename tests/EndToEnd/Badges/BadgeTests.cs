using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Xml.Linq;
using ImageScan.Core.Api.Badges;
using ImageScan.Core.Images;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Badges;

[Collection(PageServers.Name)]
public sealed class BadgeTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Secret = "0123456789abcdef0123456789abcdef";

    private readonly TestAdvisories _advisories = new();
    private TestRegistry _registry = null!;
    private TokenServer _server = null!;
    private HttpClient _client = null!;
    private string _name = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(Token);
        await _advisories.ReplaceAsync(TestAdvisories.Record("CVE-2026-1001", "lodash", "4.17.21"));
        _server = await TokenServer.StartAsync(
            azurite,
            [
                ("Storage:Prefix", ScanApp.NewPrefix()), ("Registries:0:Host", _registry.Host), ("Registries:0:Insecure", "true"),
                ("Advisories:Path", _advisories.Path), ("Badges:Keys:0:Secret", Secret),
            ]);
        _client = new HttpClient { BaseAddress = _server.Address };
        _name = _registry.Push("made/deep/image", "1", TestImages.OfNpm("lodash@4.17.20"));
        Assert.Equal(HttpStatusCode.OK, (await _server.ScanAsync(_name)).Status);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
        await _registry.DisposeAsync();
        _advisories.Dispose();
    }

    [Fact]
    public async Task IsShownToWhoMayRead()
    {
        using HttpResponseMessage answer = await GetAsync($"v1/badge/{_name}", TokenServer.Reader);

        XDocument image = XDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal((HttpStatusCode.OK, "image/svg+xml"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        Assert.Equal("vulnerabilities: 1C", image.Root!.Attribute("aria-label")!.Value);
        Assert.Equal("private, max-age=300", string.Join(", ", answer.Headers.GetValues("Cache-Control").Single().Split(", ").OrderByDescending(part => part)));
        Assert.Contains("sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task IsShownToWhoHasASignedLink()
    {
        string link = PathOf(_name, DateTimeOffset.UtcNow.AddMinutes(2));

        using HttpResponseMessage signed = await GetAsync(link, token: null);
        using HttpResponseMessage other = await GetAsync(link.Replace("/image:", "/other:", StringComparison.Ordinal), token: null);
        using HttpResponseMessage over = await GetAsync(PathOf(_name, DateTimeOffset.UtcNow.AddMinutes(-1)), token: null);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (signed.StatusCode, other.StatusCode, over.StatusCode));
        Assert.True(signed.Headers.CacheControl!.Public);
        Assert.InRange(signed.Headers.CacheControl.MaxAge!.Value, TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(120));
    }

    [Fact]
    public async Task OfWhatIsNotThereAndOfWhatIsForbiddenIsTheSameAnswer()
    {
        string host = _registry.Host;
        string[] paths = [$"v1/badge/{host}/made/none:1", $"v1/badge/{_name}", $"v1/badge/{_name}?sig=x", "v1/badge/%20", $"v1/badge/{_name}?format=nope"];
        string?[] tokens = [TokenServer.Reader, null, "wrong", null, null];

        var answers = new List<string>();
        foreach ((string path, string? token) in paths.Zip(tokens))
        {
            using HttpResponseMessage answer = await GetAsync(path, token);
            string headers = string.Join('\n', answer.Headers.Concat(answer.Content.Headers).Where(header => header.Key != "Date").Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order());
            answers.Add($"{(int)answer.StatusCode}\n{headers}\n{await answer.Content.ReadAsStringAsync(Token)}");
        }

        Assert.StartsWith("404", Assert.Single(answers.Distinct()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task IsFoundByEveryFormOfTheName()
    {
        string digest = (await _server.ScanAsync(_name)).Id;
        string[] forms = [_name, _name.Replace("/", "%2F", StringComparison.Ordinal), $"{_name.Split(":1")[0]}@{digest}", digest];

        foreach (string form in forms)
        {
            using HttpResponseMessage answer = await GetAsync($"v1/badge/{form}", TokenServer.Reader);
            Assert.Equal((form, HttpStatusCode.OK), (form, answer.StatusCode));
        }
    }

    [Fact]
    public async Task IsNotSentAgainToWhoHasIt()
    {
        using HttpResponseMessage first = await GetAsync($"v1/badge/{_name}", TokenServer.Reader);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"v1/badge/{_name}");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", TokenServer.Reader);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using HttpResponseMessage again = await _client.SendAsync(request, Token);

        Assert.Equal((HttpStatusCode.NotModified, first.Headers.ETag), (again.StatusCode, again.Headers.ETag));
        Assert.Empty(await again.Content.ReadAsByteArrayAsync(Token));
    }

    // https://shields.io/badges/endpoint-badge
    [Fact]
    public async Task IsWhatShieldsReads()
    {
        using HttpResponseMessage answer = await GetAsync($"v1/badge/{_name}?format=shields&label=our%20image", TokenServer.Reader);
        using HttpResponseMessage other = await GetAsync($"v1/badge/{_name}?format=png", TokenServer.Reader);

        using JsonDocument badge = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Token));
        Assert.Equal("""{"schemaVersion":1,"label":"our image","message":"1C","color":"red","cacheSeconds":300}""", badge.RootElement.GetRawText());
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
    }

    [Fact]
    public async Task NeverHasAnImageScanned()
    {
        string unknown = _registry.Push("made/unknown", "1", TestImages.OfNpm("lodash@4.17.20"));

        using HttpResponseMessage answer = await GetAsync($"v1/badge/{unknown}", TokenServer.Admin);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task IsOfTheImageThatWasMadeLast()
    {
        _registry.Push("made/deep/image", "1", TestImages.OfNpm("lodash@4.17.21"));
        await _server.SendAsync("POST", "/v1/images/scan", TokenServer.Scanner, new StringContent(JsonSerializer.Serialize(new { imageName = _name, force = true })));

        using HttpResponseMessage answer = await GetAsync($"v1/badge/{_name}?format=shields", TokenServer.Reader);

        // Both are of one moment, so what was saved last counts.
        Assert.DoesNotContain("1C", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LinksAreMadeByTheCommand()
    {
        (int exitCode, string output, string error) = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["Badges__Keys__0__Secret"] = Secret }, "badge-link", _name, "--server", _server.Address.AbsoluteUri, "--days", "1");
        (int without, _, string reason) = await CommandProcess.RunAsync(new Dictionary<string, string>(), "badge-link", _name, "--server", "https://scanner.example.com");

        Assert.Equal((0, ""), (exitCode, error));
        using HttpResponseMessage answer = await _client.GetAsync(new Uri(output.Trim()), Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(2, without);
        Assert.Contains("Badges__Keys__0__Secret", reason, StringComparison.Ordinal);
    }

    private string PathOf(string name, DateTimeOffset? until)
    {
        Assert.True(ImageReference.TryParse(name, out ImageReference? image, out _));
        return _server.Services.GetRequiredService<BadgeLinks>().PathOf(image, until);
    }

    private async Task<HttpResponseMessage> GetAsync(string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return await _client.SendAsync(request, Token);
    }
}
