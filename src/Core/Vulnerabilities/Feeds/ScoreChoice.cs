using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>
/// Takes the best of several vectors of each version of CVSS: 3.1 before 3.0, as StackRox takes NVD's; then by whose it is; then the first.
/// Scores follow from the vectors, so stated ones are not asked for.
/// </summary>
internal sealed class ScoreChoice
{
    // More than there are kinds of author, so that the version decides first.
    private const int Older = 100;

    private CvssV3? _v3;
    private CvssV2? _v2;
    private float? _v4;
    private int _v3Rank = int.MaxValue;
    private int _v2Rank = int.MaxValue;
    private int _v4Rank = int.MaxValue;

    public CvssScores Scores => new(_v3, _v2, _v4);

    /// <summary>Adds a vector; false if its version does not allow it.</summary>
    /// <param name="vector">Of any version; its prefix says which.</param>
    /// <param name="author">The lower, the more it counts.</param>
    public bool TryAdd(string? vector, int author)
    {
        if (CvssV3.TryParse(vector, out CvssV3? v3))
        {
            int rank = author + (vector!.StartsWith("CVSS:3.1/", StringComparison.Ordinal) ? 0 : Older);
            (_v3, _v3Rank) = rank < _v3Rank ? (v3, rank) : (_v3, _v3Rank);
        }
        else if (CvssV2.TryParse(vector, out CvssV2? v2))
        {
            (_v2, _v2Rank) = author < _v2Rank ? (v2, author) : (_v2, _v2Rank);
        }
        else if (CvssV4.TryScore(vector, out float v4))
        {
            (_v4, _v4Rank) = author < _v4Rank ? (v4, author) : (_v4, _v4Rank);
        }
        else
        {
            return false;
        }

        return true;
    }
}
