namespace ImageScan.Core.Access;

/// <summary>Who may use the API: the settings <c>Access__*</c>. An entry of a list that says nothing is none.</summary>
public sealed record AccessSettings
{
    /// <summary>Programs that may come in. With nobody in any of the lists, everything but the open routes answers 401.</summary>
    public IReadOnlyList<AccessToken> Tokens { get; init; } = [];

    /// <summary>People who may come in with a password.</summary>
    public IReadOnlyList<AccessUser> Users { get; init; } = [];

    /// <summary>Whose JWTs are believed, and what they allow.</summary>
    public IReadOnlyList<AccessIssuer> Issuers { get; init; } = [];

    /// <summary>
    /// Whether the last entry of <c>X-Forwarded-For</c> is the caller's address. Only for the Local head behind a proxy that every request
    /// passes: elsewhere anyone can write that header. Leave it false under Azure Functions, where the worker has already taken that entry
    /// out of the header and made it the connection's address; what is left of the header is the caller's own word.
    /// </summary>
    public bool TrustForwardedFor { get; init; }

    /// <summary>How many requests one caller may send in a minute to one instance; 0: as many as it likes.</summary>
    public int RequestsPerMinute { get; init; }

    /// <summary>How long a token lives that a JWT was exchanged for. StackRox allows the same: a minute to a day.</summary>
    public int ExchangeMinutes { get; init; } = 60;
}

/// <summary>
/// One caller: <c>Access__Tokens__0__Name</c> and so on. A token is 256 random bits, so that a plain hash is enough to keep: there is
/// nothing to guess. Make one with <c>openssl rand -hex 32</c>, hand it to the caller, and keep here what
/// <c>printf %s TOKEN | sha256sum</c> prints.
/// </summary>
public sealed record AccessToken : SettingEntry
{
    /// <summary>What the log calls this caller, and its user name where it can send no Bearer.</summary>
    public string Name { get; init; } = "";

    /// <summary>The token's sha256 in hexadecimal, 64 digits.</summary>
    public string Hash { get; init; } = "";

    public AccessRole Role { get; init; } = AccessRole.Read;
}

/// <summary>One person: <c>Access__Users__0__Name</c> and so on.</summary>
public sealed record AccessUser : SettingEntry
{
    /// <summary>The user name, case-sensitive, without a colon.</summary>
    public string Name { get; init; } = "";

    /// <summary>The password's bcrypt hash, as <c>htpasswd -nbB NAME PASSWORD</c> prints it behind the colon.</summary>
    public string Hash { get; init; } = "";

    public AccessRole Role { get; init; } = AccessRole.Read;
}

/// <summary>
/// What JWTs of one issuer allow: <c>Access__Issuers__0__Issuer</c> and so on. Several entries may be about one issuer; whoever fits
/// several has the roles of all.
/// </summary>
public sealed record AccessIssuer : SettingEntry
{
    /// <summary>The claim <c>iss</c> as it stands there: an https address, below which <c>.well-known/openid-configuration</c> lies.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>The claim <c>aud</c> or one of its entries, as it stands there.</summary>
    public string Audience { get; init; } = "";

    /// <summary>The claim <c>sub</c> as it stands there; or else <see cref="SubjectPattern"/>.</summary>
    public string Subject { get; init; } = "";

    /// <summary>
    /// A regular expression of all of <c>sub</c>, matched in linear time
    /// (https://learn.microsoft.com/dotnet/standard/base-types/regular-expression-options#nonbacktracking-mode): no look-around, no references back.
    /// </summary>
    public string SubjectPattern { get; init; } = "";

    /// <summary>Another claim that must hold <see cref="ClaimValue"/>, such as <c>roles</c>; "" if none must.</summary>
    public string Claim { get; init; } = "";

    /// <summary>What that claim, or one entry of it, must be.</summary>
    public string ClaimValue { get; init; } = "";

    public AccessRole Role { get; init; } = AccessRole.Read;

    /// <summary>Whether the issuer may have a private address, and http without TLS.</summary>
    public bool AllowPrivateAddress { get; init; }
}
