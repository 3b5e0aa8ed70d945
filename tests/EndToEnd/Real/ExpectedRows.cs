using ImageScan.Core.Inventory.Versions;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Real;

/// <summary>The rows of <c>../shared/images/X.expected.tsv</c>, one line a package and CVE.</summary>
internal static class ExpectedRows
{
    /// <summary><c>PACKAGE VERSION CVE FIXED</c>, ordered. Of a CVE that two advisories mend, the later fix: that mends it.</summary>
    public static string[] Of(string image)
    {
        string[] lines = File.ReadAllLines(SharedData.Path("images", $"{image}.expected.tsv"));
        string[] columns = lines[0].Split('\t');
        VersionScheme scheme = VersionSchemes.For(columns.Contains("CVEs") ? "Debian" : "Alpine")!;
        return
        [
            .. lines.Skip(1)
                .Select(line => columns.Zip(line.Split('\t')).ToDictionary(cell => cell.First, cell => cell.Second))
                .SelectMany(row => CvesOf(row).Select(cve => (Found: $"{row["package"]} {row["version"]} {cve}", Fixed: row["fixed"])))
                .GroupBy(row => row.Found, row => row.Fixed)
                .Select(fixes => $"{fixes.Key} {fixes.Aggregate((left, right) => Later(left, right, scheme))}")
                .Order(StringComparer.Ordinal),
        ];
    }

    private static string[] CvesOf(Dictionary<string, string> row) =>
        row.TryGetValue("CVEs", out string? cves) ? cves.Split(',') : [row["advisory"]["ALPINE-".Length..]];

    private static string Later(string left, string right, VersionScheme scheme)
    {
        Assert.True(scheme.TryCompare(left, right, out int order));
        return order < 0 ? right : left;
    }
}
