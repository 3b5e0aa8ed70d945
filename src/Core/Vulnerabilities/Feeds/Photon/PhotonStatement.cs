using System.Text.Json;
using System.Text.RegularExpressions;

namespace ImageScan.Core.Vulnerabilities.Feeds.Photon;

/// <summary>
/// An entry of Photon's CVE data: <c>{"cve_id", "pkg", "cve_score", "aff_ver": "all versions before 8.16.0-1.ph4 are vulnerable",
/// "res_ver": "8.16.0-1.ph4", "status": "Fixed"}</c>; <c>NA</c> stands for no version.
/// </summary>
internal static partial class PhotonStatement
{
    /// <summary>Reads it; null if it says nothing, which the report then tells.</summary>
    public static Advisory? Read(JsonElement entry, string release, FeedReport report)
    {
        if (JsonTexts.Text(entry, "cve_id", 64) is not { } id || JsonTexts.Text(entry, "pkg") is not { } package)
        {
            report.AddMalformed($"Photon {release}", "has an entry without id or package");
            return null;
        }

        // "UNK-1" and "Re" are places in a table, not vulnerabilities; BDSA ones (Black Duck) others know too.
        if (!CveId.IsOne(id) && !OtherId().IsMatch(id))
        {
            report.AddSkipped("under an id that names no vulnerability");
            return null;
        }

        string? status = JsonTexts.Text(entry, "status");
        bool isDenied = string.Equals(status, "Not Affected", StringComparison.OrdinalIgnoreCase);
        string? fixedIn = Version(JsonTexts.Text(entry, "res_ver")) ?? BeforeWhich(JsonTexts.Text(entry, "aff_ver"));
        if (fixedIn is null && string.Equals(status, "Fixed", StringComparison.OrdinalIgnoreCase))
        {
            report.AddMalformed($"Photon {release} {package} {id}", "is fixed in no version");
            return null;
        }

        return new Advisory
        {
            Id = $"{id}/{release}/{package}{(isDenied || fixedIn is null ? "" : "/" + fixedIn)}",
            Modified = default,
            Authority = AdvisoryAuthority.Vendor,
            Upstream = [id],
            SeverityWord = Word(entry),
            Link = CveId.IsOne(id) ? "https://nvd.nist.gov/vuln/detail/" + id : "",
            Affected =
            [
                new AffectedPackage
                {
                    Ecosystem = new OsvEcosystem("Photon OS", release),
                    Name = package,
                    Ranges = [isDenied || fixedIn is null ? StatedRange.Every : StatedRange.Before(fixedIn)],
                    Status = isDenied ? AdvisoryStatus.NotAffected : AdvisoryStatus.Affected,
                },
            ],
        };
    }

    private static string? Version(string? text) =>
        text is null || string.Equals(text, "NA", StringComparison.OrdinalIgnoreCase) || text.Contains(' ', StringComparison.Ordinal)
            ? null
            : StatedRange.WithoutZeroEpoch(text);

    private static string? BeforeWhich(string? affected) => affected is not null && BeforeVersion().Match(affected) is { Success: true } match
        ? StatedRange.WithoutZeroEpoch(match.Groups[1].Value)
        : null;

    // The data have a score where Photon's advisories have a word; the bands are those of CVSS 3, the words those of the advisories
    // (https://www.first.org/cvss/v3.1/specification-document#Qualitative-Severity-Rating-Scale, https://github.com/vmware/photon/wiki).
    private static string? Word(JsonElement entry) =>
        JsonTexts.Member(entry, "cve_score") is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out double score)
            ? score switch
            {
                >= 9 and <= 10 => "critical",
                >= 7 and <= 10 => "important",
                >= 4 and <= 10 => "moderate",
                > 0 and <= 10 => "low",
                _ => null,
            }
            : null;

    [GeneratedRegex(@"^BDSA-\d{4}-\d+$")]
    private static partial Regex OtherId();

    [GeneratedRegex(@"^all versions before (\S+) are vulnerable$", RegexOptions.IgnoreCase)]
    private static partial Regex BeforeVersion();
}
