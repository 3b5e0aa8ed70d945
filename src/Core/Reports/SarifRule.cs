using System.Globalization;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>A vulnerability as a rule of SARIF: what is to be said of it, whichever package has it.</summary>
/// <param name="Id">The CVE, or another id; harmless.</param>
/// <param name="Worst">The finding of it that is reported first.</param>
/// <param name="Packages">The names of the packages that have it, ordered; not all if there are many.</param>
internal sealed record SarifRule(string Id, ReportedFinding Worst, IReadOnlyList<string> Packages)
{
    private const int MaxPackages = 20;

    // GitHub cuts what is longer
    // (https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning#reportingdescriptor-object).
    private const int MaxDescriptionCharacters = 1_000;

    /// <summary>The rules of these findings, in the order in which they come.</summary>
    public static IReadOnlyList<SarifRule> AllOf(IEnumerable<ReportedFinding> worstFirst) =>
    [
        .. worstFirst.GroupBy(reported => IdOf(reported.Finding)).Select(rule => new SarifRule(
            rule.Key,
            rule.First(),
            [.. rule.Select(reported => ReportText.Line(reported.Package.Name, 100)).Distinct().Order(StringComparer.Ordinal).Take(MaxPackages)])),
    ];

    public static string IdOf(Finding finding) => ReportText.Line(finding.Cve, 200) is { Length: > 0 } id ? id : "unknown";

    /// <summary>What SARIF calls that severity.</summary>
    public static string LevelOf(Severity severity) => severity switch
    {
        Severity.Critical or Severity.Important => "error",
        Severity.Moderate => "warning",
        _ => "note",
    };

    public void Write(Utf8JsonWriter json)
    {
        Finding finding = Worst.Finding;
        string summary = ReportText.Line(finding.Summary, MaxDescriptionCharacters);
        json.WriteString("id", Id);
        json.WriteString("name", Worst.Package.Type.IsLanguage ? "LanguagePackageVulnerability" : "SystemPackageVulnerability");
        SarifReport.WriteMessage(json, "shortDescription", summary.Length > 0 ? $"{Id}: {ReportText.Line(summary, 150)}" : Id);
        SarifReport.WriteMessage(json, "fullDescription", summary.Length > 0 ? summary : Id);
        json.WriteUnlessEmpty("helpUri", ReportText.Link(finding.Link));
        json.WriteObject("help", _ =>
        {
            json.WriteString("text", SarifReport.TextOf(string.Join('\n', Facts().Select(fact => $"{fact.Name}: {fact.Value}").Append(summary))));
            json.WriteString("markdown", MarkdownOf(summary));
        });
        json.WriteObject("defaultConfiguration", _ => json.WriteString("level", LevelOf(finding.Severity)));
        json.WriteObject("properties", _ =>
        {
            json.WriteArray("tags", ["security", "vulnerability", ReportText.Word(finding.Severity)], (_, tag) => json.WriteStringValue(tag));
            json.WriteString("precision", "very-high");
            json.WriteUnlessEmpty("security-severity", SecuritySeverity());
        });
    }

    // GitHub calls above 9.0 critical, from 7.0 high, from 4.0 medium, else low, and nothing without a number (the page above, "security-severity").
    // Where a vendor has rated it otherwise than its score says, the vendor's word counts here as it does everywhere else.
    private string SecuritySeverity() => Worst.Finding.Severity switch
    {
        Severity.Critical => Within(9.1f, 10f, 9.5f),
        Severity.Important => Within(7f, 8.9f, 8f),
        Severity.Moderate => Within(4f, 6.9f, 5.5f),
        Severity.Low => Within(0.1f, 3.9f, 2f),
        _ => "",
    };

    private string Within(float least, float most, float usual) =>
        ReportText.Score(Worst.Score >= least && Worst.Score <= most ? Worst.Score : usual);

    private IEnumerable<(string Name, string Value)> Facts()
    {
        yield return ("Vulnerability", Id);
        yield return ("Severity", ReportText.Word(Worst.Finding.Severity));
        if (Worst.Score > 0)
        {
            yield return ("CVSS", ReportText.Score(Worst.Score));
        }

        if (Worst.Finding.Epss is { } epss)
        {
            yield return ("EPSS", epss.Probability.ToString("0.#####", CultureInfo.InvariantCulture));
        }

        if (Worst.Finding.Exploit is not null)
        {
            yield return ("Known to be exploited", "yes");
        }

        yield return ("Packages", string.Join(", ", Packages));
        yield return ("Fixed in", string.IsNullOrEmpty(Worst.Finding.FixedBy) ? "no fix is known" : ReportText.Line(Worst.Finding.FixedBy, 100));
        if (ReportText.Link(Worst.Finding.Link) is { Length: > 0 } link)
        {
            yield return ("Link", link);
        }
    }

    private string MarkdownOf(string summary)
    {
        var markdown = new StringBuilder("| | |\n| --- | --- |\n");
        foreach ((string name, string value) in Facts())
        {
            // Our own addresses have no character that ends them.
            markdown.Append("| ").Append(name).Append(" | ").Append(name == "Link" ? $"<{value}>" : Escaped(value)).Append(" |\n");
        }

        return summary.Length == 0 ? markdown.ToString() : markdown.Append('\n').Append(Escaped(summary)).Append('\n').ToString();
    }

    // Any ASCII punctuation may have a backslash before it (https://spec.commonmark.org/0.31.2/#backslash-escapes); what is special to HTML too
    // is an entity, and so is what GitHub takes for the beginning of a name.
    private static string Escaped(string text)
    {
        var escaped = new StringBuilder(text.Length * 2);
        foreach (char character in text)
        {
            _ = character switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '@' => escaped.Append("&#64;"),
                _ when char.IsAscii(character) && (char.IsPunctuation(character) || char.IsSymbol(character)) => escaped.Append('\\').Append(character),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }
}
