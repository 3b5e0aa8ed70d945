using ImageScan.Core.Access;
using ImageScan.Core.Access.Issuers;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Says who the caller is, and exchanges JWTs for tokens, as StackRox's AuthService does
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/auth/service/service_impl.go).
/// </summary>
public sealed class AuthApi(AccessCheck access, ApiTokens tokens, CallerAllowance allowance, ILogger<AuthApi> logger) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.GetAuthStatus] = (context, _) => Task.FromResult(ApiResult.Json(StatusOf(IdentityOf(context)))),
        [Operations.GetMyPermissions] = (context, _) => Task.FromResult(ApiResult.Json(new WirePermissions(GrantedAccess.Of(IdentityOf(context).Roles)))),
        [Operations.ExchangeToken] = ExchangeAsync,
    };

    /// <summary>Who the caller is, in the words of StackRox.</summary>
    internal static WireAuthStatus StatusOf(AccessIdentity caller) => new()
    {
        UserId = caller.UserId,

        // What never ends ends there with the last moment that a time of protobuf can be
        // (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/timeutil/max.go).
        Expires = caller.ExpiresAt ?? DateTimeOffset.MaxValue,
        UserInfo = new WireUserInfo
        {
            Username = caller.UserName,
            FriendlyName = caller.Description,
            Permissions = new WirePermissions(GrantedAccess.Of(caller.Roles)),
            Roles = [.. caller.Roles.Select(role => new WireUserRole(AccessRoles.NameOf(role), GrantedAccess.Of([role])))],
        },
        UserAttributes = [
            .. caller.UserName.Length == 0 ? [new WireUserTrait("name", [caller.Name])] : Array.Empty<WireUserTrait>(),
            new WireUserTrait("role", [.. caller.Roles.Select(AccessRoles.NameOf)]),
            .. caller.UserName.Length > 0 ? [new WireUserTrait("username", [caller.UserName])] : Array.Empty<WireUserTrait>(),
        ],
    };

    private static AccessIdentity IdentityOf(HttpContext context) =>
        context.Features.GetRequiredFeature<AccessDecision>().Identity ?? throw Refusals.NoCredentials("credentials not found");

    private async Task<ApiResult> ExchangeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ExchangeTokenRequest request = await ExchangeTokenRequest.ReadAsync(context.Request, cancellationToken);
        (IssuerFinding finding, TimeSpan? retryAfter) = await access.ExamineAsync(context.Request, request.IdToken, cancellationToken);
        if (finding.Caller is not { } caller)
        {
            throw retryAfter is { } wait ? Refusals.TooManyFailures(wait) : Refusals.NoCredentials(ReasonOf(finding));
        }

        if (allowance.Add(caller.Id) is { } pause)
        {
            throw Refusals.TooManyRequests(pause);
        }

        string token = await tokens.ExchangeAsync(caller, cancellationToken);
        logger.LogInformation("Token exchanged for {CallerId}", HostileText.Plain(caller.Id, 500));
        return ApiResult.Json(new WireExchangedToken(token));
    }

    // The words of https://github.com/stackrox/stackrox/blob/4.5.0/central/auth/m2m/exchanger.go, without the reason behind them. What is no JWT is
    // an invalid argument there; here it is a caller without credentials.
    private static string ReasonOf(IssuerFinding finding) => finding.Verdict switch
    {
        IssuerVerdict.Unreadable => "ID token could not be parsed",
        IssuerVerdict.UnknownIssuer => $"issuer {HostileText.Quote(finding.Issuer)} is not configured",
        IssuerVerdict.NoRole => "resolving roles for id token: access for this user is not authorized: no valid role, please contact your system administrator",
        _ => "ID token is invalid",
    };
}
