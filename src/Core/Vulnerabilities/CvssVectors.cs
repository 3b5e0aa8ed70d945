namespace ImageScan.Core.Vulnerabilities;

/// <summary>CVSS vectors as their source writes them, not yet checked; null where it gives none of that version.</summary>
public sealed record CvssVectors(string? V2 = null, string? V3 = null, string? V4 = null)
{
    public static CvssVectors None { get; } = new();

    public bool IsEmpty => V2 is null && V3 is null && V4 is null;
}
