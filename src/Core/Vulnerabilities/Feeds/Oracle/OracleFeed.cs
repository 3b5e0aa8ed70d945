using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ImageScan.Core.Vulnerabilities.Feeds.Oval;

namespace ImageScan.Core.Vulnerabilities.Feeds.Oracle;

/// <summary>
/// Reads Oracle's errata as OVAL (https://linux.oracle.com/security/): one document with all of them, or one a year. Of it no more than a
/// definition is held. Errata of ksplice and FIPS flavours are there like the others; which of them a package is to be compared with is left
/// to matching.
/// </summary>
public sealed partial class OracleFeed : IAdvisoryFeed
{
    public FeedDescription Description { get; } = new()
    {
        Name = "oracle",
        Title = "Oracle Linux errata (ELSA)",
        Licence = "none stated, each erratum is under Oracle's copyright, https://linux.oracle.com/security/",
        Address = "https://linux.oracle.com/security/oval",
    };

    public bool Recognises(string path) => DocumentName().IsMatch(path);

    public Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken)
    {
        bool isDocument = source.Location.EndsWith(".bz2", StringComparison.OrdinalIgnoreCase)
            || source.Location.EndsWith(".xml", StringComparison.OrdinalIgnoreCase);
        return Task.FromResult(new FeedPlan { Documents = [new PlannedDocument(isDocument ? "" : "com.oracle.elsa-all.xml.bz2")] });
    }

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream content = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        using var xml = new ForwardXml(content);
        var reader = new OvalDefinitionReader(xml);
        bool isOval = false;
        while (await xml.ReadAsync(cancellationToken))
        {
            isOval |= xml.IsStart && xml.Name == "definitions";
            if (xml.IsEnd && xml.Name == "definitions")
            {
                // What follows says the same once more: see OracleFixes.
                break;
            }

            if (!xml.IsStart || xml.Name != "definition")
            {
                continue;
            }

            if (await reader.ReadAsync(cancellationToken) is not { } definition)
            {
                report.AddMalformed("definition", "has no id, or too many conditions");
            }
            else if (Read(definition, report) is { } advisory)
            {
                yield return advisory;
            }
        }

        if (!isOval)
        {
            throw new FeedException("It is no OVAL document.");
        }
    }

    private static Advisory? Read(OvalDefinition definition, FeedReport report)
    {
        OvalReference? erratum = definition.References.Find(reference => reference.Source.Equals("elsa", StringComparison.OrdinalIgnoreCase));
        if (erratum is null || !ErratumId().IsMatch(erratum.Id))
        {
            report.AddMalformed(FeedTexts.Shown(definition.Id), "is of no erratum");
            return null;
        }

        string? unknown = null;
        DateTimeOffset? issued = FeedTexts.Date(definition.Issued, "yyyy-MM-dd");
        string? platform = definition.Platforms.Select(name => Platform().Match(name)).FirstOrDefault(match => match.Success)?.Groups[1].Value;
        IReadOnlyList<OracleFix> fixes = definition.Criteria is { } criteria ? OracleFixes.Of(criteria, platform, out unknown) : [];
        if (fixes.Count == 0 || unknown is not null || issued is null)
        {
            report.AddMalformed(erratum.Id, fixes.Count == 0 ? "mends no package" : issued is null ? "has no date (the rest is used)"
                : $"has a condition that is not known, and taken to hold: {FeedTexts.Shown(unknown!)}");
        }

        return fixes.Count == 0 ? null : new Advisory
        {
            Id = erratum.Id,
            Modified = issued ?? default,
            Published = issued,
            Authority = AdvisoryAuthority.Vendor,
            Upstream = CvesOf(definition),
            Summary = FeedSummary.OnOneLine(definition.Title),
            Link = FeedTexts.Link(erratum.Address),
            SeverityWord = Severity(definition.Severity),
            Vectors = VectorsOf(definition),
            Affected = [.. fixes.GroupBy(fix => fix with { Architecture = null }).Select(group => Affected(group, issued))],
        };
    }

    private static AffectedPackage Affected(IGrouping<OracleFix, OracleFix> group, DateTimeOffset? issued)
    {
        string[] systems = [.. group.Select(fix => fix.Architecture).OfType<string>().Distinct(StringComparer.Ordinal)];
        bool isForEvery = group.Any(fix => fix.Architecture is null);
        return new AffectedPackage
        {
            Ecosystem = new OsvEcosystem("Oracle Linux", group.Key.Release),
            Name = group.Key.Package,
            NameKind = PackageNameKind.Own,
            Ranges = [StatedRange.Before(group.Key.Version)],
            Module = group.Key.Module,
            Architectures = isForEvery ? [] : OracleArchitectures.Of(group.Key.Release, systems),
            FixedOn = issued,
        };
    }

    private static string[] CvesOf(OvalDefinition definition) =>
    [
        .. definition.Cves.Select(cve => cve.Id).Concat(definition.References.Select(reference => reference.Id))
            .Where(CveId.IsOne).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    // Vectors are given for each CVE and kept for an advisory: only where it has one CVE are they the same.
    private static CvssVectors VectorsOf(OvalDefinition definition) => definition.Cves is [{ } only]
        ? new CvssVectors(WithoutScore(only.Cvss2), WithoutScore(only.Cvss3))
        : CvssVectors.None;

    private static string? WithoutScore(string? scored) =>
        scored?.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash && slash + 1 < scored.Length ? scored[(slash + 1)..] : null;

    // "N/A" is what errata without a rating have.
    private static string? Severity(string word) => word.Length is 0 or > 64 || word.Equals("N/A", StringComparison.OrdinalIgnoreCase) ? null : word;

    [GeneratedRegex(@"(^|/)(com\.oracle\.elsa-(all|\d{4,16})|oracle/linux/[^/]+)\.xml(\.(gz|bz2|xz|zst))?$")]
    private static partial Regex DocumentName();

    [GeneratedRegex(@"^EL[SBE]A-\d{4}-\d{1,10}(-\d{1,4})?$")]
    private static partial Regex ErratumId();

    [GeneratedRegex(@"^Oracle Linux (\d{1,3})$")]
    private static partial Regex Platform();
}
