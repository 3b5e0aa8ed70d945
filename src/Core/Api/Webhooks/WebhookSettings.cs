using ImageScan.Core.Access;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>Whom one webhook is believed, and of what: <c>Webhooks__acr__Secret</c> and so on. With none of these it is closed.</summary>
public sealed record WebhookSettings
{
    /// <summary>What its sender proves itself with; make one with <c>openssl rand -hex 32</c>.</summary>
    public string Secret { get; init; } = "";

    /// <summary>Another that is taken, too, while senders are told the new one.</summary>
    public string PreviousSecret { get; init; } = "";

    /// <summary>
    /// The registry hosts that it may speak for, as in image names, separated by commas: events of all others are dropped. So a webhook of one registry
    /// can never make us ask another.
    /// </summary>
    public string Registries { get; init; } = "";

    /// <summary>Whether it is believed without any proof. Counts only while neither a secret nor an issuer is set.</summary>
    public bool AllowUnauthenticated { get; init; }

    /// <summary>The origin that may register itself by the handshake of CloudEvents, as its header names it; "" for none.</summary>
    public string AllowedOrigin { get; init; } = "";

    /// <summary>Whose JWTs are taken for a proof.</summary>
    public IReadOnlyList<WebhookIssuer> Issuers { get; init; } = [];

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"{nameof(WebhookSettings)} of {Registries}";
}

/// <summary>Which JWTs prove a webhook: as an entry of <c>Access__Issuers</c>, without a role.</summary>
public sealed record WebhookIssuer : SettingEntry
{
    /// <summary>As <see cref="AccessIssuer.Issuer"/>.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>As <see cref="AccessIssuer.Audience"/>.</summary>
    public string Audience { get; init; } = "";

    /// <summary>As <see cref="AccessIssuer.Subject"/>.</summary>
    public string Subject { get; init; } = "";

    /// <summary>As <see cref="AccessIssuer.SubjectPattern"/>.</summary>
    public string SubjectPattern { get; init; } = "";

    /// <summary>As <see cref="AccessIssuer.Claim"/>.</summary>
    public string Claim { get; init; } = "";

    /// <summary>As <see cref="AccessIssuer.ClaimValue"/>.</summary>
    public string ClaimValue { get; init; } = "";

    /// <summary>As <see cref="AccessIssuer.AllowPrivateAddress"/>.</summary>
    public bool AllowPrivateAddress { get; init; }

    internal AccessIssuer ToAccess() => new()
    {
        Number = Number,
        Issuer = Issuer,
        Audience = Audience,
        Subject = Subject,
        SubjectPattern = SubjectPattern,
        Claim = Claim,
        ClaimValue = ClaimValue,
        AllowPrivateAddress = AllowPrivateAddress,
    };
}
