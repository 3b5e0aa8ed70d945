using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.RedHat;

/// <summary>
/// What one vulnerability of a document says about its products beside their status
/// (https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/#vulnerability-metadata): Red Hat's impact, scores, and what is
/// done about it.
/// </summary>
internal sealed class VexRatings
{
    private readonly Dictionary<string, string> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VexScore> _scores = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VexFix> _fixes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AdvisoryStatus> _unfixed = new(StringComparer.Ordinal);

    public VexRatings(JsonElement vulnerability)
    {
        foreach (var threat in VexFields.Objects(vulnerability, "threats"))
        {
            if (VexFields.Text(threat, "category") == "impact" && VexFields.Text(threat, "details") is { Length: <= 64 } word)
            {
                AddAll(_words, VexFields.Ids(threat, "product_ids"), word);
            }
        }

        int most = 0;
        foreach (var scored in VexFields.Objects(vulnerability, "scores"))
        {
            VexScore score = ScoreOf(scored);
            int products = AddAll(_scores, VexFields.Ids(scored, "products"), score);
            (Usual, most) = products > most ? (score.Vectors, products) : (Usual, most);
        }

        foreach (var remediation in VexFields.Objects(vulnerability, "remediations"))
        {
            ReadRemediation(remediation);
        }
    }

    /// <summary>The vectors of most products.</summary>
    public CvssVectors Usual { get; } = CvssVectors.None;

    /// <summary>Red Hat's impact (<c>Important</c>) for a product; null if it is not rated.</summary>
    public string? WordOf(string product) => _words.GetValueOrDefault(product);

    public CvssVectors VectorsOf(string product) => _scores.TryGetValue(product, out var score) ? score.Vectors : CvssVectors.None;

    /// <summary>
    /// Whether a product is not rated and scores 0.0: so Red Hat keeps CVEs that it does not take for vulnerabilities. Clair disregards them too
    /// (https://github.com/quay/claircore/blob/main/rhel/vex/parser.go).
    /// </summary>
    public bool HasNoImpact(string product) => !_words.ContainsKey(product) && _scores.TryGetValue(product, out var score) && score.IsZero;

    /// <summary>What mends a product; <c>default</c> if nothing does, or it is not said what.</summary>
    public VexFix FixOf(string product) => _fixes.GetValueOrDefault(product);

    /// <summary>What Red Hat does about a product that is affected and not mended.</summary>
    public AdvisoryStatus UnfixedStatusOf(string product) => _unfixed.GetValueOrDefault(product, AdvisoryStatus.Affected);

    private static VexScore ScoreOf(JsonElement scored)
    {
        JsonElement v2 = VexFields.Part(scored, "cvss_v2");
        JsonElement v3 = VexFields.Part(scored, "cvss_v3");
        JsonElement v4 = VexFields.Part(scored, "cvss_v4");
        JsonElement first = v3.ValueKind == JsonValueKind.Object ? v3 : v2;
        bool isZero = first.ValueKind == JsonValueKind.Object
            && first.TryGetProperty("baseScore", out var score) && score.ValueKind == JsonValueKind.Number
            && score.TryGetDouble(out double number) && number == 0;
        return new VexScore(new CvssVectors(VectorOf(v2), VectorOf(v3), VectorOf(v4)), isZero);
    }

    private static string? VectorOf(JsonElement cvss) =>
        cvss.ValueKind == JsonValueKind.Object && VexFields.Text(cvss, "vectorString") is { Length: <= 256 } vector ? vector : null;

    private void ReadRemediation(JsonElement remediation)
    {
        string? category = VexFields.Text(remediation, "category");
        if (category == "vendor_fix")
        {
            // A package that several errata carry came with the first of them.
            AddAll(_fixes, VexFields.Ids(remediation, "product_ids"), new VexFix(ErratumOf(remediation), VexFields.Date(remediation, "date")));
        }
        else if (category is "no_fix_planned" or "none_available" && StatusOf(category, VexFields.Text(remediation, "details")) is { } status)
        {
            AddAll(_unfixed, VexFields.Ids(remediation, "product_ids"), status);
        }
    }

    // The words are those of https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/#remediations; documents also write
    // "Fix deferred". A workaround says nothing of what Red Hat does.
    private static AdvisoryStatus? StatusOf(string category, string? details) => (category, details?.Trim().ToLowerInvariant()) switch
    {
        (_, "deferred" or "fix deferred") => AdvisoryStatus.FixDeferred,
        ("no_fix_planned", "out of support scope") => AdvisoryStatus.EndOfLife,
        ("no_fix_planned", _) => AdvisoryStatus.WillNotFix,
        _ => null,
    };

    // https://access.redhat.com/errata/RHSA-2023:7511
    private static string? ErratumOf(JsonElement remediation)
    {
        string? url = VexFields.Text(remediation, "url");
        string id = url is null ? "" : url[(url.LastIndexOf('/') + 1)..];
        bool isOne = id.Length is > 10 and <= 24 && id.StartsWith("RH", StringComparison.Ordinal) && id[3..5] == "A-" && id[9] == ':'
            && id.Skip(10).All(char.IsAsciiDigit);
        return isOne ? id : null;
    }

    private static int AddAll<T>(Dictionary<string, T> to, IEnumerable<string> products, T value)
    {
        int count = 0;
        foreach (string product in products)
        {
            to.TryAdd(product, value);
            count++;
        }

        return count;
    }

    private sealed record VexScore(CvssVectors Vectors, bool IsZero);
}

/// <summary>What mends a product.</summary>
/// <param name="Erratum"><c>RHSA-2023:7511</c>; null if none is named.</param>
/// <param name="FixedOn">When it came out; older documents do not say.</param>
internal readonly record struct VexFix(string? Erratum, DateTimeOffset? FixedOn);
