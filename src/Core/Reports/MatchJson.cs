using System.Text.Json;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>What advisories say about a list of packages, every key always there: what <c>imagescan match --format json</c> prints.</summary>
public static class MatchJson
{
    /// <summary>Writes every package of the list, in its order, with its findings.</summary>
    /// <param name="inventory">The list.</param>
    /// <param name="match">What was found.</param>
    /// <param name="output">Where to; stays open.</param>
    public static void Write(ImageInventory inventory, MatchOutcome match, Stream output) => ReportWriter.Write(output, json =>
    {
        WriteAdvisories(json, match.Advisories);
        json.WriteString("distribution", OperatingSystems.NameOf(inventory.Distribution));
        json.WriteBoolean("coversDistribution", match.CoversDistribution);
        json.WriteBoolean("coversLanguages", match.CoversLanguages);
        json.WriteObjects("packages", match.Packages, (_, found) =>
        {
            Package package = found.Installed.Package;
            json.WriteString("type", package.Type.Name);
            json.WriteString("name", package.Name);
            json.WriteString("version", package.Version);
            json.WriteString("sourceName", package.SourceName);
            json.WriteString("sourceVersion", package.SourceVersion);
            json.WriteString("purl", PackageUrl.Of(package, inventory.Distribution));
            json.WriteObjects("findings", found.Findings, WriteFinding);
        });
        json.WriteObjects("warnings", [.. inventory.Warnings, .. match.Warnings], (_, warning) =>
        {
            json.WriteString("path", warning.Path);
            json.WriteString("reason", warning.Reason);
        });
    });

    /// <summary>A status in the words of vulnerability reports: <c>affected</c>, <c>will-not-fix</c>.</summary>
    public static string WordOf(Finding finding) => finding switch
    {
        { FixedBy: not null } => "fixed",
        { Status: AdvisoryStatus.WillNotFix } => "will-not-fix",
        { Status: AdvisoryStatus.FixDeferred } => "fix-deferred",
        { Status: AdvisoryStatus.EndOfLife } => "end-of-life",
        _ => "affected",
    };

    private static void WriteAdvisories(Utf8JsonWriter json, AdvisoryOrigin? advisories)
    {
        if (advisories is null)
        {
            json.WriteNull("advisories");
            return;
        }

        json.WriteObject("advisories", _ =>
        {
            json.WriteString("id", advisories.Id);
            json.WriteString("builtAt", advisories.BuiltAt);
            WriteDate(json, "newestRecord", advisories.NewestRecord);
            json.WriteBoolean("isStarterSet", advisories.IsStarterSet);
        });
    }

    private static void WriteFinding(Utf8JsonWriter json, Finding finding)
    {
        json.WriteString("id", finding.Cve);
        json.WriteArray("aliases", finding.Aliases, (_, alias) => json.WriteStringValue(alias));
        json.WriteString("severity", finding.Severity.ToString().ToUpperInvariant());
        json.WriteString("status", WordOf(finding));
        json.WriteString("fixedBy", finding.FixedBy);
        json.WriteBoolean("fixNeedsSubscription", finding.FixNeedsSubscription);
        WriteDate(json, "fixedOn", finding.FixedOn);
        json.WriteString("cvssV3", finding.CvssV3?.Vector);
        json.WriteString("cvssV2", finding.CvssV2?.Vector);
        WriteScore(json, finding);
        json.WriteString("advisory", finding.AdvisoryId);
        json.WriteString("advisoryLink", finding.AdvisoryLink);
        json.WriteString("ecosystem", finding.Ecosystem);
        json.WriteString("link", finding.Link);
        json.WriteString("summary", finding.Summary);
        WriteDate(json, "publishedOn", finding.PublishedOn);
        WriteDate(json, "lastModified", finding.LastModified);
        WriteExploitation(json, finding);
    }

    private static void WriteScore(Utf8JsonWriter json, Finding finding)
    {
        if ((finding.CvssV3?.Score ?? finding.CvssV2?.Score) is { } score)
        {
            json.WriteNumber("cvss", score);
        }
        else
        {
            json.WriteNull("cvss");
        }
    }

    private static void WriteExploitation(Utf8JsonWriter json, Finding finding)
    {
        if (finding.Epss is { } epss)
        {
            json.WriteObject("epss", _ =>
            {
                json.WriteNumber("probability", epss.Probability);
                json.WriteNumber("percentile", epss.Percentile);
            });
        }
        else
        {
            json.WriteNull("epss");
        }

        json.WriteBoolean("knownExploited", finding.Exploit is not null);
    }

    private static void WriteDate(Utf8JsonWriter json, string name, DateTimeOffset? date)
    {
        if (date is { } moment)
        {
            json.WriteString(name, moment.UtcDateTime);
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
