using ImageScan.Core.Api.Wire;
using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Says how new the advisories are, as GetVulnDefinitionsInfo of StackRox does
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/integrationhealth/service/service_impl.go).
/// </summary>
public sealed class DefinitionsApi(AdvisorySnapshots snapshots) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.GetVulnerabilityDefinitions] = GetDefinitionsAsync,
    };

    private async Task<ApiResult> GetDefinitionsAsync(HttpContext context, CancellationToken cancellationToken)
    {
        // Both scanners of StackRox are this one, but a third is none.
        _ = DefinitionsRequest.Read(context.Request.Query);
        await snapshots.ReadyAsync(cancellationToken);
        return ApiResult.Json(new WireVulnerabilityDefinitions(Current().Origin.AsOf));
    }

    private AdvisoryDatabase Current()
    {
        try
        {
            return snapshots.Current() ?? throw Refusals.NoDefinitions("no vulnerability definitions information found");
        }
        catch (AdvisoryDatabaseException broken)
        {
            throw Refusals.NoDefinitions(broken.Message);
        }
    }
}
