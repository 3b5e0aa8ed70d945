using System.Collections.Frozen;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Vex;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>
/// What VEX statements clear in one image, by component as answers have them. A component stands for every package of its name and version, and a
/// statement may mean one of them: only what is cleared for each that has it is cleared.
/// </summary>
internal sealed class ClearedFindings
{
    private readonly FrozenSet<(string Component, string Version, string Cve)> _cleared;

    private ClearedFindings(FrozenSet<(string Component, string Version, string Cve)> cleared) => _cleared = cleared;

    public static ClearedFindings None { get; } = new(FrozenSet<(string Component, string Version, string Cve)>.Empty);

    public bool IsEmpty => _cleared.Count == 0;

    /// <summary>What is cleared in an image.</summary>
    /// <param name="scan">The image.</param>
    /// <param name="name">The name under which it is answered with; null if it has none.</param>
    /// <param name="statements">The statements.</param>
    public static ClearedFindings Of(Scan scan, ImageReference? name, VexStatements statements)
    {
        if (statements.Count == 0)
        {
            return None;
        }

        var image = new VexImage(scan, name);
        var cleared = new Dictionary<(string Component, string Version, string Cve), bool>();
        foreach (PackageFindings found in scan.Match.Packages)
        {
            Package package = found.Installed.Package;
            foreach (Finding finding in found.Findings)
            {
                (string Component, string Version, string Cve) key = (package.Name, package.Version, finding.Cve);
                cleared[key] = cleared.GetValueOrDefault(key, true) && statements.Clears(image, package, finding);
            }
        }

        return new ClearedFindings(cleared.Where(each => each.Value).Select(each => each.Key).ToFrozenSet());
    }

    public bool Has(string component, string version, string cve) => _cleared.Contains((component, version, cve));
}
