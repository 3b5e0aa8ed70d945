using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// Who may do what, and who did.
public static partial class Operations
{
    // https://github.com/stackrox/stackrox/blob/4.5.0/central/apitoken/service/service_impl.go
    private const string Integration = "Integration";

    public static Operation GetAuthStatus { get; } = new("GetAuthStatus", "GET", Routes.AuthStatus, RequiredAccess.Read);

    public static Operation ExchangeToken { get; } = new("ExchangeToken", "POST", Routes.ExchangeToken, RequiredAccess.Read);

    public static Operation ListApiTokens { get; } = new("ListApiTokens", "GET", Routes.ApiTokens, RequiredAccess.Admin)
    {
        Resource = Integration,
    };

    public static Operation GetApiToken { get; } = new("GetApiToken", "GET", Routes.GetApiToken, RequiredAccess.Admin)
    {
        Resource = Integration,
    };

    public static Operation GenerateApiToken { get; } = new("GenerateApiToken", "POST", Routes.GenerateApiToken, RequiredAccess.Admin)
    {
        Resource = Integration,
        Changes = true,
    };

    public static Operation RevokeApiToken { get; } = new("RevokeApiToken", "PATCH", Routes.RevokeApiToken, RequiredAccess.Admin)
    {
        Resource = Integration,
        Changes = true,
        Answer = typeof(WireEmpty),
    };

    public static Operation ListAllowedTokenRoles { get; } = new("ListAllowedTokenRoles", "GET", Routes.AllowedTokenRoles, RequiredAccess.Admin)
    {
        Resource = Integration,
    };

    /// <summary>Who changed what, newest first.</summary>
    public static Operation ListAudit { get; } = new("ListAudit", "GET", Routes.Audit, RequiredAccess.Admin)
    {
        IsOwn = true,
        Resource = Administration,
    };

    private static IEnumerable<Operation> OfAccess =>
    [
        GetAuthStatus, ExchangeToken, ListApiTokens, GetApiToken, GenerateApiToken, RevokeApiToken, ListAllowedTokenRoles,
        ListAudit,
    ];
}
