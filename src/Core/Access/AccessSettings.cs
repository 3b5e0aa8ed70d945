namespace ImageScan.Core.Access;

/// <summary>Who may use the API: the settings <c>Access__*</c>.</summary>
public sealed record AccessSettings
{
    /// <summary>Everyone who may come in. With none, everything but the open routes answers 401.</summary>
    public IReadOnlyList<AccessToken> Tokens { get; init; } = [];

    /// <summary>
    /// Whether the last entry of <c>X-Forwarded-For</c> is the caller's address. Only for the Local head behind a proxy that every request
    /// passes: elsewhere anyone can write that header. Leave it false under Azure Functions, where the worker has already taken that entry
    /// out of the header and made it the connection's address; what is left of the header is the caller's own word.
    /// </summary>
    public bool TrustForwardedFor { get; init; }
}

/// <summary>
/// One caller: <c>Access__Tokens__0__Name</c> and so on. A token is 256 random bits, so that a plain hash is enough to keep: there is
/// nothing to guess. Make one with <c>openssl rand -hex 32</c>, hand it to the caller, and keep here what
/// <c>printf %s TOKEN | sha256sum</c> prints.
/// </summary>
public sealed record AccessToken
{
    /// <summary>What the log calls this caller.</summary>
    public string Name { get; init; } = "";

    /// <summary>The token's sha256 in hexadecimal, 64 digits.</summary>
    public string Hash { get; init; } = "";

    public AccessRole Role { get; init; } = AccessRole.Read;
}
