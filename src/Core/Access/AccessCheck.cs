using System.Net;
using ImageScan.Core.Access.Issuers;
using ImageScan.Core.Storage;
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
public sealed class AccessCheck(
    TokenTable tokens,
    PasswordTable passwords,
    ApiTokens apiTokens,
    IssuerTokens issuers,
    FailedAttempts failures,
    AccessSettings settings,
    AccessMode mode)
{
    private static readonly AccessIdentity Loopback = new("loopback", "loopback", [AccessRole.Admin]);
    private static readonly TimeSpan BusyRetry = TimeSpan.FromSeconds(5);

    /// <summary>
    /// What to do with a request. Throws <see cref="StorageException"/> and <see cref="IssuerUnreachableException"/> where who it is cannot be known
    /// now, unless the operation is open to all.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="needed">The rights its operation needs; none for an open one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<AccessDecision> DecideAsync(HttpRequest request, AccessRights needed, CancellationToken cancellationToken)
    {
        if (mode == AccessMode.Loopback)
        {
            return LoopbackGuard.RefusalOf(request) is { } refusal ? AccessDecision.Refused(refusal) : AccessDecision.Of(AccessVerdict.Allowed, Loopback);
        }

        Credential credential = Credential.Of(request.Headers);
        if (needed == AccessRights.None)
        {
            return AccessDecision.Of(AccessVerdict.Allowed, await GuessAsync(credential, cancellationToken));
        }

        try
        {
            return await DecideByCredentialAsync(request, credential, needed, cancellationToken);
        }
        catch (PasswordsBusyException)
        {
            return AccessDecision.Of(AccessVerdict.Busy, caller: null) with { RetryAfter = BusyRetry };
        }
    }

    /// <summary>Who a JWT stands for that was sent as a body and not as a credential; a wrong one counts as a wrong credential.</summary>
    public async Task<(IssuerFinding Finding, TimeSpan? RetryAfter)> ExamineAsync(HttpRequest request, string jwt, CancellationToken cancellationToken)
    {
        IssuerFinding finding = await issuers.FindAsync(jwt, cancellationToken);
        return (finding, finding.Caller is null ? failures.Add(AddressOf(request)) : null);
    }

    /// <summary>The address of the caller, as far as it can be known; null if not at all.</summary>
    public IPAddress? AddressOf(HttpRequest request)
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

    // An open operation may say more to those it knows. It never counts a failure, so it must not compute passwords either, and it answers also
    // while nobody can be known.
    private async Task<AccessIdentity?> GuessAsync(Credential credential, CancellationToken cancellationToken)
    {
        try
        {
            return await FindAsync(credential, cancellationToken);
        }
        catch (Exception unknowable) when (unknowable is StorageException or IssuerUnreachableException or PasswordsBusyException)
        {
            return null;
        }
    }

    private async Task<AccessDecision> DecideByCredentialAsync(
        HttpRequest request, Credential credential, AccessRights needed, CancellationToken cancellationToken)
    {
        if (!credential.IsThere)
        {
            return AccessDecision.Of(AccessVerdict.NoCredentials, caller: null);
        }

        if (credential.IsBasic && LoopbackGuard.ForeignPageRefusalOf(request) is { } refusal)
        {
            return AccessDecision.Refused(refusal);
        }

        // A right token is let in however many wrong ones its address has sent: it cannot be guessed, and behind a shared address one
        // fool would lock out all the others.
        if (await FindAsync(credential, cancellationToken) is { } known)
        {
            return Judged(known, needed);
        }

        // Counted before a password is compared, which is work, and taken back if it was right.
        IPAddress? address = AddressOf(request);
        if (failures.Add(address) is { } wait)
        {
            return AccessDecision.Of(AccessVerdict.TooManyFailures, caller: null) with { RetryAfter = wait };
        }

        if (credential is { UserName: { } name, Secret: { } password } && await passwords.FindAsync(name, password, cancellationToken) is { } user)
        {
            failures.Forgive(address);
            return Judged(user, needed);
        }

        return AccessDecision.Of(VerdictAgainst(credential), caller: null) with { UserName = credential.UserName ?? "" };
    }

    private static AccessVerdict VerdictAgainst(Credential credential) => credential switch
    {
        { IsBasic: true, UserName: null } => AccessVerdict.UnreadablePassword,
        { IsBasic: true } => AccessVerdict.BadPassword,
        { Secret: null } => AccessVerdict.NoCredentials,
        _ => AccessVerdict.BadCredentials,
    };

    private static AccessDecision Judged(AccessIdentity caller, AccessRights needed) =>
        AccessDecision.Of(AccessRoles.RightsOf(caller.Roles).HasFlag(needed) ? AccessVerdict.Allowed : AccessVerdict.LacksRole, caller);

    // What costs little: hashes at hand, one row of a table, one signature.
    private async Task<AccessIdentity?> FindAsync(Credential credential, CancellationToken cancellationToken)
    {
        if (credential.Secret is not { } secret)
        {
            return null;
        }

        AccessIdentity? found = tokens.Find(secret) ?? await apiTokens.FindAsync(secret, cancellationToken);
        if (credential.UserName is { } name)
        {
            // Clients that can send no Bearer send the token as the password of its name.
            return found?.Name == name ? found : await passwords.FindKnownAsync(name, secret, cancellationToken);
        }

        return found ?? (IssuerTokens.IsLikely(secret) ? (await issuers.FindAsync(secret, cancellationToken)).Caller : null);
    }
}
