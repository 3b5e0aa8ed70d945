namespace ImageScan.Core.Results;

/// <summary>A token that was given out over the API; of its secret only a hash is known.</summary>
/// <param name="Id">Names it; the token begins with it.</param>
/// <param name="Kind">How it came about.</param>
/// <param name="Name">What whoever asked for it calls it; hostile.</param>
/// <param name="Roles">Its roles by name.</param>
/// <param name="IssuedAt">When it was given out.</param>
/// <param name="ExpiresAt">From when on it is worth nothing.</param>
public sealed record ApiToken(
    Guid Id, ApiTokenKind Kind, string Name, IReadOnlyList<string> Roles, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>Whether it is worth nothing although its time is not over.</summary>
    public bool IsRevoked { get; init; }

    /// <summary>Who has it: the id of the caller that was exchanged for it; "" for one that stands for itself.</summary>
    public string Holder { get; init; } = "";
}

/// <summary>How a token came about.</summary>
public enum ApiTokenKind
{
    /// <summary>Somebody asked for it; it is listed and may be revoked.</summary>
    Generated,

    /// <summary>A JWT was exchanged for it; it lives for a short time only.</summary>
    Exchanged,
}
