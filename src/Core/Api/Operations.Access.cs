using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// Who may do what, and who did.
public static partial class Operations
{
    // https://github.com/stackrox/stackrox/blob/4.5.0/central/apitoken/service/service_impl.go
    private const string Integration = "Integration";

    public static Operation GetAuthStatus { get; } = new("GetAuthStatus", "GET", Routes.AuthStatus, RequiredAccess.Read)
    {
        Answer = typeof(WireAuthStatus),
        Summary = "Says who the caller is and what it may do.",
    };

    public static Operation GetMyPermissions { get; } = new("GetMyPermissions", "GET", Routes.MyPermissions, RequiredAccess.Read)
    {
        Answer = typeof(WirePermissions),
        Summary = "Says which resources the caller may read, and which it may change.",
    };

    public static Operation ExchangeToken { get; } = new("ExchangeToken", "POST", Routes.ExchangeToken, RequiredAccess.Read)
    {
        HasProofInBody = true,
        Body = typeof(ExchangeTokenRequest),
        Answer = typeof(WireExchangedToken),
        Summary = "Exchanges a JWT of a configured issuer for a token that lives for a short time.",
    };

    public static Operation ListApiTokens { get; } = new("ListApiTokens", "GET", Routes.ApiTokens, RequiredAccess.Admin)
    {
        Resource = Integration,
        Parameters = typeof(ListApiTokensRequest),
        Answer = typeof(WireApiTokens),
        Summary = "Lists the tokens that were generated, without their secrets.",
    };

    public static Operation GetApiToken { get; } = new("GetApiToken", "GET", Routes.GetApiToken, RequiredAccess.Admin)
    {
        Resource = Integration,
        Answer = typeof(WireApiToken),
        Summary = "Gives one generated token, without its secret.",
    };

    public static Operation GenerateApiToken { get; } = new("GenerateApiToken", "POST", Routes.GenerateApiToken, RequiredAccess.Admin)
    {
        Resource = Integration,
        Changes = true,
        Body = typeof(GenerateTokenRequest),
        Answer = typeof(WireGeneratedToken),
        Summary = "Generates a token; its secret is shown this once.",
    };

    public static Operation RevokeApiToken { get; } = new("RevokeApiToken", "PATCH", Routes.RevokeApiToken, RequiredAccess.Admin)
    {
        Resource = Integration,
        Changes = true,
        Answer = typeof(WireEmpty),
        Summary = "Takes the worth of a generated token.",
    };

    /// <summary>As in StackRox, whoever may see roles may ask which of them it could give out.</summary>
    public static Operation ListAllowedTokenRoles { get; } = new("ListAllowedTokenRoles", "GET", Routes.AllowedTokenRoles, RequiredAccess.Read)
    {
        Resource = "Access",
        Answer = typeof(WireAllowedRoles),
        Summary = "Lists the roles that a token of the caller could have.",
    };

    /// <summary>Who changed what, newest first.</summary>
    public static Operation ListAudit { get; } = new("ListAudit", "GET", Routes.Audit, RequiredAccess.Admin)
    {
        IsOwn = true,
        Resource = Administration,
        Parameters = typeof(ListAuditRequest),
        Answer = typeof(WireAuditPage),
        Summary = "Lists who changed what, newest first.",
    };

    private static IEnumerable<Operation> OfAccess =>
    [
        GetAuthStatus, GetMyPermissions, ExchangeToken, ListApiTokens, GetApiToken, GenerateApiToken, RevokeApiToken,
        ListAllowedTokenRoles, ListAudit,
    ];
}
