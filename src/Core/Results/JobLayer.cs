using ImageScan.Core.Images;

namespace ImageScan.Core.Results;

/// <summary>A layer of a job's image.</summary>
/// <param name="Digest">Of its blob.</param>
/// <param name="MediaType">What the manifest calls it; "" in the job itself, which has no room for what manifests claim.</param>
/// <param name="Size">Compressed bytes, as the manifest claims them.</param>
public sealed record JobLayer(Digest Digest, string MediaType, long Size)
{
    public JobLayerState State { get; init; }

    /// <summary>Compressed bytes read by the latest try.</summary>
    public long BytesRead { get; init; }

    /// <summary>Packages found in it; null until it is read, and where that was not kept yet.</summary>
    public int? Packages { get; init; }

    /// <summary>How often somebody began to read it.</summary>
    public int Attempts { get; init; }

    /// <summary>How many of these were put off, as <see cref="ScanJob.Rests"/>.</summary>
    public int Rests { get; init; }

    /// <summary>Why the last try failed; null if none has.</summary>
    public string? ErrorMessage { get; init; }

    /// <summary>What kind of failure it was if the registry was to blame; null if it was not.</summary>
    public RegistryFailure? RegistryFailure { get; init; }
}

public enum JobLayerState
{
    /// <summary>Nobody reads it yet.</summary>
    Waiting,
    Reading,
    Done,

    /// <summary>It was read for an earlier scan.</summary>
    Known,
    Failed,
}

/// <summary>A step of a job.</summary>
/// <param name="Name">In a word.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record JobPhase(string Name, long Milliseconds);
