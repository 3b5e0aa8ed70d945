namespace ImageScan.Core.Vulnerabilities.Cvss;

/// <summary>A CVSS 3.0 or 3.1 base vector and its scores (https://www.first.org/cvss/v3.1/specification-document).</summary>
public sealed record CvssV3(string Vector, float Score, float ExploitabilityScore, float ImpactScore);
