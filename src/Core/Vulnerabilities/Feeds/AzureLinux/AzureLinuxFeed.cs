using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using ImageScan.Core.Vulnerabilities.Feeds.Oval;

namespace ImageScan.Core.Vulnerabilities.Feeds.AzureLinux;

/// <summary>
/// Reads Microsoft's OVAL documents about Azure Linux and what it was called before, CBL-Mariner
/// (https://github.com/microsoft/AzureLinuxVulnerabilityData). A definition is about one CVE of one source package; its test says
/// <c>less than</c> the version that mends it, or <c>less than or equal</c> to the last one where nothing does.
/// </summary>
public sealed partial class AzureLinuxFeed : IAdvisoryFeed
{
    // The largest document has some ten thousand definitions with one each.
    private const int MaxConditions = 1_000_000;

    public FeedDescription Description { get; } = new()
    {
        Name = "azure-linux",
        Title = "Azure Linux OVAL",
        Licence = "MIT, https://github.com/microsoft/AzureLinuxVulnerabilityData/blob/main/LICENSE",
        Address = "https://raw.githubusercontent.com/microsoft/AzureLinuxVulnerabilityData/main",
    };

    public bool Recognises(string path) => DocumentName().IsMatch(path);

    public Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken) =>
        Task.FromResult(new FeedPlan
        {
            Documents = [new("azurelinux-3.0-oval.xml"), new("cbl-mariner-2.0-oval.xml"), new("cbl-mariner-1.0-oval.xml")],
        });

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (DocumentName().Match(document.Path) is not { Success: true } name)
        {
            throw new FeedException($"{document.Path} does not say which release of Azure Linux it is of.");
        }

        // Mariner's packages bear the same ecosystem: https://ossf.github.io/osv-schema/#defined-ecosystems
        var ecosystem = new OsvEcosystem("Azure Linux", name.Groups["major"].Value);
        await using Stream content = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        using var xml = new ForwardXml(content);
        var definitions = new List<OvalDefinition>();
        var tables = new AzureTables();
        await TakeAllAsync(xml, definitions, tables, report, cancellationToken);
        foreach (OvalDefinition definition in definitions)
        {
            if (Read(definition, ecosystem, tables, report) is { } advisory)
            {
                yield return advisory;
            }
        }
    }

    private static async Task TakeAllAsync(
        ForwardXml xml, List<OvalDefinition> definitions, AzureTables tables, FeedReport report, CancellationToken cancellationToken)
    {
        var reader = new OvalDefinitionReader(xml);
        bool isOval = false;
        int conditions = 0;
        while (await xml.ReadAsync(cancellationToken))
        {
            if (!xml.IsStart)
            {
                continue;
            }

            if (xml.Name != "definition")
            {
                isOval |= xml.Name == "oval_definitions";
                await tables.TakeAsync(xml, cancellationToken);
            }
            else if (await reader.ReadAsync(cancellationToken) is not { } definition)
            {
                report.AddMalformed("definition", "has no id, or too many conditions");
            }
            else if ((conditions += 1 + definition.References.Count + TestsOf(definition.Criteria).Count()) > MaxConditions)
            {
                throw new InvalidDataException($"It has more than {MaxConditions} conditions.");
            }
            else
            {
                definitions.Add(definition);
            }
        }

        if (!isOval)
        {
            throw new FeedException("It is no OVAL document.");
        }
    }

    private static Advisory? Read(OvalDefinition definition, OsvEcosystem ecosystem, AzureTables tables, FeedReport report)
    {
        string[] cves = [.. definition.References.Select(reference => reference.Id).Where(CveId.IsOne).Distinct(StringComparer.Ordinal)];
        List<AffectedPackage> affected = Affected(definition, ecosystem, tables);
        if (cves.Length == 0 || affected.Count == 0)
        {
            report.AddMalformed(FeedTexts.Shown(definition.Id), "names no CVE, or no version of a package");
            return null;
        }

        DateTimeOffset? date = FeedTexts.Date(definition.AdvisoryDate, "yyyy-MM-dd'T'HH:mm:ssK");
        bool isDenied = definition.Patchable == "Not Applicable";
        return new Advisory
        {
            Id = $"AZL-{ecosystem.Release}-{(definition.AdvisoryId.Length > 0 ? definition.AdvisoryId : definition.Id)}",
            Modified = date ?? default,
            Published = date,
            Authority = AdvisoryAuthority.Vendor,
            Upstream = cves,
            Summary = FeedSummary.OnOneLine(definition.Title),
            SeverityWord = definition.Severity.Length is > 0 and <= 64 ? definition.Severity : null,
            Link = FeedTexts.Link(definition.References.FirstOrDefault(reference => reference.Id == cves[0])?.Address),
            Affected = isDenied
                ? [.. affected.Select(package => package with { Ranges = [StatedRange.Every], Status = AdvisoryStatus.NotAffected })]
                : [.. affected.Select(package => package with { FixedOn = package.Ranges.Any(HasFix) ? date : null })],
        };
    }

    private static List<AffectedPackage> Affected(OvalDefinition definition, OsvEcosystem ecosystem, AzureTables tables)
    {
        var affected = new List<AffectedPackage>();
        foreach (OvalCriterion test in TestsOf(definition.Criteria))
        {
            if (tables.TryResolve(test.Test, out string? package, out VersionRange? range))
            {
                affected.Add(new AffectedPackage { Ecosystem = ecosystem, Name = package, Ranges = [range] });
            }
        }

        return affected;
    }

    private static IEnumerable<OvalCriterion> TestsOf(OvalCriteria? criteria) =>
        criteria is null ? [] : [.. criteria.Tests, .. criteria.Groups.SelectMany(TestsOf)];

    private static bool HasFix(VersionRange range) => range.Events.Any(point => point.Kind == RangeEventKind.Fixed);

    [GeneratedRegex(@"(^|/)(azurelinux|cbl-mariner)-(?<major>\d{1,3})\.\d{1,3}-oval\.xml(\.(gz|bz2|xz|zst))?$")]
    private static partial Regex DocumentName();
}
