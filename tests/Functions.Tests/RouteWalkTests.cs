using System.Net;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core;
using ImageScan.Core.Access;
using ImageScan.Core.Api;
using ImageScan.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.Functions.Tests;

/// <summary>
/// The functions themselves, asked by every kind of caller: the table of docs/access.md. There is no storage, so of what is let in only the open
/// routes are asked.
/// </summary>
public sealed class RouteWalkTests : IDisposable
{
    private static readonly string[] Roles = ["read", "scan", "requester", "approver", "admin"];

    private static readonly string[] Broken =
    [
        "Bearer nobody's", "Bearer ", "Bearer isf_AAAA", "Bearer eyJhbGciOiJub25lIn0.eyJpc3MiOiJub2JvZHkifQ.", "Basic YWRtaW46YWRtaW4=", "Basic %", "Negotiate x",
    ];

    private readonly ServiceProvider _services = new ServiceCollection().AddImageScan(Settings(), AccessMode.Tokens).BuildServiceProvider();
    private int _asked;

    public void Dispose() => _services.Dispose();

    [Fact]
    public void GoesToEveryFunction() => Assert.Equal(
        Trigger.All.Where(trigger => trigger.Http is not null).Select(trigger => $"{Assert.Single(trigger.Http!.Methods!).ToUpperInvariant()} {AccessRow.PathOf(trigger.Http.Route!)}").Order(StringComparer.Ordinal),
        AccessRow.Read().Select(row => row.Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task FindsWhatTheTableSays()
    {
        var wrong = new List<string>();
        foreach (AccessRow row in AccessRow.Read())
        {
            IEnumerable<(string Caller, string? Authorization)> credentials =
            [
                ("without", null),
                .. Broken.Select(broken => ("without", (string?)broken)),
                .. Roles.Select(role => (role, (string?)$"Bearer the token of {role}")),
            ];
            foreach ((string caller, string? authorization) in credentials.Where(credential => row.Cells[credential.Caller] != "ok"))
            {
                int status = await AskAsync(row, authorization);
                if ($"{status}" != row.Cells[caller])
                {
                    wrong.Add($"{row.Name} {caller} {authorization}: {status}, not {row.Cells[caller]}");
                }
            }
        }

        Assert.Empty(wrong);
    }

    // The host's own keys come in the query or in this header, and are for the host.
    [Fact]
    public async Task TakesNoKeyOfTheHost()
    {
        AccessRow images = AccessRow.Read().Single(row => row.Name == "GET /v1/images");

        Assert.Equal(401, await AskAsync(images, authorization: null, request => request.QueryString = new QueryString("?code=the%20token%20of%20admin")));
        Assert.Equal(401, await AskAsync(images, authorization: null, request => request.Headers["x-functions-key"] = "bm8gdG9rZW4gb2Ygb3Vycw=="));
    }

    private static IConfiguration Settings()
    {
        var settings = new Dictionary<string, string?>
        {
            ["AzureWebJobsStorage"] = "DefaultEndpointsProtocol=http;AccountName=nobody;AccountKey=bm9ib2R5;TableEndpoint=http://127.0.0.1:1/nobody;"
                + "QueueEndpoint=http://127.0.0.1:1/nobody;BlobEndpoint=http://127.0.0.1:1/nobody",
        };
        foreach ((int i, string role) in Roles.Index())
        {
            settings[$"Access:Tokens:{i}:Hash"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"the token of {role}")));
            settings[$"Access:Tokens:{i}:Role"] = role;
        }

        return new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
    }

    private async Task<int> AskAsync(AccessRow row, string? authorization, Action<HttpRequest>? with = null)
    {
        Trigger trigger = Trigger.All.Single(trigger =>
            trigger.Http is { } http && http.Route == row.Route && http.Methods!.Contains(row.Method, StringComparer.OrdinalIgnoreCase));
        var context = new DefaultHttpContext { RequestServices = _services };
        context.Request.Method = row.Method;
        context.Request.Path = row.Path;
        context.Request.Body = new MemoryStream("{}"u8.ToArray());
        bool isPing = row.Route == Routes.GrpcPing;
        if (isPing)
        {
            // Who is refused is told so in plain HTTP as well; who is let in has to speak gRPC-Web.
            context.Request.ContentType = "application/grpc-web";
            context.Request.Body = new MemoryStream(new byte[5]);
        }

        context.Request.RouteValues = new RouteValueDictionary { ["id"] = "none", ["asset"] = "none", ["provider"] = "generic", ["secret"] = "none", ["image"] = "none" };
        context.Response.Body = new MemoryStream();

        // From an address of its own, or the wrong credentials would soon be too many.
        _asked++;
        context.Connection.RemoteIpAddress = IPAddress.Parse($"198.51.{_asked / 250}.{_asked % 250}");
        if (authorization is not null)
        {
            context.Request.Headers.Authorization = authorization;
        }

        with?.Invoke(context.Request);
        object triggers = ActivatorUtilities.CreateInstance(_services, trigger.Method.DeclaringType!);
        await (Task)trigger.Method.Invoke(triggers, [context.Request])!;
        if (isPing)
        {
            Assert.EndsWith("grpc-status: 0\r\n", Encoding.ASCII.GetString(((MemoryStream)context.Response.Body).ToArray()), StringComparison.Ordinal);
        }

        return context.Response.StatusCode;
    }
}
