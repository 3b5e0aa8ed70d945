using System.Globalization;
using System.Reflection;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Scans;

/// <summary>What a scan says of the scanner that made it: our version, which advisories it asked, and how old those were.</summary>
public static class ScannerVersion
{
    /// <summary>The product's version, <c>0.1.0</c>.</summary>
    public static string Product { get; } =
        typeof(ScannerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>The <c>scannerVersion</c> of a scan's answer.</summary>
    public static string Of(Scan scan) => $"imagescan {Product}, {AdvisoriesOf(scan.Match.Advisories, scan.ScannedAt)}";

    /// <summary>Which advisories, and their age at that time, in a few words for people.</summary>
    public static string AdvisoriesOf(AdvisoryOrigin? advisories, DateTimeOffset at)
    {
        if (advisories is null)
        {
            return "no advisories";
        }

        DateTimeOffset newest = advisories.NewestRecord ?? advisories.BuiltAt;
        string kind = advisories.IsStarterSet ? "starter set of advisories" : "advisories";
        string days = ((int)Math.Max(0, (at - newest).TotalDays)).ToString(CultureInfo.InvariantCulture);
        return $"{kind} up to {newest.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} ({days} days old)";
    }
}
