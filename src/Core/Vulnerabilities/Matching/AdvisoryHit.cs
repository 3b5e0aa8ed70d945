using ImageScan.Core.Vulnerabilities.Cvss;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>An advisory that is about the installed version of a package.</summary>
internal sealed record AdvisoryHit(AdvisoryRecord Advisory, Posting Posting, OsvEcosystem Ecosystem, IReadOnlyList<string> Fixes)
{
    public string? SeverityWord => Posting.SeverityWord ?? Advisory.SeverityWord;

    /// <summary>What the advisory scores; what it scores for this package comes before what it scores as a whole.</summary>
    public CvssScores Scores { get; } = ScoresOf(Posting.Vectors.IsEmpty ? Advisory.Vectors : Posting.Vectors);

    // A vector that breaks the rules of its version is as good as none.
    private static CvssScores ScoresOf(CvssVectors vectors) => new(
        CvssV3.TryParse(vectors.V3, out var v3) ? v3 : null,
        CvssV2.TryParse(vectors.V2, out var v2) ? v2 : null,
        CvssV4.TryScore(vectors.V4, out float v4) ? v4 : null);
}
