using System.Net;
using ImageScan.Core.Access;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Tests.Access;

public sealed class LoopbackGuardTests
{
    [Theory]
    [InlineData("localhost:7071")]
    [InlineData("LOCALHOST")]
    [InlineData("127.0.0.1:7071")]
    [InlineData("127.8.9.1")]
    [InlineData("[::1]:7071")]
    public void LetsProgramsOfThisMachineIn(string host) => Assert.Null(Refusal(host));

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:7071")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("192.168.1.5")]
    [InlineData("[2001:db8::1]")]
    [InlineData("0.0.0.0")]
    [InlineData("")]
    public void RefusesAnotherHost(string host) =>
        Assert.Equal($"this server answers to localhost, 127.0.0.1 and [::1] only, not to the host \"{host}\"", Refusal(host));

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("Cross-Site")]
    [InlineData("whatever")]
    public void RefusesPagesOfAnotherSite(string site) => Assert.Equal(
        $"requests that a page of another site makes are refused (Sec-Fetch-Site \"{site}\")",
        Refusal("localhost:7071", ("Sec-Fetch-Site", site)));

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://localhost:3000")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost:7071.evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost:7071,https://evil.example")]
    public void RefusesPagesOfAnotherOrigin(string origin) => Assert.Equal(
        $"requests that a page of another origin makes are refused (Origin \"{origin}\")",
        Refusal("localhost:7071", ("Origin", origin)));

    [Theory]
    [InlineData("Origin", "http://localhost:7071")]
    [InlineData("Sec-Fetch-Site", "same-origin")]
    [InlineData("Sec-Fetch-Site", "none")]
    public void LetsItsOwnPagesIn(string header, string value) => Assert.Null(Refusal("localhost:7071", (header, value)));

    // Reached by a link of another site, as people share them.
    [Fact]
    public void LetsPeopleFollowALinkToThePage() => Assert.Null(Followed("GET", "/", "navigate", "document"));

    [Theory]
    [InlineData("GET", "/v1/images", "navigate", "document")]
    [InlineData("GET", "/v1/images/cache/invalidate", "navigate", "document")]
    [InlineData("GET", "//", "navigate", "document")]
    [InlineData("POST", "/", "navigate", "document")]
    [InlineData("GET", "/", "no-cors", "script")]
    [InlineData("GET", "/", "cors", "empty")]
    [InlineData("GET", "/", "navigate", "iframe")]
    public void RefusesEverythingElseThatAPageOfAnotherSiteLeadsTo(string method, string path, string mode, string destination) =>
        Assert.StartsWith("requests that a page of another site makes are refused", Followed(method, path, mode, destination), StringComparison.Ordinal);

    [Fact]
    public void RefusesALinkToThePageUnderAnotherName()
    {
        HttpRequest request = Link("GET", "/", "navigate", "document");
        request.Host = new HostString("rebound.example");

        Assert.NotNull(LoopbackGuard.RefusalOf(request));
    }

    [Fact]
    public void RefusesAnotherMachine()
    {
        var context = new DefaultHttpContext();
        context.Request.Host = new HostString("localhost");
        context.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");

        Assert.Equal("this server answers programs on its own machine only, not 192.0.2.7", LoopbackGuard.RefusalOf(context.Request));
    }

    [Fact]
    public void QuotesNoMoreThanAHundredCharacters() =>
        Assert.True(Refusal("localhost", ("Origin", new string('x', 9_000)))!.Length < 250);

    private static string? Followed(string method, string path, string mode, string destination) =>
        LoopbackGuard.RefusalOf(Link(method, path, mode, destination));

    private static HttpRequest Link(string method, string path, string mode, string destination)
    {
        HttpRequest request = new DefaultHttpContext().Request;
        request.Method = method;
        request.Path = path;
        request.Host = new HostString("localhost:7071");
        request.Headers["Sec-Fetch-Site"] = "cross-site";
        request.Headers["Sec-Fetch-Mode"] = mode;
        request.Headers["Sec-Fetch-Dest"] = destination;
        return request;
    }

    private static string? Refusal(string host, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Request.Host = new HostString(host);
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        foreach ((string name, string value) in headers)
        {
            context.Request.Headers[name] = value;
        }

        return LoopbackGuard.RefusalOf(context.Request);
    }
}
