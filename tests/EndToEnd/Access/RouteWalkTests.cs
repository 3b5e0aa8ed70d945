using System.Text;
using ImageScan.Core.Access;
using ImageScan.Core.Api;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Grpc;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Hosting;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Access;

/// <summary>Every route of the local head, asked by every kind of caller: the table of docs/access.md.</summary>
[Collection(StateServers.Name)]
public sealed class RouteWalkTests(SharedAzurite azurite)
{
    private static readonly string[] Roles = ["read", "scan", "requester", "approver", "admin"];

    // Each is as good as none: nobody's token, half a token of the API, a JWT of nobody, a password, and what is no credential.
    private static readonly string[] Broken =
    [
        "Bearer nobody's", "Bearer ", $"Bearer isf_{new string('A', 64)}", $"Bearer isx_{new string('A', 64)}",
        "Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJub2JvZHkifQ.", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes("admin:admin"))}", "Basic %", "Negotiate x",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void GoesToEveryRouteThatThereIs() => Assert.Equal(
        Operations.All.Select(operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal),
        AccessRow.Read().Select(row => row.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void FindsOnlyTheseOpen() => Assert.Equal(
        [
            "GET /", "GET /assets/{version}/{asset}", "GET /healthz", "GET /healthz/ready", "GET /v1/metadata", "GET /v1/ping", "HEAD /", "HEAD /assets/{version}/{asset}",
            "POST /v1.PingService/Ping",
        ],
        AccessRow.Read().Where(row => row.Cells["without"] is "200" or "ok").Select(row => row.Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task FindsWhatTheTableSays()
    {
        await using LocalServer server = await StartAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        var walk = new Walk(client);
        var wrong = new List<string>();
        foreach (AccessRow row in AccessRow.Read())
        {
            var credentials = new List<(string Caller, string? Authorization)> { ("without", null) };
            credentials.AddRange(Broken.Select(broken => ("without", (string?)broken)));
            credentials.AddRange(Roles.Select(role => (role, (string?)$"Bearer the token of {role}")));
            foreach ((string caller, string? authorization) in credentials)
            {
                int status = await walk.AskAsync(row, authorization);
                string expected = row.Cells[caller];
                bool isRight = expected == "ok" ? status is not (401 or 403 or 429) : $"{status}" == expected;
                if (!isRight)
                {
                    wrong.Add($"{row.Name} {caller} {authorization}: {status}, not {expected}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    private async Task<LocalServer> StartAsync()
    {
        var settings = new Dictionary<string, string?> { ["Storage:Prefix"] = ScanApp.NewPrefix(), ["Access:TrustForwardedFor"] = "true" };
        foreach ((int i, string role) in Roles.Index())
        {
            settings[$"Access:Tokens:{i}:Hash"] = TokenServer.HashOf($"the token of {role}");
            settings[$"Access:Tokens:{i}:Role"] = role;
        }

        return await LocalServer.StartAsync(
            new LocalServerOptions
            {
                Urls = "http://127.0.0.1:0",
                ConnectionString = azurite.ConnectionString,
                LoopbackAccess = AccessMode.Tokens,
                Settings = settings,
            },
            Token);
    }

    private sealed class Walk(HttpClient client)
    {
        private int _asked;

        public async Task<int> AskAsync(AccessRow row, string? authorization)
        {
            using var request = new HttpRequestMessage(
                new HttpMethod(row.Method), row.Path.Replace("{id}", "none", StringComparison.Ordinal).Replace("{asset}", "none", StringComparison.Ordinal).Replace("{name}", "none", StringComparison.Ordinal)
                    .Replace("{provider}", "generic", StringComparison.Ordinal).Replace("{secret}", "none", StringComparison.Ordinal)
                    .Replace("{image}", "none", StringComparison.Ordinal));
            if (row.Method is not ("GET" or "HEAD" or "DELETE"))
            {
                request.Content = new StringContent("{}");
            }

            bool isGrpc = Operations.All.Any(operation => operation.IsGrpc && operation.Route == row.Route);
            if (isGrpc)
            {
                request.Content = new ByteArrayContent(new byte[5]);
                request.Content.Headers.ContentType = new("application/grpc-web");
            }

            if (authorization is not null)
            {
                Assert.True(request.Headers.TryAddWithoutValidation("Authorization", authorization));
            }

            // From an address of its own, or the wrong credentials would soon be too many.
            _asked++;
            request.Headers.Add("X-Forwarded-For", $"198.51.{_asked / 250}.{_asked % 250}");
            using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
            if (isGrpc)
            {
                return await StatusOfAsync(response);
            }

            if ((int)response.StatusCode == 401)
            {
                Assert.Contains(response.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Bearer");
            }

            return (int)response.StatusCode;
        }

        private static async Task<int> StatusOfAsync(HttpResponseMessage response)
        {
            var answer = new RawAnswer(response.StatusCode, new Dictionary<string, string>(), await response.Content.ReadAsByteArrayAsync(Token));
            Assert.Equal(200, (int)answer.Status);
            return GrpcCodes.HttpStatusOf(Enum.Parse<GrpcCode>(answer.Trailers["grpc-status"]));
        }
    }
}
