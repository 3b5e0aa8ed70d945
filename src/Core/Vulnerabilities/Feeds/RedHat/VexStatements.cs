namespace ImageScan.Core.Vulnerabilities.Feeds.RedHat;

/// <summary>
/// Brings together what a document says of one package of one product once for every architecture: most of it says the same. Products with
/// the same CPE are one.
/// </summary>
internal sealed class VexStatements
{
    // What Enterprise Linux's images are built for (https://catalog.redhat.com/software/containers/ubi9/ubi/615bcf606feffc5384e8452e); who
    // names all of them leaves none out.
    private static readonly string[] Everywhere = ["aarch64", "ppc64le", "s390x", "x86_64"];

    private readonly Dictionary<VexStatement, HashSet<string>> _architectures = [];
    private readonly List<VexStatement> _statements = [];

    /// <summary>Adds what is said of a package for one architecture; null for all.</summary>
    public void Add(VexStatement statement, string? architecture)
    {
        if (!_architectures.TryGetValue(statement, out var known))
        {
            known = new HashSet<string>(StringComparer.Ordinal);
            _architectures.Add(statement, known);
            _statements.Add(statement);
        }

        // Packages without an architecture may replace ones with any.
        known.Add(architecture ?? "noarch");
    }

    /// <summary>All of it; <paramref name="report"/> is told what does not have to be kept.</summary>
    public List<AffectedPackage> Affected(string? usualWord, CvssVectors usualVectors, FeedReport report)
    {
        VexStatement[] positive =
        [
            .. _statements.Where(statement => statement.Status is not (AdvisoryStatus.NotAffected or AdvisoryStatus.UnderInvestigation)),
        ];
        var denials = new VexDenials(positive);
        var errataOfRpms = positive.Where(statement => statement.NameKind == PackageNameKind.Own).Select(ErratumOf).ToHashSet();
        var affected = new List<AffectedPackage>();
        foreach (var statement in _statements)
        {
            // Images have no source rpms. But where the rpms built from one are not named, it stands for all of them.
            if (statement is { FixedIn: not null, NameKind: PackageNameKind.Source } && errataOfRpms.Contains(ErratumOf(statement)))
            {
                report.AddSkipped(VexSkip.SourceRpm);
            }
            else if (statement.Status == AdvisoryStatus.NotAffected && !denials.Matters(statement))
            {
                report.AddSkipped(VexSkip.Denial, _architectures[statement].Count);
            }
            else
            {
                affected.Add(PackageOf(statement, usualWord, usualVectors));
            }
        }

        return affected;
    }

    private static (OsvEcosystem Ecosystem, string? Module, string? Erratum) ErratumOf(VexStatement statement) =>
        (statement.Ecosystem, statement.Module, statement.Erratum);

    private AffectedPackage PackageOf(VexStatement statement, string? usualWord, CvssVectors usualVectors)
    {
        RangeEvent start = new(RangeEventKind.Introduced, "0");
        return new AffectedPackage
        {
            Ecosystem = statement.Ecosystem,
            Name = statement.Name,
            NameKind = statement.NameKind,
            Ranges =
            [
                new VersionRange(RangeOrder.Ecosystem, statement.FixedIn is null ? [start] : [start, new RangeEvent(RangeEventKind.Fixed, statement.FixedIn)]),
            ],
            Status = statement.Status,
            Module = statement.Module,
            Architectures = ArchitecturesOf(_architectures[statement]),
            Erratum = statement.Erratum,
            FixedOn = statement.FixedOn,
            SeverityWord = string.Equals(statement.Word, usualWord, StringComparison.OrdinalIgnoreCase) ? null : statement.Word,
            Vectors = statement.Vectors == usualVectors ? CvssVectors.None : statement.Vectors,
        };
    }

    private static string[] ArchitecturesOf(HashSet<string> named) =>
        named.Contains("noarch") || Everywhere.All(named.Contains) ? [] : [.. named.Order(StringComparer.Ordinal)];
}

/// <summary>What is said of one package of one product, whatever the architecture.</summary>
internal sealed record VexStatement
{
    public required OsvEcosystem Ecosystem { get; init; }

    public required string Name { get; init; }

    public required PackageNameKind NameKind { get; init; }

    public string? Module { get; init; }

    public AdvisoryStatus Status { get; init; }

    /// <summary>Epoch where it is not 0, version, release; null if no version is mended, or none affected.</summary>
    public string? FixedIn { get; init; }

    public string? Erratum { get; init; }

    public DateTimeOffset? FixedOn { get; init; }

    public string? Word { get; init; }

    public CvssVectors Vectors { get; init; } = CvssVectors.None;
}
