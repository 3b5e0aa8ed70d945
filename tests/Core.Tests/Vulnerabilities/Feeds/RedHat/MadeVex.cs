using System.Text;
using System.Text.Json.Nodes;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.RedHat;

/// <summary>
/// A document in the form of Red Hat's about one CVE, made by hand: https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/.
/// </summary>
internal sealed class MadeVex(string cve = "CVE-2024-1000")
{
    public const string BaseOs9 = "cpe:/o:redhat:enterprise_linux:9::baseos";
    public const string AppStream9 = "cpe:/a:redhat:enterprise_linux:9::appstream";
    public const string Rhel9 = "cpe:/o:redhat:enterprise_linux:9";

    private readonly JsonArray _branches = [];
    private readonly JsonArray _relationships = [];
    private readonly JsonObject _status = [];
    private readonly JsonArray _remediations = [];
    private readonly JsonArray _threats = [];
    private readonly JsonArray _scores = [];
    private readonly HashSet<string> _known = [];

    public JsonObject Tracking { get; } = new()
    {
        ["id"] = cve,
        ["status"] = "final",
        ["current_release_date"] = "2024-08-04T10:17:22+00:00",
    };

    public byte[] Bytes => Encoding.UTF8.GetBytes(Text);

    public string Text => new JsonObject
    {
        ["document"] = new JsonObject { ["aggregate_severity"] = new JsonObject { ["text"] = "moderate" }, ["tracking"] = Tracking.DeepClone() },
        ["product_tree"] = new JsonObject
        {
            ["branches"] = new JsonArray(new JsonObject { ["category"] = "vendor", ["name"] = "Red Hat", ["branches"] = _branches.DeepClone() }),
            ["relationships"] = _relationships.DeepClone(),
        },
        ["vulnerabilities"] = new JsonArray(new JsonObject
        {
            ["cve"] = cve,
            ["title"] = "foo: a title",
            ["release_date"] = "2024-07-01T00:00:00+00:00",
            ["notes"] = new JsonArray(new JsonObject { ["category"] = "description", ["text"] = "A flaw was found in foo." }),
            ["product_status"] = _status.DeepClone(),
            ["remediations"] = _remediations.DeepClone(),
            ["threats"] = _threats.DeepClone(),
            ["scores"] = _scores.DeepClone(),
        }),
    }.ToJsonString();

    /// <summary>Says that a component of a product has a status; the product's id is its CPE, the component's its package URL.</summary>
    public MadeVex Says(string status, string cpe, string? purl, string? module = null)
    {
        string component = purl ?? "without a package URL";
        Add(cpe, "product_name", new JsonObject { ["cpe"] = cpe });
        Add(component, "product_version", purl is null ? [] : new JsonObject { ["purl"] = purl });
        string whole = cpe;
        if (module is not null)
        {
            Add(module, "product_version", new JsonObject { ["purl"] = module });
            whole = Id(cpe, module);
            Relate(whole, module, cpe);
        }

        string id = Id(whole, component);
        Relate(id, component, whole);
        return SaysOf(status, id);
    }

    /// <summary>Says that an id has a status, which need not be that of a component.</summary>
    public MadeVex SaysOf(string status, string id)
    {
        _status[status] ??= new JsonArray();
        _status[status]!.AsArray().Add(id);
        return this;
    }

    public MadeVex Fixed(string cpe, string purl, string erratum = "RHSA-2024:1000", string? module = null) =>
        Says("fixed", cpe, purl, module)
            .Remedy("vendor_fix", "Update.", $"https://access.redhat.com/errata/{erratum}", Id(module is null ? cpe : Id(cpe, module), purl));

    public MadeVex Remedy(string category, string details, string? url, params string[] ids)
    {
        var remediation = new JsonObject { ["category"] = category, ["details"] = details, ["product_ids"] = Array(ids) };
        if (url is not null)
        {
            remediation["url"] = url;
            remediation["date"] = "2024-07-09T08:00:00+00:00";
        }

        _remediations.Add(remediation);
        return this;
    }

    public MadeVex Impact(string word, params string[] ids)
    {
        _threats.Add(new JsonObject { ["category"] = "impact", ["details"] = word, ["product_ids"] = Array(ids) });
        return this;
    }

    public MadeVex Score(string vector, double score, params string[] ids)
    {
        string version = vector.StartsWith("CVSS:3", StringComparison.Ordinal) ? "cvss_v3" : "cvss_v2";
        _scores.Add(new JsonObject
        {
            [version] = new JsonObject { ["vectorString"] = vector, ["baseScore"] = score },
            ["products"] = Array(ids),
        });
        return this;
    }

    public static string Id(string product, string component) => $"{product} {component}";

    private static JsonArray Array(string[] texts) => [.. texts.Select(text => (JsonNode)text)];

    private void Add(string id, string category, JsonObject helper)
    {
        if (_known.Add(id))
        {
            var product = new JsonObject { ["name"] = id, ["product_id"] = id, ["product_identification_helper"] = helper };
            _branches.Add(new JsonObject { ["category"] = category, ["name"] = id, ["product"] = product });
        }
    }

    private void Relate(string id, string component, string whole)
    {
        if (_known.Add(id))
        {
            _relationships.Add(new JsonObject
            {
                ["category"] = "default_component_of",
                ["full_product_name"] = new JsonObject { ["name"] = id, ["product_id"] = id },
                ["product_reference"] = component,
                ["relates_to_product_reference"] = whole,
            });
        }
    }
}
