using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Suppression;

/// <summary>A server with people who ask for exceptions and people who decide about them.</summary>
internal sealed class SuppressionLab : IAsyncDisposable
{
    public const string Ann = "the token of ann, who asks";
    public const string Otto = "the token of otto, who asks too";
    public const string Bob = "the token of bob, who decides";

    /// <summary>A scope that means every image.</summary>
    public const string Everywhere = """{"imageScope":{"registry":".*","remote":".*","tag":".*"}}""";

    private SuppressionLab(TokenServer server) => Server = server;

    public TokenServer Server { get; }

    public static Task<SuppressionLab> StartAsync(SharedAzurite azurite, params IEnumerable<(string Name, string Value)> settings) =>
        StartAsync(azurite, ScanApp.NewPrefix(), settings);

    /// <summary>As above, with the tables of another one.</summary>
    public static async Task<SuppressionLab> StartAsync(SharedAzurite azurite, string prefix, params IEnumerable<(string Name, string Value)> settings) =>
        new(await TokenServer.StartAsync(
            azurite,
            [
                ("Storage:Prefix", prefix),
                .. People().SelectMany((person, i) => new[]
                {
                    ($"Access:Tokens:{i + 20}:Hash", HashOf(person.Token)),
                    ($"Access:Tokens:{i + 20}:Role", person.Role),
                    ($"Access:Tokens:{i + 20}:Name", person.Name),
                }),
                .. settings,
            ]));

    /// <summary>Asks for a deferral of CVEs; for ever unless an end is given.</summary>
    public Task<ApiAnswer> DeferAsync(string token, string cves, string scope = Everywhere, string expiry = """{"expiryType":"TIME"}""") => PostAsync(
        token, "/v2/vulnerability-exceptions/deferral", $$"""{"cves":{{cves}},"comment":"not now","scope":{{scope}},"exceptionExpiry":{{expiry}}}""");

    public Task<ApiAnswer> MarkFalsePositiveAsync(string token, string cves, string scope = Everywhere) => PostAsync(
        token, "/v2/vulnerability-exceptions/false-positive", $$"""{"cves":{{cves}},"comment":"not ours","scope":{{scope}}}""");

    public Task<ApiAnswer> ApproveAsync(string id, string token = Bob) =>
        PostAsync(token, $"/v2/vulnerability-exceptions/{id}/approve", """{"comment":"fine"}""");

    public Task<ApiAnswer> DenyAsync(string id, string token = Bob) =>
        PostAsync(token, $"/v2/vulnerability-exceptions/{id}/deny", """{"comment":"no"}""");

    public Task<ApiAnswer> CancelAsync(string id, string token) => PostAsync(token, $"/v2/vulnerability-exceptions/{id}/cancel", "");

    public Task<ApiAnswer> UpdateAsync(string id, string token, string json) => SendAsync("PATCH", token, $"/v2/vulnerability-exceptions/{id}", json);

    public Task<ApiAnswer> GetAsync(string id) => SendAsync("GET", Ann, $"/v2/vulnerability-exceptions/{id}");

    public Task<ApiAnswer> SnoozeAsync(string cves, string duration = "1h") =>
        SendAsync("PATCH", Bob, "/v1/imagecves/suppress", $$"""{"cves":{{cves}},"duration":"{{duration}}"}""");

    public Task<ApiAnswer> UnsnoozeAsync(string cves) => SendAsync("PATCH", Bob, "/v1/imagecves/unsuppress", $$"""{"cves":{{cves}}}""");

    public Task<ApiAnswer> PostAsync(string token, string path, string json) => SendAsync("POST", token, path, json);

    public Task<ApiAnswer> SendAsync(string method, string token, string path, string? json = null) =>
        Server.SendAsync(method, path, token, json is null ? null : new StringContent(json, Encoding.UTF8, "application/json"));

    /// <summary>Has a CVE taken for a false positive in one image of any server, by who may ask and decide.</summary>
    public static async Task ApproveFalsePositiveAsync(HttpClient http, string token, string cve, string registry, string remote, string tag)
    {
        string scope = JsonSerializer.Serialize(new { imageScope = new { registry, remote, tag } });
        string id = await SentAsync(
            "/v2/vulnerability-exceptions/false-positive",
            $$"""{"cves":["{{cve}}"],"comment":"c","scope":{{scope}} }""");
        await SentAsync($"/v2/vulnerability-exceptions/{id}/approve", """{"comment":"c"}""");

        async Task<string> SentAsync(string path, string json)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, text);
            return JsonDocument.Parse(text).RootElement.GetProperty("exception").GetProperty("id").GetString()!;
        }
    }

    /// <summary>The exception that an answer is about; fails unless the answer is a good one.</summary>
    public static JsonElement ExceptionOf(ApiAnswer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Status}: {answer.Text}");
        return answer.Json.GetProperty("exception");
    }

    public static string IdOf(ApiAnswer answer) => ExceptionOf(answer).GetProperty("id").GetString()!;

    public static string StatusOf(ApiAnswer answer) => ExceptionOf(answer).GetProperty("status").GetString()!;

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static IEnumerable<(string Token, string Role, string Name)> People() =>
        [(Ann, "requester", "Ann Archer"), (Otto, "requester", "Otto"), (Bob, "approver", "Bob")];

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
