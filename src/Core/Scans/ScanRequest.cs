using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans;

/// <summary>What a caller wants scanned, and how.</summary>
/// <param name="Image">The image's name.</param>
/// <param name="Platform">
/// The platform asked for; null takes <see cref="Images.Platform.Default"/> of an index, and whatever a single manifest is for.
/// </param>
/// <param name="Force">Read everything again, whatever is stored.</param>
public sealed record ScanRequest(ImageReference Image, Platform? Platform = null, bool Force = false)
{
    /// <summary>The cluster that does it, by name; "" for this deployment.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Whether nobody waits for it, as after a push.</summary>
    public bool IsBackground { get; init; }

    /// <summary>Whether a registry holds the image back until it hears what was found.</summary>
    public bool AwaitsVerdict { get; init; }

    /// <summary>The job that it is done for; "" if there is none.</summary>
    public string JobId { get; init; } = "";

    /// <summary>Processes that worked on it and are known to be lost.</summary>
    public IReadOnlyList<string> LostHolders { get; init; } = [];

    /// <summary>Layers that were read for this very request already, so that a forced one need not read them twice.</summary>
    public IReadOnlySet<Digest> LayersRead { get; init; } = new HashSet<Digest>();

    /// <summary>What a job asks for. Throws <see cref="ScanException"/> if its image's name cannot be read.</summary>
    public static ScanRequest Of(ScanJob job)
    {
        if (!ImageReference.TryParse(job.ImageName, out ImageReference? image, out string? reason))
        {
            throw new ScanException($"its name cannot be read: {reason}");
        }

        return new ScanRequest(image, Platform.TryParse(job.Platform, out Platform? platform) ? platform : null, job.Force)
        {
            Cluster = job.Cluster,
            IsBackground = job.IsBackground,
            AwaitsVerdict = job.AwaitsVerdict,
            JobId = job.Id,
            LostHolders = job.LostHolders,
        };
    }
}
