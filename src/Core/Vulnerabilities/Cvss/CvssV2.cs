namespace ImageScan.Core.Vulnerabilities.Cvss;

/// <summary>A CVSS 2.0 base vector and its scores (https://www.first.org/cvss/v2/guide).</summary>
public sealed record CvssV2(string Vector, float Score, float ExploitabilityScore, float ImpactScore);
