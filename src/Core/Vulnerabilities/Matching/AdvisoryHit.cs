using ImageScan.Core.Vulnerabilities.Cvss;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Vulnerabilities.Matching;

/// <summary>An advisory that is about the installed version of a package.</summary>
/// <param name="Advisory">What the finding tells of it.</param>
/// <param name="Posting">What it says about the package.</param>
/// <param name="Ecosystem">Where it was looked up.</param>
/// <param name="Fixes">Of every range that holds the version, the version that mends it.</param>
/// <param name="Voice">What its word counts beside others.</param>
internal sealed record AdvisoryHit(
    AdvisoryRecord Advisory, Posting Posting, OsvEcosystem Ecosystem, IReadOnlyList<string> Fixes, AdvisoryVoice Voice)
{
    private CvssScores? _scores;

    /// <summary>Whether <see cref="Fixes"/> are only for subscribers, and the package is not from their repository.</summary>
    public bool NeedsSubscription { get; init; }

    public string? SeverityWord => Posting.SeverityWord ?? Advisory.SeverityWord;

    /// <summary>What the advisory scores; what it scores for this package comes before what it scores as a whole.</summary>
    public CvssScores Scores => _scores ??= ScoresOf(Posting.Vectors.IsEmpty ? Advisory.Vectors : Posting.Vectors);

    /// <summary>The id of what brings the fix: the erratum, or the advisory itself.</summary>
    public string AdvisoryId => Posting.Erratum ?? ShownId(Advisory.Id);

    // Statements that have no id of their own bear that of the CVE with what they are about: "CVE-2024-1001/v3.20/main/busybox".
    internal static string ShownId(string id) => id.Split('/')[0];

    // A vector that breaks the rules of its version is as good as none.
    private static CvssScores ScoresOf(CvssVectors vectors) => new(
        CvssV3.TryParse(vectors.V3, out var v3) ? v3 : null,
        CvssV2.TryParse(vectors.V2, out var v2) ? v2 : null,
        CvssV4.TryScore(vectors.V4, out float v4) ? v4 : null);
}
