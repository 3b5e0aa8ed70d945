using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ImageScan.Core.Vulnerabilities.Feeds.Debian;

/// <summary>
/// Reads Debian's security tracker: <c>{source package: {CVE: {description, releases: {codename: {status, fixed_version, urgency, nodsa,
/// nodsa_reason}}}}}</c> (https://security-tracker.debian.org/tracker/, "JSON" there; the states are explained at
/// https://security-team.debian.org/security_tracker.html). Each release has an entry of its own, worked out by the tracker: what is mended in
/// sid alone is open in the others.
/// </summary>
public sealed partial class DebianTrackerFeed : IAdvisoryFeed
{
    private const string DocumentPath = "tracker/data/json";
    private const int MaxDescriptionLength = 64 * 1024;

    public FeedDescription Description { get; } = new()
    {
        Name = "debian",
        Title = "Debian security tracker",
        Licence = "none stated, https://salsa.debian.org/security-tracker-team/security-tracker",
        Address = "https://security-tracker.debian.org",
    };

    public bool Recognises(string path) => TrackerPath().IsMatch(path);

    public Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken)
    {
        bool isDocument = source.Location.EndsWith("json", StringComparison.OrdinalIgnoreCase);
        return Task.FromResult(new FeedPlan { Documents = [new PlannedDocument(isDocument ? "" : DocumentPath)] });
    }

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream content = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        var unnumbered = new UnnumberedVulnerabilities();
        await foreach (JsonPiece piece in JsonPieces.ReadAsync(content, depth: 2, cancellationToken))
        {
            if (piece.Path.Count == 0 || piece.Path[0].Length == 0)
            {
                throw new FeedException("It is no list of Debian's source packages.");
            }

            if (Read(piece, report) is not { } advisory)
            {
                continue;
            }

            if (advisory.Upstream.Count > 0)
            {
                yield return advisory;
            }
            else if (!unnumbered.TryAdd(advisory))
            {
                report.AddMalformed(advisory.Id, "is one of more vulnerabilities without a CVE than there can be");
            }
        }

        foreach (Advisory advisory in unnumbered.All)
        {
            yield return advisory;
        }
    }

    private static Advisory? Read(JsonPiece piece, FeedReport report)
    {
        string name = FeedTexts.Shown(string.Join(' ', piece.Path));
        if (piece.Path is not [{ Length: <= JsonTexts.MaxLength } package, { Length: > 0 and <= JsonTexts.MaxLength } id]
            || !VulnerabilityId().IsMatch(id) || JsonTexts.Member(piece.Value, "releases") is not { ValueKind: JsonValueKind.Object } releases)
        {
            report.AddMalformed(name, "is no vulnerability with releases");
            return null;
        }

        List<AffectedPackage> affected = Affected(package, releases, name, report);
        bool isCve = CveId.IsOne(id);
        return affected.Count == 0 ? null : new Advisory
        {
            // The same CVE is there once for each source package.
            Id = isCve ? $"{id}/{package}" : id,
            Modified = default,
            Authority = AdvisoryAuthority.Vendor,
            Upstream = isCve ? [id] : [],
            Summary = FeedSummary.OnOneLine(JsonTexts.Text(piece.Value, "description", MaxDescriptionLength)),
            Link = "https://security-tracker.debian.org/tracker/" + id,
            Affected = affected,
        };
    }

    private static List<AffectedPackage> Affected(string package, JsonElement releases, string name, FeedReport report)
    {
        var affected = new List<AffectedPackage>();
        foreach (var (codename, row) in JsonTexts.Members(releases))
        {
            if (DebianReleases.EcosystemOf(codename) is not { } ecosystem)
            {
                report.AddSkipped("about a release whose number is not known");
            }
            else if (DebianStatement.Read(package, ecosystem, row, out string? problem) is not { } statement)
            {
                report.AddMalformed(name, problem!);
            }
            else
            {
                if (statement.Status == AdvisoryStatus.UnderInvestigation)
                {
                    report.AddSkipped("undetermined: no finding, and none by others' word");
                }

                affected.Add(statement);
            }
        }

        return affected;
    }

    [GeneratedRegex(@"(^|/)(tracker/data/json|debian/tracker/api/[^/]+\.json|debian-security-tracker\.json)(\.(gz|bz2|xz|zst))?$")]
    private static partial Regex TrackerPath();

    // TEMP-0892765-8ED4D5: a number of Debian's own until there is a CVE.
    [GeneratedRegex(@"^(CVE-\d{4}-\d{4,12}|(?!CVE-)[A-Z]{2,16}-[0-9A-Za-z]+(-[0-9A-Za-z]+)*)$")]
    private static partial Regex VulnerabilityId();

    /// <summary>
    /// What has no CVE bears its own id, as one record for all packages that it is in; they are held until the end, since a package's
    /// neighbours in the document are not those of a vulnerability. There are some hundreds.
    /// </summary>
    private sealed class UnnumberedVulnerabilities
    {
        private const int MaxPackages = 100_000;

        private readonly Dictionary<string, (Advisory First, List<AffectedPackage> Affected)> _byId = new(StringComparer.Ordinal);
        private int _packages;

        public IEnumerable<Advisory> All => _byId.Values.Select(known => known.First with { Affected = known.Affected });

        public bool TryAdd(Advisory advisory)
        {
            _packages += advisory.Affected.Count;
            if (_packages > MaxPackages)
            {
                return false;
            }

            if (!_byId.TryGetValue(advisory.Id, out var known))
            {
                _byId[advisory.Id] = known = (advisory, []);
            }

            known.Affected.AddRange(advisory.Affected);
            return true;
        }
    }
}
