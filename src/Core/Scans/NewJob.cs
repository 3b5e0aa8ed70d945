using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Results;
using ImageScan.Core.Telemetry;

namespace ImageScan.Core.Scans;

/// <summary>A job as it begins.</summary>
internal static class NewJob
{
    /// <summary>One that waits in a queue.</summary>
    /// <param name="request">What is asked for.</param>
    /// <param name="what">What its name points at: all who ask for the same join it.</param>
    /// <param name="ownCluster">The cluster that this deployment is; "" if none.</param>
    /// <param name="now">The time.</param>
    public static ScanJob Queued(ScanRequest request, string what, string ownCluster, DateTimeOffset now)
    {
        string platform = request.Platform?.ToString() ?? "";
        string cluster = request.Cluster.Length > 0 ? request.Cluster : ownCluster;
        return new ScanJob
        {
            Id = Guid.NewGuid().ToString("n"),
            Target = TargetOf($"{what}\n{platform}\n{request.Force}\n{cluster}"),
            ImageName = request.Image.FullName,
            Platform = platform,
            Force = request.Force,
            Cluster = cluster,
            IsBackground = request.IsBackground,
            AwaitsVerdict = request.AwaitsVerdict,
            State = ScanJobState.Queued,
            CreatedAt = now,
            Traceparent = MessageTrace.Current.Parent,
        };
    }

    /// <summary>The same, in work in this process.</summary>
    public static ScanJob Held(ScanJob queued) => queued with
    {
        State = ScanJobState.Reading,
        StartedAt = queued.CreatedAt,
        Holder = Instance.Name,
        Attempts = 1,
    };

    private static string TargetOf(string what) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(what)))[..32];
}
