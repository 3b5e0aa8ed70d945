using System.Globalization;
using System.IO.Hashing;
using System.Text;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
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
    public static WireScan Of(Scan scan, IReadOnlyList<Component> components, string scannerVersion, ApiSettings settings)
    {
        IReadOnlyList<int> layerIndexes = ImageHistory.LayerIndexes(scan.Config);
        float[] risks = [.. components.Select(ImageRisk.Of)];
        RiskRanks ranks = RiskRanks.Of(risks);
        return new WireScan
        {
            ScannerVersion = scannerVersion,
            ScanTime = scan.ScannedAt,
            Components = [.. components.Select((component, i) => ComponentAnswer.Of(component, scan, layerIndexes, settings) with
            {
                // StackRox ranks among all components of all images, we within one.
                Priority = ranks.RankOf(risks[i]),
                RiskScore = risks[i],
            })],
            OperatingSystem = OperatingSystems.NameOf(scan.Inventory.Distribution),
            DataSource = DataSources.Scanner,
            Notes = ScanNotes.Of(scan),
            Hash = HashOf(components, settings),
        };
    }

    // XXH3 of everything that tells two results apart, and of nothing that changes while the result does not (ranks, first occurrences).
    private static ulong HashOf(IReadOnlyList<Component> components, ApiSettings settings)
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

            if (settings.FillLicense && component.Installed.Package.License is { } license)
            {
                Append(license);
            }

            foreach (PackageExecutable executable in settings.FillExecutables ? component.Installed.Executables : [])
            {
                Append([executable.Path, .. executable.Needed]);
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
