namespace ImageScan.Core.Vulnerabilities;

/// <summary>Scores, and whose view they are; <c>default</c> where nobody has scored.</summary>
public readonly record struct ScoreView(CvssScores Scores, ScoreSource Source);
