using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.RedHat;

/// <summary>
/// Reads one document of Red Hat's about one CVE (CSAF 2.0, profile VEX:
/// https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/).
/// </summary>
internal sealed class VexDocument
{
    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 64 };

    private readonly string _name;
    private readonly FeedReport _report;
    private readonly JsonElement _document;
    private readonly VexProductTree _tree;
    private int _malformed;

    private VexDocument(string name, JsonElement root, FeedReport report)
    {
        _name = name;
        _report = report;
        _document = VexFields.Part(root, "document");
        _tree = new VexProductTree(root);
    }

    /// <summary>The advisories of a document, mostly one; none if it cannot be read, which the report then says. Throws nothing, whatever the bytes.</summary>
    /// <param name="json">UTF-8.</param>
    /// <param name="name">For people: <c>2023/cve-2023-6212.json</c>.</param>
    /// <param name="report">Told what is malformed or left out.</param>
    public static IReadOnlyList<Advisory> Read(ReadOnlyMemory<byte> json, string name, FeedReport report)
    {
        try
        {
            using var parsed = JsonDocument.Parse(json, Bounded);
            if (parsed.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new VexDocument(name, parsed.RootElement, report).Advisories(parsed.RootElement);
            }

            report.AddMalformed(name, "is no JSON object");
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is no UTF-8, or half a surrogate pair, is noticed only when it is taken out.
            report.AddMalformed(name, "is no valid JSON: " + broken.Message);
        }

        return [];
    }

    private List<Advisory> Advisories(JsonElement root)
    {
        JsonElement tracking = VexFields.Part(_document, "tracking");
        string? trackingId = tracking.ValueKind == JsonValueKind.Object ? VexFields.Text(tracking, "id") : null;
        if (tracking.ValueKind != JsonValueKind.Object || VexFields.Date(tracking, "current_release_date") is not { } modified)
        {
            _report.AddMalformed(_name, "has no valid 'current_release_date'");
            return [];
        }

        if (VexFields.Text(tracking, "status") == "deleted" && trackingId is not null)
        {
            _report.AddSkipped(VexSkip.Deleted);
            return [new Advisory { Id = trackingId, Modified = modified, Withdrawn = modified, Authority = AdvisoryAuthority.Vendor }];
        }

        var advisories = new List<Advisory>();
        foreach (var vulnerability in VexFields.Objects(root, "vulnerabilities"))
        {
            if ((VexFields.Text(vulnerability, "cve") ?? trackingId) is not { } id || !CveId.IsOne(id))
            {
                _report.AddMalformed(_name, "is about no CVE");
                continue;
            }

            advisories.Add(AdvisoryOf(vulnerability, id, modified));
        }

        if (_malformed > 0)
        {
            _report.AddMalformed(_name, $"has {_malformed} statements {VexSkip.Malformed} (the rest is used)");
        }

        return advisories;
    }

    private Advisory AdvisoryOf(JsonElement vulnerability, string id, DateTimeOffset modified)
    {
        var ratings = new VexRatings(vulnerability);
        JsonElement severity = VexFields.Part(_document, "aggregate_severity");
        string? word = severity.ValueKind == JsonValueKind.Object && VexFields.Text(severity, "text") is { Length: <= 64 } text ? text : null;
        JsonElement status = VexFields.Part(vulnerability, "product_status");
        var statements = new VexStatements();
        if (status.ValueKind == JsonValueKind.Object)
        {
            AddFixed(status, ratings, statements);
            AddUnfixed(status, "known_affected", ratings.UnfixedStatusOf, ratings, statements);
            AddUnfixed(status, "under_investigation", _ => AdvisoryStatus.UnderInvestigation, ratings, statements);
            AddUnfixed(status, "known_not_affected", _ => AdvisoryStatus.NotAffected, ratings, statements);
        }

        return new Advisory
        {
            Id = id,
            Authority = AdvisoryAuthority.Vendor,
            Modified = modified,
            Published = VexFields.Date(vulnerability, "release_date"),
            Summary = SummaryOf(vulnerability),
            Link = "https://access.redhat.com/security/cve/" + id,
            SeverityWord = word,
            Vectors = ratings.Usual,
            Affected = statements.Affected(word, ratings.Usual, _report),
        };
    }

    private void AddFixed(JsonElement status, VexRatings ratings, VexStatements statements)
    {
        foreach (string product in VexFields.Ids(status, "fixed"))
        {
            if (ComponentOf(product, ratings) is not { } component)
            {
                continue;
            }

            if (component.Rpm.Version is not { } version)
            {
                _report.AddSkipped(VexSkip.NoVersion);
                continue;
            }

            VexFix fix = ratings.FixOf(product);
            statements.Add(
                StatementOf(component, product, ratings) with { FixedIn = version, Erratum = fix.Erratum, FixedOn = fix.FixedOn },
                component.Rpm.IsSource ? null : component.Rpm.Architecture);
        }
    }

    // What is not mended has no version: where one is written (go-toolset@rhel8), it is none. A denial about the version of an erratum is true of
    // all versions, or Red Hat would state the fixed one.
    private void AddUnfixed(
        JsonElement status, string which, Func<string, AdvisoryStatus> statusOf, VexRatings ratings, VexStatements statements)
    {
        foreach (string product in VexFields.Ids(status, which))
        {
            if (ComponentOf(product, ratings) is { } component)
            {
                VexStatement statement = StatementOf(component, product, ratings) with { Status = statusOf(product) };
                // Nobody asks how bad it is not.
                statements.Add(
                    statement.Status == AdvisoryStatus.NotAffected ? statement with { Word = null, Vectors = CvssVectors.None } : statement,
                    component.Rpm.IsSource ? null : component.Rpm.Architecture);
            }
        }
    }

    private VexComponent? ComponentOf(string product, VexRatings ratings)
    {
        VexComponent? component = _tree.Find(product, out string? whyNot);
        if (component is not null && IsForDebuggers(component.Rpm.Name))
        {
            (component, whyNot) = (null, VexSkip.DebugPackage);
        }
        else if (component is not null && ratings.HasNoImpact(product))
        {
            (component, whyNot) = (null, VexSkip.NoImpact);
        }

        if (whyNot == VexSkip.Malformed)
        {
            _malformed++;
        }
        else if (whyNot is not null)
        {
            _report.AddSkipped(whyNot);
        }

        return component;
    }

    // Half of all packages named, and nothing in them runs. kernel-debug is none of them: it is a kernel.
    private static bool IsForDebuggers(string name) => name.EndsWith("-debuginfo", StringComparison.Ordinal)
        || name.EndsWith("-debugsource", StringComparison.Ordinal) || name.Contains("-debuginfo-common", StringComparison.Ordinal);

    // Red Hat names a source for what is not mended (arch=src), and else what is installed:
    // https://redhatproductsecurity.github.io/security-data-guidelines/scanning-vendors/#purls-in-csaf-vex
    private static VexStatement StatementOf(VexComponent component, string product, VexRatings ratings) => new()
    {
        Ecosystem = component.Ecosystem,
        Name = component.Rpm.Name,
        NameKind = component.Rpm.IsSource ? PackageNameKind.Source : PackageNameKind.Own,
        Module = component.Module,
        Word = ratings.WordOf(product),
        Vectors = ratings.VectorsOf(product),
    };

    // The description, else the shorter texts.
    private static string SummaryOf(JsonElement vulnerability)
    {
        string? text = null;
        foreach (string category in (string[])["description", "summary"])
        {
            text ??= VexFields.Objects(vulnerability, "notes")
                .Where(note => JsonText.Short(note, "category") == category)
                .Select(note => JsonText.Of(note, "text"))
                .FirstOrDefault(note => !string.IsNullOrWhiteSpace(note));
        }

        return FeedSummary.Cut(text ?? VexFields.Text(vulnerability, "title"));
    }
}
