using System.Text;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Results;
using static ImageScan.Core.Tests.Scans.Suppression.MadeExceptions;

namespace ImageScan.Core.Tests.Api;

public sealed class ExceptionAnswerTests
{
    private static readonly VulnerabilityException Whole = Deferral("id-1", Scope("quay/app:1"), "CVE-1", "CVE-2") with
    {
        Status = ExceptionStatus.ApprovedPendingUpdate,
        Approvers = [Bob],
        LastUpdated = Now,
        Comments = [new ExceptionComment("c1", "why", Ann, Now.AddDays(-1)), new ExceptionComment("c2", "[System Generated] x", null, Now)],
        Expiry = new ExceptionExpiry(ExceptionExpiryKind.Time, Now.AddDays(1)),
        Update = new ExceptionUpdate(["CVE-1"], new ExceptionExpiry(ExceptionExpiryKind.AnyCveFixable)),
    };

    [Fact]
    public void WritesADeferralKeyByKey() => Assert.Equal(
        """
        {"id":"id-1","name":"AA-261126-id-1","targetState":"DEFERRED","status":"APPROVED_PENDING_UPDATE","expired":false,
        "requester":{"id":"token:ann","name":"Ann Archer"},"approvers":[{"id":"token:bob","name":"Bob"}],
        "createdAt":"2026-11-25T12:00:00Z","lastUpdated":"2026-11-26T12:00:00Z",
        "comments":[{"id":"c1","message":"why","user":{"id":"token:ann","name":"Ann Archer"},"createdAt":"2026-11-25T12:00:00Z"},
        {"id":"c2","message":"[System Generated] x","user":null,"createdAt":"2026-11-26T12:00:00Z"}],
        "scope":{"imageScope":{"registry":"quay","remote":"app","tag":"1"}},
        "deferralRequest":{"expiry":{"expiryType":"TIME","expiresOn":"2026-11-27T12:00:00Z"}},"cves":["CVE-1","CVE-2"],
        "deferralUpdate":{"cves":["CVE-1"],"expiry":{"expiryType":"ANY_CVE_FIXABLE","expiresOn":null}}}
        """.ReplaceLineEndings(""),
        Json(Whole));

    [Fact]
    public void WritesAFalsePositiveKeyByKey()
    {
        VulnerabilityException exception = FalsePositive("id-1", Scope("quay/app:.*"), "CVE-1") with
        {
            Status = ExceptionStatus.ApprovedPendingUpdate,
            Update = new ExceptionUpdate(["CVE-2"], null),
        };

        Assert.Equal(
            """
            {"id":"id-1","name":"AA-261126-id-1","targetState":"FALSE_POSITIVE","status":"APPROVED_PENDING_UPDATE","expired":false,"requester":{"id":"token:ann","name":"Ann Archer"},"approvers":[],"createdAt":"2026-11-25T12:00:00Z","lastUpdated":"2026-11-25T12:00:00Z","comments":[],"scope":{"imageScope":{"registry":"quay","remote":"app","tag":".*"}},"falsePositiveRequest":{},"cves":["CVE-1"],"falsePositiveUpdate":{"cves":["CVE-2"]}}
            """.Trim(),
            Json(exception));
    }

