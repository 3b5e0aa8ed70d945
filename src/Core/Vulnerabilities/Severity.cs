namespace ImageScan.Core.Vulnerabilities;

/// <summary>How bad a vulnerability is, in StackRox's words. The numbers are those of its VulnerabilitySeverity.</summary>
public enum Severity
{
    Unknown = 0,
    Low = 1,
    Moderate = 2,
    Important = 3,
    Critical = 4,
}
