using System.Reflection;
using ImageScan.Core.Api;

namespace ImageScan.Core.Tests.Api;

public sealed class OperationsTests
{
    [Fact]
    public void HoldsEveryRouteOnce()
    {
        IEnumerable<string> routes = typeof(Routes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => (string)field.GetRawConstantValue()!);

        Assert.Equal(routes.Order(), Operations.All.Select(operation => operation.Route).Distinct().Order());
        Assert.Equal(Operations.All.Count, Operations.All.Select(operation => (operation.Method, operation.Route)).Distinct().Count());
        Assert.Equal(Operations.All.Count, Operations.All.Select(operation => operation.Name).Distinct().Count());
    }

    [Fact]
    public void AsksForTheAccessThatStackRoxAsksFor() => Assert.Equal(
        [
            "ScanImage POST v1/images/scan Scan",
            "GetImage GET v1/images/{id} Read",
            "GetImageChanges GET v1/images/{id}/changes Read",
            "ListImages GET v1/images Read",
            "CountImages GET v1/imagescount Read",
            "DeleteImages DELETE v1/images Scan",
            "InvalidateImageCache GET v1/images/cache/invalidate Read",
            "ExportImages GET v1/export/images Read",
            "Sbom POST api/v1/images/sbom Scan",
            "GetScan GET v1/scans/{id} Read",
            "ListWatchedImages GET v1/watchedimages Read",
            "WatchImage POST v1/watchedimages Admin",
            "UnwatchImage DELETE v1/watchedimages Admin",
            "SuppressCves PATCH v1/imagecves/suppress Approve",
            "UnsuppressCves PATCH v1/imagecves/unsuppress Approve",
            "ListExceptions GET v2/vulnerability-exceptions Read",
            "GetException GET v2/vulnerability-exceptions/{id} Read",
            "CreateDeferralException POST v2/vulnerability-exceptions/deferral Request",
            "CreateFalsePositiveException POST v2/vulnerability-exceptions/false-positive Request",
            "UpdateException PATCH v2/vulnerability-exceptions/{id} Request",
            "ApproveException POST v2/vulnerability-exceptions/{id}/approve Approve",
            "DenyException POST v2/vulnerability-exceptions/{id}/deny Approve",
            "CancelException POST v2/vulnerability-exceptions/{id}/cancel Request",
            "DeleteException DELETE v2/vulnerability-exceptions/{id} Request",
            "ListCveRequests GET v1/cve/requests Read",
            "GetCveRequest GET v1/cve/requests/{id} Read",
            "DeferCve POST v1/cve/requests/defer Request",
            "MarkCveFalsePositive POST v1/cve/requests/false-positive Request",
            "ApproveCveRequest POST v1/cve/requests/{id}/approve Approve",
            "DenyCveRequest POST v1/cve/requests/{id}/deny Approve",
            "UpdateCveRequest POST v1/cve/requests/{id}/update Request",
            "UndoCveRequest POST v1/cve/requests/{id}/undo Request",
            "DeleteCveRequest DELETE v1/cve/requests/{id} Request",
            "GetAuthStatus GET v1/auth/status Read",
            "GetMyPermissions GET v1/mypermissions Read",
            "ExchangeToken POST v1/auth/m2m/exchange Read",
            "ListApiTokens GET v1/apitokens Admin",
            "GetApiToken GET v1/apitokens/{id} Admin",
            "GenerateApiToken POST v1/apitokens/generate Admin",
            "RevokeApiToken PATCH v1/apitokens/revoke/{id} Admin",
            "ListAllowedTokenRoles GET v1/apitokens/generate/allowed-roles Read",
            "ListAudit GET v1/audit Admin",
            "ListSignatureIntegrations GET v1/signatureintegrations Read",
            "GetSignatureIntegration GET v1/signatureintegrations/{id} Read",
            "PostSignatureIntegration POST v1/signatureintegrations Admin",
            "PutSignatureIntegration PUT v1/signatureintegrations/{id} Admin",
            "DeleteSignatureIntegration DELETE v1/signatureintegrations/{id} Admin",
            "ListImageIntegrations GET v1/imageintegrations Read",
            "GetImageIntegration GET v1/imageintegrations/{id} Read",
            "PostImageIntegration POST v1/imageintegrations Admin",
            "PutImageIntegration PUT v1/imageintegrations/{id} Admin",
            "UpdateImageIntegration PATCH v1/imageintegrations/{id} Admin",
            "DeleteImageIntegration DELETE v1/imageintegrations/{id} Admin",
            "TestImageIntegration POST v1/imageintegrations/test Admin",
            "TestUpdatedImageIntegration POST v1/imageintegrations/test/updated Admin",
            "DetectBuild POST v1/detect/build Scan",
            "ListPolicies GET v1/policies Read",
            "GetPolicy GET v1/policies/{id} Read",
            "GrpcScanImage POST v1.ImageService/ScanImage Scan",
            "GrpcGetImage POST v1.ImageService/GetImage Read",
            "GrpcDetectBuild POST v1.DetectionService/DetectBuildTime Scan",
            "GrpcPing POST v1.PingService/Ping None",
            "DownloadCli GET api/cli/download/{name} Read",
            "ReceiveWebhook POST v1/webhooks/{provider} None",
            "ReceiveWebhookBySecret POST v1/webhooks/{provider}/{secret} None",
            "WebhookHandshake OPTIONS v1/webhooks/{provider} None",
            "WebhookHandshakeBySecret OPTIONS v1/webhooks/{provider}/{secret} None",
            "GetHarborMetadata GET harbor/api/v1/metadata Read",
            "ScanForHarbor POST harbor/api/v1/scan Scan",
            "GetHarborReport GET harbor/api/v1/scan/{id}/report Read",
            "ListFailedNotifications GET v1/notifications/failed Read",
            "RetryNotification POST v1/notifications/failed/{id}/retry Admin",
            "GetBadge GET v1/badge/{*image} None",
            "ListVex GET v1/vex Read",
            "PostVex POST v1/vex Approve",
            "DeleteVex DELETE v1/vex/{id} Approve",
            "GetPage GET {ignored:maxlength(0)?} None",
            "HeadPage HEAD {ignored:maxlength(0)?} None",
            "GetPageAsset GET assets/{asset} None",
            "HeadPageAsset HEAD assets/{asset} None",
            "GetImageHistory GET v1/images/{id}/history Read",
            "GetDelegationConfig GET v1/delegatedregistryconfig Read",
            "PutDelegationConfig PUT v1/delegatedregistryconfig Admin",
            "ListDelegationClusters GET v1/delegatedregistryconfig/clusters Read",
            "GetVulnerabilityDefinitions GET v1/integrationhealth/vulndefinitions Read",
            "GetOpenApi GET openapi.json Read",
            "GetDocs GET docs Read",
            "GetDocsAsset GET docs/{asset} Read",
            "Ping GET v1/ping None",
            "Metadata GET v1/metadata None",
            "Health GET healthz None",
        ],
        Operations.All.Select(operation => $"{operation.Name} {operation.Method} {operation.Route} {operation.Access}"));
}
