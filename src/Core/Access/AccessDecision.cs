namespace ImageScan.Core.Access;

/// <summary>What has been decided.</summary>
/// <param name="Verdict">In or out, and why.</param>
/// <param name="Identity">Who it is; null if nobody knows.</param>
public sealed record AccessDecision(AccessVerdict Verdict, AccessIdentity? Identity)
{
    /// <summary>The name for the log; hostile.</summary>
    public string Caller => Identity?.Name ?? (Verdict is AccessVerdict.Allowed or AccessVerdict.NoCredentials ? "anonymous" : "unknown");

    /// <summary>The stable id of the caller; "" if nobody knows.</summary>
    public string CallerId => Identity?.Id ?? "";

    public IReadOnlyList<AccessRole> Roles => Identity?.Roles ?? [];

    /// <summary>Whether the caller is known, so that an open operation may say more.</summary>
    public bool IsIdentified => Identity is not null;

    /// <summary>Why a request of a foreign page is refused; "" for every other verdict.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The user name whose password was wrong; "" for every other verdict; hostile.</summary>
    public string UserName { get; init; } = "";

    /// <summary>When to try again; null unless there was too much of something.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Nothing is known, and nothing allowed.</summary>
    internal static AccessDecision Unknown { get; } = new(AccessVerdict.BadCredentials, null);

    internal static AccessDecision Of(AccessVerdict verdict, AccessIdentity? caller) => new(verdict, caller);

    internal static AccessDecision Refused(string reason) => new(AccessVerdict.Refused, null) { Reason = reason };
}

public enum AccessVerdict
{
    Allowed,

    /// <summary>No credential that we know of came with the request.</summary>
    NoCredentials,

    /// <summary>A token came, and is nobody's.</summary>
    BadCredentials,

    /// <summary>User name and password came, and are nobody's.</summary>
    BadPassword,

    /// <summary>The scheme is Basic, and what follows cannot be read.</summary>
    UnreadablePassword,

    /// <summary>The caller is known and may not do this.</summary>
    LacksRole,

    /// <summary>Too many wrong credentials from this address.</summary>
    TooManyFailures,

    /// <summary>More passwords are being compared than can be.</summary>
    Busy,

    /// <summary>The caller has sent as much as one may in a minute.</summary>
    TooManyRequests,

    /// <summary>A web page, or a machine elsewhere, asks a server that is for this machine only, or with a password that its browser has added.</summary>
    Refused,
}
