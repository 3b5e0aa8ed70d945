using System.Globalization;
using ImageScan.Core.Api.Handlers;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Sealing;
using ImageScan.Core.Vulnerabilities.Database;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Harbor;

/// <summary>
/// Harbor's scanner adapter: Harbor has its artifacts scanned here, and fetches their reports
/// (https://github.com/goharbor/pluggable-scanner-spec/blob/main/api/spec/scanner-adapter-openapi-v1.2.yaml). It waits five seconds for an answer
/// (https://github.com/goharbor/harbor/blob/main/src/pkg/scan/rest/v1/client.go), so none waits for a registry.
/// </summary>
public sealed class HarborApi(
    ScanDispatcher scans,
    LentLoginScans lent,
    JobSources sources,
    DelegationApi delegation,
    JobStore jobs,
    ScanStore store,
    ImageAnswers answers,
    AdvisorySnapshots snapshots,
    ApiSettings settings,
    TimeProvider time) : IApiHandlers
{
    private const string RefreshHeader = "Refresh-After";

    // Names of Harbor's and of this specification.
    private const string ScannerType = "harbor.scanner-adapter/scanner-type";
    private const string DatabaseUpdatedAt = "harbor.scanner-adapter/vulnerability-database-updated-at";
    private const string AuthorizationType = "harbor.scanner-adapter/registry-authorization-type";

    private static readonly TimeSpan AdvisoryPatience = TimeSpan.FromSeconds(2);

    // Harbor reads the seconds into eight bits, and asks after five where there are more than 127.
    private static readonly (TimeSpan Younger, TimeSpan Wait)[] Waits =
    [
        (TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(2)),
        (TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(5)),
        (TimeSpan.MaxValue, TimeSpan.FromSeconds(30)),
    ];

    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.GetHarborMetadata] = GetMetadataAsync,
        [Operations.ScanForHarbor] = ScanAsync,
        [Operations.GetHarborReport] = GetReportAsync,
    };

    private async Task<ApiResult> GetMetadataAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string type = HarborMediaTypes.Chosen(context.Request.Headers.Accept, HarborMediaTypes.Metadata, HarborMediaTypes.OlderMetadata)
            ?? HarborMediaTypes.Metadata;
        var properties = new Dictionary<string, string>
        {
            [ScannerType] = "os-package-vulnerability",
            [AuthorizationType] = "Basic",
        };
        if (await AdvisoriesAsync(cancellationToken) is { } advisories)
        {
            properties[DatabaseUpdatedAt] = advisories.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        return ApiResult.Json(new WireHarborMetadata
        {
            Scanner = HarborReport.Scanner,
            Capabilities =
            [
                CapabilityOf(HarborScan.Vulnerability, HarborMediaTypes.VulnerabilityReport),
                CapabilityOf(HarborScan.Sbom, HarborMediaTypes.SbomReport) with
                {
                    AdditionalAttributes = new WireHarborSbomFormats { SbomMediaTypes = [HarborMediaTypes.Spdx, HarborMediaTypes.CycloneDx] },
                },
            ],
            Properties = properties,
        }) with
        { ContentType = type };
    }

    private async Task<ApiResult> ScanAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var wanted = HarborScan.Of(await HarborScanRequest.ReadAsync(context.Request, cancellationToken));
        ScanPlace place = await delegation.PlaceOfAsync(named: null, wanted.Image, cancellationToken);
        if (place.Cluster is null)
        {
            EnsureReadAt(wanted);
        }

        ScanJob job = await BeginAsync(wanted, place, cancellationToken);
        return ApiResult.Json(new WireHarborScanResponse(job.Id), StatusCodes.Status202Accepted) with { ContentType = HarborMediaTypes.ScanResponse };
    }

    private async Task<ApiResult> GetReportAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var request = HarborReportRequest.Read(context.Request, context.GetRouteValue("id") as string ?? "");
        ScanJob job = await jobs.FindAsync(request.Id, cancellationToken) ?? throw Refusals.ScanUnknown(request.Id);
        return job switch
        {
            { IsOpen: true } => ApiResult.Text("", StatusCodes.Status302Found)
                .With("Location", request.Location)
                .With(RefreshHeader, WaitOf(job).TotalSeconds.ToString(CultureInfo.InvariantCulture)),
            { State: ScanJobState.Done, ResultId: { } result } => await ReportAsync(job, Digest.Parse(result), request, cancellationToken),
            _ => throw new ApiException(GrpcCode.Internal, $"the scan has failed: {job.ErrorMessage}"),
        };
    }

    private async Task<ApiResult> ReportAsync(ScanJob job, Digest result, HarborReportRequest request, CancellationToken cancellationToken)
    {
        Scan scan = await store.FindAsync(result, cancellationToken)
            ?? throw new ApiException(GrpcCode.NotFound, "what the scan has found was deleted since");
        ImageReference image = CallerScans.ReferenceOf(job.ImageName);
        WireImage answer = await answers.ScanImageAsync(scan, image, Snoozed.Included, cancellationToken);
        var body = new HarborReportBody(scan, image, new HarborReport(scan, answer), settings.Level);
        return request.MediaType == HarborMediaTypes.SbomReport
            ? ApiResult.Written((output, token) => body.WriteSbomAsync(output, request.SbomMediaType, token), request.MediaType)
            : ApiResult.Written(body.WriteVulnerabilitiesAsync, request.MediaType);
    }

    // What a cluster is given is read with what the cluster has.
    private async Task<ScanJob> BeginAsync(HarborScan wanted, ScanPlace place, CancellationToken cancellationToken)
    {
        var request = new ScanRequest(wanted.Image) { IsBackground = true, Cluster = place.ClusterName };
        if (wanted.Login is null || place.Cluster is not null)
        {
            return await scans.BeginAsync(request, [], cancellationToken);
        }

        try
        {
            return await lent.BeginAsync(request, wanted.Login, cancellationToken);
        }
        catch (SealedException noKey)
        {
            throw new ApiException(GrpcCode.Internal, $"the login of the registry cannot be kept for the scan: {noKey.Message}");
        }
    }

    private void EnsureReadAt(HarborScan wanted)
    {
        try
        {
            sources.EnsureReadAt(wanted.Image, wanted.Home);
        }
        catch (RegistryException elsewhere)
        {
            throw HarborErrors.WrongField($"registry.url: {elsewhere.Message}");
        }
    }

    private TimeSpan WaitOf(ScanJob job)
    {
        TimeSpan age = time.GetUtcNow() - job.CreatedAt;
        return Waits.First(wait => age < wait.Younger).Wait;
    }

    // Null if there are none, or it is not known within the time that Harbor waits.
    private async Task<DateTimeOffset?> AdvisoriesAsync(CancellationToken cancellationToken)
    {
        await snapshots.ReadyAsync(cancellationToken).WaitAsync(AdvisoryPatience, time, cancellationToken)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return snapshots.Current() is { } current ? current.Origin.AsOf : null;
    }

    // Indexes are read as well, but Harbor would then have one image of them scanned, and not each
    // (https://github.com/goharbor/harbor/blob/main/src/controller/scan/base_controller.go, collectScanningArtifacts).
    private static WireHarborCapability CapabilityOf(string type, string report) => new()
    {
        Type = type,
        ConsumesMimeTypes = [MediaTypes.OciManifest, MediaTypes.DockerManifest],
        ProducesMimeTypes = [report],
    };
}
