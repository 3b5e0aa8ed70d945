using ImageScan.Core.Api.Wire;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>
/// <c>v2.CreateDeferVulnerabilityExceptionRequest</c>
/// (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v2/vuln_exception_service.proto).
/// </summary>
/// <param name="Cves">What is put off; empty names count as none.</param>
/// <param name="Comment">Why.</param>
/// <param name="Scope">In which images; null if it is missing.</param>
/// <param name="ExceptionExpiry">Until when; null if it is missing.</param>
public sealed record DeferExceptionRequest(
    IReadOnlyList<string> Cves, string Comment, WireExceptionScope? Scope, WireExceptionExpiry? ExceptionExpiry)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<DeferExceptionRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequestBody body = await RequestBody.ReadAsync(request, cancellationToken);
        return new(
            ExceptionFields.CvesOf(body), body.Text("comment"), ExceptionFields.ScopeOf(body), ExceptionFields.ExpiryOf(body.Message("exceptionExpiry")));
    }

    internal NewException ToException() => new()
    {
        Target = ExceptionTarget.Deferred,
        Cves = Cves,
        Comment = Comment,
        Scope = ExceptionFields.ScopeOf(Scope),
        Expiry = ExceptionFields.ExpiryOf(ExceptionExpiry),
    };
}

/// <summary><c>v2.CreateFalsePositiveVulnerabilityExceptionRequest</c>.</summary>
/// <param name="Cves">What is taken for a false positive; empty names count as none.</param>
/// <param name="Scope">In which images; null if it is missing.</param>
/// <param name="Comment">Why.</param>
public sealed record FalsePositiveExceptionRequest(IReadOnlyList<string> Cves, WireExceptionScope? Scope, string Comment)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<FalsePositiveExceptionRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequestBody body = await RequestBody.ReadAsync(request, cancellationToken);
        return new(ExceptionFields.CvesOf(body), ExceptionFields.ScopeOf(body), body.Text("comment"));
    }

    internal NewException ToException() => new()
    {
        Target = ExceptionTarget.FalsePositive,
        Cves = Cves,
        Comment = Comment,
        Scope = ExceptionFields.ScopeOf(Scope),
    };
}

/// <summary>
/// <c>v2.ApproveVulnerabilityExceptionRequest</c> and <c>v2.DenyVulnerabilityExceptionRequest</c>, and those of the older API. The id that counts is
/// the one in the path.
/// </summary>
/// <param name="Comment">Why.</param>
public sealed record DecideExceptionRequest(string Comment)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<DecideExceptionRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        new((await RequestBody.ReadAsync(request, cancellationToken)).Text("comment"));
}

/// <summary><c>v2.UpdateVulnerabilityExceptionRequest</c>. The id that counts is the one in the path.</summary>
/// <param name="Comment">Why.</param>
/// <param name="DeferralUpdate">What a deferral is to be; null if it is missing.</param>
/// <param name="FalsePositiveUpdate">What a false positive is to be; null if it is missing.</param>
public sealed record UpdateExceptionRequest(string Comment, WireDeferralUpdate? DeferralUpdate, WireFalsePositiveUpdate? FalsePositiveUpdate)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<UpdateExceptionRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequestBody body = await RequestBody.ReadAsync(request, cancellationToken);
        return new(
            body.Text("comment"),
            body.Message("deferralUpdate") is { } deferral
                ? new WireDeferralUpdate(ExceptionFields.CvesOf(deferral), ExceptionFields.ExpiryOf(deferral.Message("expiry")))
                : null,
            body.Message("falsePositiveUpdate") is { } falsePositive ? new WireFalsePositiveUpdate(ExceptionFields.CvesOf(falsePositive)) : null);
    }
}

/// <summary>What the messages have in common.</summary>
internal static class ExceptionFields
{
    /// <summary>The CVEs, each once, without empty names.</summary>
    public static IReadOnlyList<string> CvesOf(RequestBody body) => Named(body.Texts("cves"));

    public static IReadOnlyList<string> Named(IEnumerable<string> cves) => [.. cves.Where(cve => cve.Length > 0).Distinct(StringComparer.Ordinal)];

    public static WireExceptionScope? ScopeOf(RequestBody body) =>
        body.Message("scope") is { } scope ? new WireExceptionScope(ImageScopeOf(scope)) : null;

    public static WireImageScope? ImageScopeOf(RequestBody scope) =>
        scope.Message("imageScope") is { } image ? new WireImageScope(image.Text("registry"), image.Text("remote"), image.Text("tag")) : null;

    public static ExceptionScope? ScopeOf(WireExceptionScope? scope) =>
        scope?.ImageScope is { } image ? new ExceptionScope(image.Registry, image.Remote, image.Tag) : null;

    public static WireExceptionExpiry? ExpiryOf(RequestBody? expiry) => expiry is null
        ? null
        : new WireExceptionExpiry(
            expiry.Choice<WireExpiryType>("expiryType", "v2.ExceptionExpiry_ExpiryType"), expiry.Moment("expiresOn"));

    // A moment says nothing where fixes decide.
    public static ExceptionExpiry? ExpiryOf(WireExceptionExpiry? expiry) => expiry switch
    {
        null => null,
        { ExpiryType: WireExpiryType.Time } => new ExceptionExpiry(ExceptionExpiryKind.Time, expiry.ExpiresOn),
        _ => new ExceptionExpiry((ExceptionExpiryKind)expiry.ExpiryType),
    };
}
