using ImageScan.Core.Inventory;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Results;

/// <summary>What makes two findings one, as answers count them: a package that lies in two folders is one.</summary>
internal readonly record struct FindingPlace(string Package, string Version, string Cve)
{
    /// <summary>The findings of a match, each once.</summary>
    public static Dictionary<FindingPlace, Finding> AllOf(MatchOutcome match)
    {
        var findings = new Dictionary<FindingPlace, Finding>();
        foreach (PackageFindings found in match.Packages)
        {
            Package package = found.Installed.Package;
            foreach (Finding finding in found.Findings)
            {
                findings.TryAdd(new FindingPlace(package.Name, package.Version, finding.Cve), finding);
            }
        }

        return findings;
    }
}
