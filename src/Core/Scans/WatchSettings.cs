namespace ImageScan.Core.Scans;

/// <summary>How often watched images are looked at: <c>Watch__Hours</c>.</summary>
public sealed record WatchSettings
{
    /// <summary>
    /// Hours from one look at a watched name to the next; as often StackRox scans its images anew (ROX_REPROCESSING_INTERVAL,
    /// https://docs.openshift.com/acs/4.5/operating/examine-images-for-vulnerabilities.html).
    /// </summary>
    public int Hours { get; init; } = 4;
}
