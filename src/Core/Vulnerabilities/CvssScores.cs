using ImageScan.Core.Vulnerabilities.Cvss;

namespace ImageScan.Core.Vulnerabilities;

/// <summary>What one record scores by CVSS, one of each version at most; <c>default</c> for a record without scores.</summary>
/// <param name="V3">3.1 or 3.0.</param>
/// <param name="V2">2.0.</param>
/// <param name="V4Score">The score of a 4.0 vector (<see cref="CvssV4.TryScore"/>): StackRox has no field for more of it.</param>
public readonly record struct CvssScores(CvssV3? V3, CvssV2? V2, float? V4Score);
