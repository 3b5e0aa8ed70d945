using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace ImageScan.Core.Access;

/// <summary>Who is let in without a token.</summary>
public enum AccessMode
{
    /// <summary>Nobody.</summary>
    Tokens,

    /// <summary>
    /// Programs on this machine, which <see cref="LoopbackGuard"/> tells from web pages. Only for a server bound to loopback.
    /// </summary>
    Loopback,
}

/// <summary>Decides who may do what.</summary>
public sealed class AccessCheck(TokenTable tokens, FailedAttempts failures, AccessSettings settings, AccessMode mode)
{
    // Functions' own keys travel in this header; ours do too, for tools that can set no other.
    private const string KeyHeader = "x-functions-key";
    private const string BearerPrefix = "Bearer ";

    /// <summary>What to do with a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="needed">The rights its operation needs; none for an open one.</param>
    public AccessDecision Decide(HttpRequest request, AccessRights needed)
    {
        if (mode == AccessMode.Loopback)
        {
            return LoopbackGuard.RefusalOf(request) is { } refusal
                ? new AccessDecision(AccessVerdict.Refused, "unknown", refusal)
                : new AccessDecision(AccessVerdict.Allowed, "loopback") { CallerId = "loopback", Roles = [AccessRole.Admin] };
        }

        return needed == AccessRights.None ? DecideOpen(request) : DecideByToken(request, needed);
    }

    // An open operation may say more to those it knows, and never counts a failure.
    private AccessDecision DecideOpen(HttpRequest request) =>
        CredentialOf(request.Headers).Token is { } token && tokens.Find(token) is { } caller
            ? Decided(AccessVerdict.Allowed, caller)
            : new AccessDecision(AccessVerdict.Allowed, "anonymous");

    private AccessDecision DecideByToken(HttpRequest request, AccessRights needed)
    {
        (string? token, bool isOfOtherScheme) = CredentialOf(request.Headers);
        if (token is null && !isOfOtherScheme)
        {
            return new AccessDecision(AccessVerdict.NoCredentials, "anonymous");
        }

        // A right token is let in however many wrong ones its address has sent: it cannot be guessed, and behind a shared address one
        // fool would lock out all the others.
        if (token is not null && tokens.Find(token) is { } caller)
        {
            return Decided(AccessRoles.RightsOf(caller.Role).HasFlag(needed) ? AccessVerdict.Allowed : AccessVerdict.LacksRole, caller);
        }

        return failures.Add(AddressOf(request)) is { } wait
            ? new AccessDecision(AccessVerdict.TooManyFailures, "unknown") { RetryAfter = wait }
            : new AccessDecision(token is null ? AccessVerdict.NoCredentials : AccessVerdict.BadCredentials, "unknown");
    }

    private static AccessDecision Decided(AccessVerdict verdict, AccessToken caller) =>
        new(verdict, caller.Name) { CallerId = $"token:{caller.Name}", Roles = [caller.Role] };

    private static (string? Token, bool IsOfOtherScheme) CredentialOf(IHeaderDictionary headers)
    {
        string authorization = headers.Authorization.ToString();
        if (authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return (authorization[BearerPrefix.Length..].Trim(), false);
        }

        string key = headers[KeyHeader].ToString();
        return key.Length > 0 ? (key, false) : (null, authorization.Length > 0);
    }

    private IPAddress? AddressOf(HttpRequest request)
    {
        StringValues forwarded = request.Headers["X-Forwarded-For"];
        if (settings.TrustForwardedFor && forwarded.Count > 0)
        {
            // What the nearest front end saw is last; everything before it is the caller's own word. Azure's adds the port.
            string last = forwarded[^1]!.Split(',')[^1].Trim();
            return IPEndPoint.TryParse(last, out IPEndPoint? endPoint) ? endPoint.Address : null;
        }

        return request.HttpContext.Connection.RemoteIpAddress;
    }
}

/// <summary>What has been decided.</summary>
/// <param name="Verdict">In or out, and why.</param>
/// <param name="Caller">The name for the log.</param>
/// <param name="Reason">Why a request of a foreign page is refused; "" for every other verdict.</param>
public sealed record AccessDecision(AccessVerdict Verdict, string Caller, string Reason = "")
{
    /// <summary>Whether the caller is known, so that an open operation may say more.</summary>
    public bool IsIdentified => CallerId.Length > 0;

    /// <summary>Who it is, in a form that stays: <c>token:NAME</c>, <c>loopback</c>; "" if that is not known.</summary>
    public string CallerId { get; init; } = "";

    public IReadOnlyList<AccessRole> Roles { get; init; } = [];

    /// <summary>When to try again; null unless there were too many failures.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

public enum AccessVerdict
{
    Allowed,

    /// <summary>No token came with the request.</summary>
    NoCredentials,

    /// <summary>A token came, and is nobody's.</summary>
    BadCredentials,

    /// <summary>The caller is known and may not do this.</summary>
    LacksRole,

    /// <summary>Too many wrong credentials from this address.</summary>
    TooManyFailures,

    /// <summary>A web page, or a machine elsewhere, asks a server that is for this machine only.</summary>
    Refused,
}
