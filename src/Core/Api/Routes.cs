namespace ImageScan.Core.Api;

/// <summary>The routes that the triggers and the local host bind; constants, since attributes need them.</summary>
public static partial class Routes
{
    public const string ScanImage = "v1/images/scan";
    public const string GetImage = "v1/images/{id}";
    public const string GetImageChanges = "v1/images/{id}/changes";
    public const string ListImages = "v1/images";
    public const string CountImages = "v1/imagescount";
    public const string InvalidateImageCache = "v1/images/cache/invalidate";
    public const string ExportImages = "v1/export/images";
    public const string Sbom = "api/v1/images/sbom";
    public const string GetScan = "v1/scans/{id}";
    public const string WatchedImages = "v1/watchedimages";

    public const string SuppressCves = "v1/imagecves/suppress";
    public const string UnsuppressCves = "v1/imagecves/unsuppress";
    public const string Exceptions = "v2/vulnerability-exceptions";
    public const string GetException = "v2/vulnerability-exceptions/{id}";
    public const string DeferException = "v2/vulnerability-exceptions/deferral";
    public const string FalsePositiveException = "v2/vulnerability-exceptions/false-positive";
    public const string ApproveException = "v2/vulnerability-exceptions/{id}/approve";
    public const string DenyException = "v2/vulnerability-exceptions/{id}/deny";
    public const string CancelException = "v2/vulnerability-exceptions/{id}/cancel";
    public const string CveRequests = "v1/cve/requests";
    public const string GetCveRequest = "v1/cve/requests/{id}";
    public const string DeferCve = "v1/cve/requests/defer";
    public const string FalsePositiveCve = "v1/cve/requests/false-positive";
    public const string ApproveCveRequest = "v1/cve/requests/{id}/approve";
    public const string DenyCveRequest = "v1/cve/requests/{id}/deny";
    public const string UpdateCveRequest = "v1/cve/requests/{id}/update";
    public const string UndoCveRequest = "v1/cve/requests/{id}/undo";

    public const string AuthStatus = "v1/auth/status";
    public const string MyPermissions = "v1/mypermissions";
    public const string ExchangeToken = "v1/auth/m2m/exchange";
    public const string ApiTokens = "v1/apitokens";
    public const string GetApiToken = "v1/apitokens/{id}";
    public const string GenerateApiToken = "v1/apitokens/generate";
    public const string AllowedTokenRoles = "v1/apitokens/generate/allowed-roles";
    public const string RevokeApiToken = "v1/apitokens/revoke/{id}";
    public const string Audit = "v1/audit";

    public const string DelegationConfig = "v1/delegatedregistryconfig";
    public const string DelegationClusters = "v1/delegatedregistryconfig/clusters";
    public const string VulnerabilityDefinitions = "v1/integrationhealth/vulndefinitions";
    public const string OpenApi = "openapi.json";
    public const string Docs = "docs";
    public const string DocsAsset = "docs/{asset}";
    public const string Ping = "v1/ping";
    public const string Metadata = "v1/metadata";
    public const string Health = "healthz";
}
