namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>Advisories that a snapshot does without.</summary>
/// <param name="Withdrawn">Taken back by their source.</param>
/// <param name="Superseded">Records of a feed with the id of another one; the later modified one is kept.</param>
/// <param name="WithoutRelease">About a distribution, of no release.</param>
/// <param name="NothingToMatch">Without a package, or without versions of it but in a source repository.</param>
public sealed record SkippedAdvisories(int Withdrawn, int Superseded, int WithoutRelease, int NothingToMatch)
{
    /// <summary>All that they say is said by the vendor itself.</summary>
    public int Replaced { get; init; }

    public int Total => Withdrawn + Superseded + WithoutRelease + NothingToMatch + Replaced;
}
