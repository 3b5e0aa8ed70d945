using System.Diagnostics;
using ImageScan.Core.Telemetry;

namespace ImageScan.Core.Tests.Telemetry;

public sealed class SafeSpansTests
{
    [Fact]
    public void KeepTheRouteOfARequestAndNotItsPath()
    {
        Activity span = Cleaned(("url.path", "/v1/webhooks/acr/hunter2"), ("url.query", "?sig=hunter2"), ("http.route", "v1/webhooks/{provider}/{secret}"));

        Assert.Equal("/v1/webhooks/{provider}/{secret}", span.GetTagItem("url.path"));
        Assert.DoesNotContain(span.TagObjects, tag => $"{tag.Value}".Contains("hunter2", StringComparison.Ordinal));
    }

    [Fact]
    public void KeepNoPathThatHasNoRoute() => Assert.Null(Cleaned(("url.path", "/hunter2")).GetTagItem("url.path"));

    [Theory]
    [InlineData("https://cdn.example.com:8443/blobs/x?sig=hunter2", "https://cdn.example.com:8443/")]
    [InlineData("https://user:hunter2@registry.example.com/v2/team/app", "https://registry.example.com/")]
    [InlineData("hunter2", null)]
    public void KeepTheHostOfARequestOfOurs(string full, string? kept) =>
        Assert.Equal(kept, Cleaned(("url.full", full)).GetTagItem("url.full"));

    [Fact]
    public void KeepNoAddressesOfCallersAndNoTextsOfFailures()
    {
        Activity span = Cleaned(
            ("client.address", "192.0.2.1"),
            ("network.peer.address", "192.0.2.1"),
            ("http.target", "/x?y"),
            ("http.url", "http://h/x"),
            ("exception.message", "hunter2"));
        Assert.Empty(span.TagObjects);

        span.SetStatus(ActivityStatusCode.Error, "hunter2");
        using var safe = new SafeSpans();
        safe.OnEnd(span);

        Assert.Equal((ActivityStatusCode.Error, null), (span.Status, span.StatusDescription));
    }

    [Fact]
    public void KeepOfAFailureThatWasRecordedItsTypeAlone()
    {
        using var span = new Activity("span");
        span.AddException(new InvalidOperationException("hunter2"));
        span.AddEvent(new ActivityEvent("other", tags: new ActivityTagsCollection { ["kept"] = "yes" }));

        using var safe = new SafeSpans();
        safe.OnEnd(span);

        Assert.Equal(
            ["exception: exception.type=System.InvalidOperationException", "other: kept=yes"],
            span.Events.Select(happened => $"{happened.Name}: {string.Join(',', happened.Tags.Select(tag => $"{tag.Key}={tag.Value}"))}"));
    }

    [Fact]
    public void KeepAllElse() => Assert.Equal("sha256:00", Cleaned((SpanTags.Layer, "sha256:00")).GetTagItem(SpanTags.Layer));

    private static Activity Cleaned(params IEnumerable<(string Name, string Value)> tags)
    {
        var span = new Activity("span");
        foreach ((string name, string value) in tags)
        {
            span.SetTag(name, value);
        }

        using var safe = new SafeSpans();
        safe.OnEnd(span);
        return span;
    }
}
