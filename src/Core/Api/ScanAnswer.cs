using System.Globalization;
using System.IO.Hashing;
using System.Text;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Api;

/// <summary>
/// The scan of an answer: its components with their vulnerabilities, in the form and order in which StackRox gives stored scans.
/// </summary>
public static class ScanAnswer
{
    public static WireScan Of(Scan scan, IReadOnlyList<Component> components, string scannerVersion)
    {
        IReadOnlyList<int> layerIndexes = ImageMetadataAnswer.LayerIndexes(scan.Config);
        float[] risks = [.. components.Select(ImageRisk.Of)];
        RiskRanks ranks = RiskRanks.Of(risks);
        return new WireScan
        {
            ScannerVersion = scannerVersion,
            ScanTime = scan.ScannedAt,
            Components = [.. components.Select((component, i) => ComponentOf(component, scan, layerIndexes) with
            {
                // StackRox ranks among all components of all images, we within one.
                Priority = ranks.RankOf(risks[i]),
                RiskScore = risks[i],
            })],
            OperatingSystem = OperatingSystems.NameOf(scan.Inventory.Distribution),
            DataSource = DataSources.Scanner,
            Notes = ScanNotes.Of(scan),
            Hash = HashOf(components),
        };
    }

    private static WireComponent ComponentOf(Component component, Scan scan, IReadOnlyList<int> layerIndexes) => new()
    {
        Name = component.Name,
        Version = component.Version,
        Vulns = [.. component.Findings.Select(finding => VulnerabilityAnswer.Of(finding, scan))],
        LayerIndex = component.Installed.Layer < layerIndexes.Count ? layerIndexes[component.Installed.Layer] : null,
        Source = SourceOf(component.Installed.Package.Type),
        Location = component.Installed.Package.Location,
        TopCvss = component.TopCvss,
        FixedBy = component.HighestFix(),
    };

    private static ComponentSource SourceOf(PackageType type) => type.LocationPrefix switch
    {
        "nodejs" => ComponentSource.Nodejs,
        "python" => ComponentSource.Python,
        _ => ComponentSource.Os,
    };

    // XXH3 of everything that tells two results apart, and of nothing that changes while the result does not (ranks, first occurrences).
    private static ulong HashOf(IReadOnlyList<Component> components)
    {
        var hash = new XxHash3();
        foreach (Component component in components)
        {
            string layer = component.Installed.Layer.ToString(CultureInfo.InvariantCulture);
            Append(component.Name, component.Version, component.Installed.Package.Location, layer);
            foreach (Finding finding in component.Findings)
            {
                Append(finding.Cve, finding.Severity.ToString(), finding.FixedBy ?? "", finding.Link, finding.Summary);
                Append(finding.CvssV2?.Vector ?? "", finding.CvssV3?.Vector ?? "");
            }
        }

        return hash.GetCurrentHashAsUInt64();

        void Append(params ReadOnlySpan<string> texts)
        {
            foreach (string text in texts)
            {
                hash.Append(Encoding.UTF8.GetBytes(text));
                hash.Append("\0"u8);
            }
        }
    }
}
