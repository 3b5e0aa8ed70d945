using ImageScan.Core.Api.Wire;
using ImageScan.Core.Results;

namespace ImageScan.Core.Api;

/// <summary>
/// An exception in the wire form of the newer API
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/convert/storagetov2/vuln_exception_service.go). Enums change by their numbers.
/// </summary>
internal static class ExceptionAnswer
{
    public static WireException Of(VulnerabilityException exception) => new()
    {
        Id = exception.Id,
        Name = exception.Name,
        TargetState = (VulnerabilityState)exception.Target,
        Status = (WireExceptionStatus)exception.Status,
        Expired = exception.IsExpired,
        Requester = UserOf(exception.Requester),
        Approvers = [.. exception.Approvers.Select(UserOf)],
        CreatedAt = exception.CreatedAt,
        LastUpdated = exception.LastUpdated,
        Comments = [.. exception.Comments.Select(CommentOf)],
        // "Everywhere" of the older API has no form here.
        Scope = exception.Scope.IsStatedGlobal ? null : new WireExceptionScope(ScopeOf(exception.Scope)),
        DeferralRequest = exception.Target == ExceptionTarget.Deferred ? new WireDeferral(ExpiryOf(exception.Expiry)) : null,
        FalsePositiveRequest = exception.Target == ExceptionTarget.FalsePositive ? new WireEmpty() : null,
        Cves = exception.Cves,
        DeferralUpdate = exception is { Target: ExceptionTarget.Deferred, Update: { } deferral }
            ? new WireDeferralUpdate(deferral.Cves, ExpiryOf(deferral.Expiry))
            : null,
        FalsePositiveUpdate = exception is { Target: ExceptionTarget.FalsePositive, Update: { } falsePositive }
            ? new WireFalsePositiveUpdate(falsePositive.Cves)
            : null,
    };

    internal static WireSlimUser UserOf(ExceptionActor actor) => new(actor.Id, actor.Name);

    internal static WireExceptionComment CommentOf(ExceptionComment comment) =>
        new(comment.Id, comment.Message, comment.Author is { } author ? UserOf(author) : null, comment.CreatedAt);

    internal static WireImageScope ScopeOf(ExceptionScope scope) => new(scope.Registry, scope.Remote, scope.Tag);

    private static WireExceptionExpiry ExpiryOf(ExceptionExpiry? expiry) =>
        expiry is null ? new WireExceptionExpiry(WireExpiryType.Time, null) : new WireExceptionExpiry((WireExpiryType)expiry.Kind, expiry.ExpiresOn);
}
