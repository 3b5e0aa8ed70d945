using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;

namespace ImageScan.Core.Api;

/// <summary>A scan and how far it is, in the wire form.</summary>
internal static class JobAnswer
{
    public static WireScanJob Of(ScanJob job) => new()
    {
        Id = job.Id,
        State = job.State,
        ImageName = job.ImageName,
        Platform = job.Platform,
        Force = job.Force,
        Cluster = job.Cluster,
        Image = job.ResultId ?? "",
        Route = job.Route,
        Reason = job.RouteReason,
        Attempts = job.Attempts,
        Layers = [.. job.Layers.Select(LayerOf)],
        Packages = job.Layers.Any(layer => layer.Packages is not null) ? job.Layers.Sum(layer => layer.Packages ?? 0) : null,
        Phases = [.. job.Phases.Select(phase => new WireJobPhase(phase.Name, phase.Milliseconds))],
        Error = job.State == ScanJobState.Failed ? ErrorOf(job) : null,
        CreatedAt = job.CreatedAt,
        StartedAt = job.StartedAt,
        FinishedAt = job.FinishedAt,
    };

    private static WireJobLayer LayerOf(JobLayer layer) => new()
    {
        Digest = layer.Digest.ToString(),
        State = layer.State,
        Size = layer.Size,
        BytesRead = layer.BytesRead,
        Packages = layer.Packages,
        Attempts = layer.Attempts,
        Error = layer.ErrorMessage ?? "",
    };

    // What a caller who waited for it was told.
    private static WireJobError ErrorOf(ScanJob job)
    {
        Exception failure = JobWatch.FailureOf(job);
        ApiException? error = ImageReference.TryParse(job.ImageName, out ImageReference? image, out _) ? Refusals.Of(image, failure) : null;
        return error is null ? new WireJobError((int)GrpcCode.Internal, failure.Message) : new WireJobError((int)error.Code, error.Message);
    }
}
