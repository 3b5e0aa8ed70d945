using ImageScan.Core.Inventory;
using ImageScan.Core.Inventory.Versions;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Scans;

/// <summary>
/// What the contract calls a component: every installed package of one name and version. StackRox keeps components under name, version
/// and operating system, so a library that lies in two folders is one component, in the place that comes first.
/// </summary>
/// <param name="Installed">The first of the packages by type and path.</param>
/// <param name="Findings">The findings of all of them, one a CVE, ordered by CVE.</param>
public sealed record Component(InstalledPackage Installed, IReadOnlyList<Finding> Findings)
{
    public string Name => Installed.Package.Name;

    public string Version => Installed.Package.Version;

    /// <summary>The highest score among the findings; null without findings, since the wire form leaves the key out then.</summary>
    public float? TopCvss => Findings.Count == 0 ? null : Findings.Max(CvssOf);

    /// <summary>The score that counts: version 3 where there is one, else version 2, else 0.</summary>
    public static float CvssOf(Finding finding) => finding.CvssV3?.Score ?? finding.CvssV2?.Score ?? 0;

    /// <summary>The components of a match, ordered by name and version, ordinal.</summary>
    public static IReadOnlyList<Component> AllOf(MatchOutcome match) =>
    [
        .. match.Packages
            .GroupBy(found => (found.Installed.Package.Name, found.Installed.Package.Version))
            .OrderBy(group => group.Key.Name, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Version, StringComparer.Ordinal)
            .Select(Merge),
    ];

    /// <summary>
    /// The version that mends every fixable finding: the highest of their fixes in the order of the package's ecosystem. "" if nothing
    /// is fixable, or if there are several fixes and nobody can tell which is the highest.
    /// </summary>
    public string HighestFix()
    {
        string[] fixes = [.. Findings.Select(finding => finding.FixedBy ?? "").Where(fix => fix.Length > 0).Distinct()];
        if (fixes.Length <= 1)
        {
            return fixes.FirstOrDefault("");
        }

        VersionScheme? scheme = VersionSchemes.For(Installed.Package.Type.VersionOrder);
        return fixes
            .Where(fix => scheme is not null && scheme.TryCompare(fix, fix, out _))
            .Aggregate("", (highest, fix) => highest.Length == 0 || IsHigher(fix, highest, scheme!) ? fix : highest);
    }

    private static Component Merge(IEnumerable<PackageFindings> sameNameAndVersion)
    {
        PackageFindings[] packages =
        [
            .. sameNameAndVersion
                .OrderBy(found => found.Installed.Package.Type.Place)
                .ThenBy(found => found.Installed.Package.Location, StringComparer.Ordinal),
        ];
        IEnumerable<Finding> findings = packages
            .SelectMany(found => found.Findings)
            .DistinctBy(finding => finding.Cve)
            .OrderBy(finding => finding.Cve, StringComparer.Ordinal);
        return new Component(packages[0].Installed, [.. findings]);
    }

    private static bool IsHigher(string fix, string than, VersionScheme scheme) => scheme.TryCompare(fix, than, out int order) && order > 0;
}