    [Theory]
    [InlineData(ExceptionStatus.Pending, "PENDING")]
    [InlineData(ExceptionStatus.Approved, "APPROVED")]
    [InlineData(ExceptionStatus.Denied, "DENIED")]
    [InlineData(ExceptionStatus.ApprovedPendingUpdate, "APPROVED_PENDING_UPDATE")]
    public void WritesEveryStatus(ExceptionStatus status, string name)
    {
        Assert.Contains($"\"status\":\"{name}\"", Json(Whole with { Status = status }), StringComparison.Ordinal);
        Assert.Contains($"\"status\":\"{name}\"", OlderJson(Whole with { Status = status }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExceptionExpiryKind.Time, "{\"expiryType\":\"TIME\",\"expiresOn\":null}", "{\"expiryType\":\"TIME\"}")]
    [InlineData(ExceptionExpiryKind.AllCveFixable, "{\"expiryType\":\"ALL_CVE_FIXABLE\",\"expiresOn\":null}", "{\"expiryType\":\"ALL_CVE_FIXABLE\"}")]
    [InlineData(
        ExceptionExpiryKind.AnyCveFixable,
        "{\"expiryType\":\"ANY_CVE_FIXABLE\",\"expiresOn\":null}",
        "{\"expiresWhenFixed\":true,\"expiryType\":\"ANY_CVE_FIXABLE\"}")]
    public void WritesEveryEnd(ExceptionExpiryKind kind, string newer, string older)
    {
        VulnerabilityException exception = Whole with { Expiry = new ExceptionExpiry(kind), Update = null };

        Assert.Contains($"\"deferralRequest\":{{\"expiry\":{newer}}},", Json(exception), StringComparison.Ordinal);
        Assert.Contains($"\"deferralReq\":{{\"expiry\":{older}}},", OlderJson(exception), StringComparison.Ordinal);
    }

    [Fact]
    public void WritesARequestOfTheOlderApiKeyByKey() => Assert.Equal(
        """
        {"id":"id-1","name":"AA-261126-id-1","targetState":"DEFERRED","status":"APPROVED_PENDING_UPDATE","expired":false,
        "requestor":{"id":"token:ann","name":"Ann Archer"},"approvers":[{"id":"token:bob","name":"Bob"}],
        "createdAt":"2026-11-25T12:00:00Z","lastUpdated":"2026-11-26T12:00:00Z",
        "comments":[{"id":"c1","message":"why","user":{"id":"token:ann","name":"Ann Archer"},"createdAt":"2026-11-25T12:00:00Z"},
        {"id":"c2","message":"[System Generated] x","user":null,"createdAt":"2026-11-26T12:00:00Z"}],
        "scope":{"imageScope":{"registry":"quay","remote":"app","tag":"1"}},
        "requesterV2":{"id":"token:ann","name":"Ann Archer"},"approversV2":[{"id":"token:bob","name":"Bob"}],
        "deferralReq":{"expiry":{"expiresOn":"2026-11-27T12:00:00Z","expiryType":"TIME"}},"cves":{"cves":["CVE-1","CVE-2"]},
        "deferralUpdate":{"CVEs":["CVE-1"],"expiry":{"expiresWhenFixed":true,"expiryType":"ANY_CVE_FIXABLE"}}}
        """.ReplaceLineEndings(""),
        OlderJson(Whole));

    [Fact]
    public void WritesAnUpdateOfTheEndAloneWhereTheOlderApiPutsIt() => Assert.EndsWith(
        "\"updatedDeferralReq\":{\"expiry\":{\"expiryType\":\"TIME\"}}}",
        OlderJson(Whole with { Update = new ExceptionUpdate(Whole.Cves, new ExceptionExpiry(ExceptionExpiryKind.Time)) }),
        StringComparison.Ordinal);

    [Fact]
    public void WritesEverywhereOfTheOlderApi()
    {
        VulnerabilityException everywhere = FalsePositive("1", ExceptionScope.AllImages with { IsStatedGlobal = true }, "CVE-1");

        Assert.Contains("\"scope\":{\"globalScope\":{}},", OlderJson(everywhere), StringComparison.Ordinal);
        Assert.Contains("\"fpRequest\":{},\"cves\":{\"cves\":[\"CVE-1\"]}}", OlderJson(everywhere), StringComparison.Ordinal);
        Assert.Contains("\"scope\":null,", Json(everywhere), StringComparison.Ordinal);
    }

    private static string Json(VulnerabilityException exception) =>
        Body(new WireExceptionAnswer(ExceptionAnswer.Of(exception)), "{\"exception\":");

    private static string OlderJson(VulnerabilityException exception) =>
        Body(new WireVulnerabilityRequestAnswer(VulnerabilityRequestAnswer.Of(exception)), "{\"requestInfo\":");

    private static string Body<T>(T message, string around)
    {
        string json = Encoding.UTF8.GetString(WireJson.BytesOf(message, WireLayout.Compact));
        Assert.StartsWith(around, json, StringComparison.Ordinal);
        return json[around.Length..^1];
    }
}
