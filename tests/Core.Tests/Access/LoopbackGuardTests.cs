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
