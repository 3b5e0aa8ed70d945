using ImageScan.Core.Api.Wire;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary><c>v1.SuppressCVERequest</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/cve_service.proto).</summary>
/// <param name="Cves">What is snoozed; empty names count as none.</param>
/// <param name="Duration">For how long, as <c>86400s</c> or, as also since 4.6, <c>24h</c>; null if it is missing.</param>
public sealed record SuppressCvesRequest(IReadOnlyList<string> Cves, TimeSpan? Duration)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<SuppressCvesRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequestBody body = await RequestBody.ReadAsync(request, cancellationToken);
        return new(ExceptionFields.CvesOf(body), body.Duration("duration"));
    }
}

/// <summary><c>v1.UnsuppressCVERequest</c>.</summary>
/// <param name="Cves">What is no longer snoozed; empty names count as none.</param>
public sealed record UnsuppressCvesRequest(IReadOnlyList<string> Cves)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<UnsuppressCvesRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        new(ExceptionFields.CvesOf(await RequestBody.ReadAsync(request, cancellationToken)));
}

/// <summary>
/// <c>v1.DeferVulnRequest</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/vuln_mgmt_req_service.proto).
/// </summary>
/// <param name="Cve">What is put off; "" if it is missing.</param>
/// <param name="Comment">Why.</param>
/// <param name="Scope">In which images; null if it is missing.</param>
/// <param name="ExpiresWhenFixed">Until there is a fix; counts before the moment.</param>
/// <param name="ExpiresOn">Until when; null means for ever.</param>
public sealed record DeferCveRequest(string Cve, string Comment, WireRequestScope? Scope, bool ExpiresWhenFixed, DateTimeOffset? ExpiresOn)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<DeferCveRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequestBody body = await RequestBody.ReadAsync(request, cancellationToken);
        return new(body.Text("cve"), body.Text("comment"), CveFields.ScopeOf(body), body.Flag("expiresWhenFixed"), body.Moment("expiresOn"));
    }

    internal NewException ToException() => new()
    {
        Target = ExceptionTarget.Deferred,
        Cves = ExceptionFields.Named([Cve]),
        Comment = Comment,
        Scope = CveFields.ScopeOf(Scope),
        Expiry = ExpiresWhenFixed ? new ExceptionExpiry(ExceptionExpiryKind.AnyCveFixable) : new ExceptionExpiry(ExceptionExpiryKind.Time, ExpiresOn),
    };
}

/// <summary><c>v1.FalsePositiveVulnRequest</c>.</summary>
/// <param name="Cve">What is taken for a false positive; "" if it is missing.</param>
/// <param name="Scope">In which images; null if it is missing.</param>
/// <param name="Comment">Why.</param>
public sealed record FalsePositiveCveRequest(string Cve, WireRequestScope? Scope, string Comment)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<FalsePositiveCveRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequestBody body = await RequestBody.ReadAsync(request, cancellationToken);
        return new(body.Text("cve"), CveFields.ScopeOf(body), body.Text("comment"));
    }

    internal NewException ToException() => new()
    {
        Target = ExceptionTarget.FalsePositive,
        Cves = ExceptionFields.Named([Cve]),
        Comment = Comment,
        Scope = CveFields.ScopeOf(Scope),
    };
}

/// <summary><c>v1.UpdateVulnRequest</c>. The id that counts is the one in the path.</summary>
/// <param name="Comment">Why.</param>
/// <param name="Expiry">When the deferral is to end; null if it is missing.</param>
public sealed record UpdateCveRequest(string Comment, WireRequestExpiry? Expiry)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<UpdateCveRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        RequestBody body = await RequestBody.ReadAsync(request, cancellationToken);
        return new(body.Text("comment"), body.Message("expiry") is { } expiry ? CveFields.ExpiryOf(expiry) : null);
    }

    internal ExceptionExpiry? ToExpiry() => Expiry switch
    {
        null => null,
        { ExpiresWhenFixed: true } => new ExceptionExpiry(ExceptionExpiryKind.AnyCveFixable),
        { ExpiryType: WireExpiryType.Time } => new ExceptionExpiry(ExceptionExpiryKind.Time, Expiry.ExpiresOn),
        _ => new ExceptionExpiry((ExceptionExpiryKind)Expiry.ExpiryType),
    };
}

/// <summary>What the messages of the older API have in common.</summary>
internal static class CveFields
{
    public static WireRequestScope? ScopeOf(RequestBody body) => body.Message("scope") is { } scope
        ? new WireRequestScope
        {
            ImageScope = ExceptionFields.ImageScopeOf(scope),
            GlobalScope = scope.Message("globalScope") is null ? null : new WireEmpty(),
        }
        : null;

    public static ExceptionScope? ScopeOf(WireRequestScope? scope) => scope switch
    {
        { GlobalScope: not null } => ExceptionScope.AllImages with { IsStatedGlobal = true },
        { ImageScope: { } image } => new ExceptionScope(image.Registry, image.Remote, image.Tag),
        _ => null,
    };

    public static WireRequestExpiry ExpiryOf(RequestBody expiry) => new()
    {
        ExpiresWhenFixed = expiry.Flag("expiresWhenFixed") ? true : null,
        ExpiresOn = expiry.Moment("expiresOn"),
        ExpiryType = expiry.Choice<WireExpiryType>("expiryType", "storage.RequestExpiry_ExpiryType"),
    };
}
