using System.Text;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Tests.Api;

public sealed class SuppressionRequestTests
{
    private static readonly DateTimeOffset Moment = new(2026, 11, 26, 10, 0, 0, TimeSpan.Zero);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"cves":["CVE-1","","CVE-2","CVE-1",null],"duration":"86400s"}""")]
    [InlineData("""{"duration":"24h","cves":["CVE-1","CVE-2"],"unknown":[{}]}""")]
    public async Task ReadsWhatIsToBeSnoozed(string json)
    {
        SuppressCvesRequest request = await SuppressCvesRequest.ReadAsync(Request(json), Token);

        Assert.Equal(["CVE-1", "CVE-2"], request.Cves);
        Assert.Equal(TimeSpan.FromDays(1), request.Duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"cves":null,"duration":null}""")]
    public async Task ReadsNothingAsNothing(string json)
    {
        SuppressCvesRequest request = await SuppressCvesRequest.ReadAsync(Request(json), Token);

        Assert.Empty(request.Cves);
        Assert.Null(request.Duration);
    }

    [Theory]
    [InlineData("""{"cves":"CVE-1"}""", "json: cannot unmarshal string into Go value of type []json.RawMessage")]
    [InlineData("""{"cves":[1]}""", "json: cannot unmarshal number into Go value of type string")]
    [InlineData("""{"cves":[["CVE-1"]]}""", "json: cannot unmarshal array into Go value of type string")]
    [InlineData("""{"duration":86400}""", "json: cannot unmarshal number into Go value of type string")]
    [InlineData("""{"duration":"1d"}""", "bad Duration: time: unknown unit \"d\" in duration \"1d\"")]
    public async Task RefusesOtherTypes(string json, string message)
    {
        ApiException error = await Assert.ThrowsAsync<ApiException>(() => SuppressCvesRequest.ReadAsync(Request(json), Token));

        Assert.Equal((GrpcCode.InvalidArgument, message), (error.Code, error.Message));
    }

    [Theory]
    [InlineData("""{"cves":["CVE-1"],"comment":"why","scope":{"imageScope":{"registry":"quay.io","remote":"app","tag":"1"}},"exceptionExpiry":{"expiryType":"TIME","expiresOn":"2026-11-26T10:00:00Z"}}""")]
    [InlineData("""{"cves":["CVE-1"],"comment":"why","scope":{"image_scope":{"registry":"quay.io","remote":"app","tag":"1"}},"exception_expiry":{"expiry_type":0,"expires_on":"2026-11-26T11:00:00+01:00"}}""")]
    public async Task ReadsADeferral(string json)
    {
        NewException asked = (await DeferExceptionRequest.ReadAsync(Request(json), Token)).ToException();

        Assert.Equal((ExceptionTarget.Deferred, "why"), (asked.Target, asked.Comment));
        Assert.Equal(["CVE-1"], asked.Cves);
        Assert.Equal(new ExceptionScope("quay.io", "app", "1"), asked.Scope);
        Assert.Equal(new ExceptionExpiry(ExceptionExpiryKind.Time, Moment), asked.Expiry);
    }

    [Theory]
    [InlineData("TIME", ExceptionExpiryKind.Time, true)]
    [InlineData("ALL_CVE_FIXABLE", ExceptionExpiryKind.AllCveFixable, false)]
    [InlineData("ANY_CVE_FIXABLE", ExceptionExpiryKind.AnyCveFixable, false)]
    public async Task ReadsEveryEnd(string type, ExceptionExpiryKind kind, bool hasMoment)
    {
        string json = $$$"""{"exceptionExpiry":{"expiryType":"{{{type}}}","expiresOn":"2026-11-26T10:00:00Z"}}""";

        ExceptionExpiry? expiry = (await DeferExceptionRequest.ReadAsync(Request(json), Token)).ToException().Expiry;

        Assert.Equal(new ExceptionExpiry(kind, hasMoment ? Moment : null), expiry);
    }

    [Fact]
    public async Task ReadsADeferralForEver() => Assert.Equal(
        new ExceptionExpiry(ExceptionExpiryKind.Time),
        (await DeferExceptionRequest.ReadAsync(Request("""{"exceptionExpiry":{}}"""), Token)).ToException().Expiry);

    [Theory]
    [InlineData("""{"scope":[]}""", "json: cannot unmarshal array into Go value of type map[string]json.RawMessage")]
    [InlineData("""{"scope":{"imageScope":"x"}}""", "json: cannot unmarshal string into Go value of type map[string]json.RawMessage")]
    [InlineData("""{"exceptionExpiry":{"expiryType":"NEVER"}}""", "unknown value \"NEVER\" for enum v2.ExceptionExpiry_ExpiryType")]
    [InlineData("""{"exceptionExpiry":{"expiresOn":"soon"}}""", "bad Timestamp: parsing time \"soon\" as \"2006-01-02T15:04:05.999999999Z07:00\"")]
    public async Task RefusesADeferralOfAnotherForm(string json, string message)
    {
        ApiException error = await Assert.ThrowsAsync<ApiException>(() => DeferExceptionRequest.ReadAsync(Request(json), Token));

        Assert.Equal((GrpcCode.InvalidArgument, message), (error.Code, error.Message));
    }

    [Fact]
    public async Task ReadsAFalsePositive()
    {
        NewException asked = (await FalsePositiveExceptionRequest.ReadAsync(
            Request("""{"cves":["a","b"],"scope":{"imageScope":{"registry":".*","remote":".*","tag":".*"}},"comment":"no"}"""), Token)).ToException();

        Assert.Equal((ExceptionTarget.FalsePositive, "no", ExceptionScope.AllImages, null), (asked.Target, asked.Comment, asked.Scope, asked.Expiry));
        Assert.Equal(["a", "b"], asked.Cves);
    }

    [Fact]
    public async Task ReadsBothUpdates()
    {
        UpdateExceptionRequest deferral = await UpdateExceptionRequest.ReadAsync(
            Request("""{"id":"x","comment":"c","deferralUpdate":{"cves":["a"],"expiry":{"expiryType":1}}}"""), Token);
        UpdateExceptionRequest falsePositive = await UpdateExceptionRequest.ReadAsync(Request("""{"false_positive_update":{"cves":["b"]}}"""), Token);

        Assert.Equal(("c", null), (deferral.Comment, deferral.FalsePositiveUpdate));
        Assert.Equal(["a"], deferral.DeferralUpdate!.Cves);
        Assert.Equal(new WireExceptionExpiry(WireExpiryType.AllCveFixable, null), deferral.DeferralUpdate.Expiry);
        Assert.Null(falsePositive.DeferralUpdate);
        Assert.Equal(["b"], falsePositive.FalsePositiveUpdate!.Cves);
    }

    [Theory]
    [InlineData("""{"cve":"a","comment":"c","scope":{"globalScope":{}},"expiresOn":"2026-11-26T10:00:00Z"}""", ExceptionExpiryKind.Time, true)]
    [InlineData("""{"cve":"a","comment":"c","scope":{"globalScope":{}},"expiresWhenFixed":true}""", ExceptionExpiryKind.AnyCveFixable, false)]
    [InlineData("""{"cve":"a","comment":"c","scope":{"globalScope":{}}}""", ExceptionExpiryKind.Time, false)]
    public async Task ReadsADeferralOfTheOlderApi(string json, ExceptionExpiryKind kind, bool hasMoment)
    {
        NewException asked = (await DeferCveRequest.ReadAsync(Request(json), Token)).ToException();

        Assert.Equal((ExceptionTarget.Deferred, "c", new ExceptionExpiry(kind, hasMoment ? Moment : null)), (asked.Target, asked.Comment, asked.Expiry));
        Assert.Equal(ExceptionScope.AllImages with { IsStatedGlobal = true }, asked.Scope);
        Assert.Equal(["a"], asked.Cves);
    }

    [Fact]
    public async Task ReadsAFalsePositiveOfTheOlderApi()
    {
        NewException asked = (await FalsePositiveCveRequest.ReadAsync(
            Request("""{"cve":"","scope":{"imageScope":{"registry":"r","remote":"n"}},"comment":"c"}"""), Token)).ToException();

        Assert.Equal((ExceptionTarget.FalsePositive, "c", new ExceptionScope("r", "n", "")), (asked.Target, asked.Comment, asked.Scope));
        Assert.Empty(asked.Cves);
    }

    [Theory]
    [InlineData("""{"expiry":{"expiresWhenFixed":true}}""", ExceptionExpiryKind.AnyCveFixable, false)]
    [InlineData("""{"expiry":{"expiresOn":"2026-11-26T10:00:00Z"}}""", ExceptionExpiryKind.Time, true)]
    [InlineData("""{"expiry":{"expiryType":"ALL_CVE_FIXABLE"}}""", ExceptionExpiryKind.AllCveFixable, false)]
    [InlineData("""{"expiry":{}}""", ExceptionExpiryKind.Time, false)]
    public async Task ReadsAnotherEndOfTheOlderApi(string json, ExceptionExpiryKind kind, bool hasMoment) =>
        Assert.Equal(new ExceptionExpiry(kind, hasMoment ? Moment : null), (await UpdateCveRequest.ReadAsync(Request(json), Token)).ToExpiry());

    [Fact]
    public async Task ReadsNoOtherEndAsNone() => Assert.Null((await UpdateCveRequest.ReadAsync(Request("{}"), Token)).ToExpiry());

    private static HttpRequest Request(string json) => new DefaultHttpContext { Request = { Body = new MemoryStream(Encoding.UTF8.GetBytes(json)) } }.Request;
}
