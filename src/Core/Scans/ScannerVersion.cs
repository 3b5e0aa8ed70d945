using System.Globalization;
using System.Reflection;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Scans;

/// <summary>What a scan says of the scanner that made it: our version, which advisories it asked, and how old those were.</summary>
public static class ScannerVersion
{
    /// <summary>What stands before the age of advisories that are no more than a sample.</summary>
    public const string StarterSet = "starter set of advisories";

    private const int IdLength = 12;

    /// <summary>The product's version, <c>0.1.0</c>.</summary>
    public static string Product { get; } =
        typeof(ScannerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>
    /// The <c>scannerVersion</c> of a scan's answer. A snapshot can be new as a whole and years old for one release: then both are said. It ends
    /// with how the snapshot's id begins: several may be built in a day.
    /// </summary>
    public static string Of(Scan scan)
    {
        string text = $"imagescan {Product}, {AdvisoriesOf(scan.Match.Advisories, scan.ScannedAt)}";
        if (scan.Match.NewestForDistribution is { } newest)
        {
            text += $", for {OperatingSystems.NameOf(scan.Inventory.Distribution)} {UpTo(newest, scan.ScannedAt)}";
        }

        return scan.Match.Advisories is { } advisories ? $"{text}, snapshot {advisories.Id[..Math.Min(advisories.Id.Length, IdLength)]}" : text;
    }

    /// <summary>Which advisories, and their age at that time, in a few words for people.</summary>
    public static string AdvisoriesOf(AdvisoryOrigin? advisories, DateTimeOffset at) => advisories is null
        ? "no advisories"
        : $"{(advisories.IsStarterSet ? StarterSet : "advisories")} {AsOf(advisories, at)}";

    // Who was built today of what has no dates may be of any age.
    private static string AsOf(AdvisoryOrigin advisories, DateTimeOffset at) => advisories.NewestRecord is not null
        ? UpTo(advisories.AsOf, at)
        : string.Create(CultureInfo.InvariantCulture, $"undated, built {advisories.BuiltAt.UtcDateTime:yyyy-MM-dd}");

    private static string UpTo(DateTimeOffset newest, DateTimeOffset at)
    {
        int days = Math.Max(0, (int)(at - newest).TotalDays);
        return string.Create(CultureInfo.InvariantCulture, $"up to {newest.UtcDateTime:yyyy-MM-dd} ({days} {(days == 1 ? "day" : "days")} old)");
    }
}
