using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.RedHat;

/// <summary>
/// The products, components and relationships of one document
/// (https://docs.oasis-open.org/csaf/csaf/v2.0/os/csaf-v2.0-os.html#322-product-tree-property,
/// https://redhatproductsecurity.github.io/security-data-guidelines/csaf-vex/#product-tree).
/// </summary>
internal sealed class VexProductTree
{
    // A package in a module in a product has two steps; a document that goes round in circles has no end.
    private const int MaxSteps = 5;

    private readonly Dictionary<string, OsvEcosystem?> _products = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> _components = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (string Component, string Whole)> _relationships = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RpmPurl?> _purls = new(StringComparer.Ordinal);

    public VexProductTree(JsonElement document)
    {
        if (!document.TryGetProperty("product_tree", out var tree) || tree.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        ReadBranches(tree);
        foreach (var product in VexFields.Objects(tree, "full_product_names"))
        {
            ReadProduct(product);
        }

        foreach (var relationship in VexFields.Objects(tree, "relationships"))
        {
            ReadRelationship(relationship);
        }
    }

    /// <summary>Which package of which product an id means; null if it means none that an image can have, and then why.</summary>
    public VexComponent? Find(string id, out string? whyNot)
    {
        whyNot = null;
        if (!_relationships.TryGetValue(id, out var relationship))
        {
            whyNot = VexSkip.WholeProduct;
            return null;
        }

        string component = relationship.Component;
        for (int i = 0; i < MaxSteps && _relationships.TryGetValue(component, out var inner); i++)
        {
            component = inner.Component;
        }

        RpmPurl? purl = PurlOf(component);
        whyNot = purl?.Kind switch
        {
            null => VexSkip.NoPurl,
            PurlKind.Other => VexSkip.NoRpm,
            PurlKind.Module => VexSkip.WholeModule,
            PurlKind.Malformed => VexSkip.Malformed,
            _ => null,
        };
        if (whyNot is not null)
        {
            return null;
        }

        string? module = purl!.Module ?? ModuleOfId(id);
        string product = relationship.Whole;
        for (int i = 0; i < MaxSteps && _relationships.TryGetValue(product, out var outer); i++)
        {
            // Until 2025 a module was a product between a package and the product that it is a part of
            // (https://issues.redhat.com/browse/SECDATA-1115).
            module ??= PurlOf(outer.Component) is { Kind: PurlKind.Module } between ? between.Module : null;
            product = outer.Whole;
        }

        if (_products.GetValueOrDefault(product) is not { } ecosystem)
        {
            whyNot = VexSkip.NoCpe;
            return null;
        }

        return new VexComponent(ecosystem, purl, module);
    }

    // Some ids end as in "nodejs-1:20.11.1-1.module+el9.3.0+21385+bac43d5a.x86_64::nodejs:20".
    private static string? ModuleOfId(string id)
    {
        int colons = id.LastIndexOf("::", StringComparison.Ordinal);
        int component = id.IndexOf(':', StringComparison.Ordinal);
        return colons > component && id[(colons + 2)..] is var module && module.IndexOfAny(['/', '@', ' ']) < 0 ? RpmPurl.StreamOf(module) : null;
    }

    // Nested as deep as the reader of JSON lets it be.
    private void ReadBranches(JsonElement owner)
    {
        foreach (var branch in VexFields.Objects(owner, "branches"))
        {
            if (branch.TryGetProperty("product", out var product) && product.ValueKind == JsonValueKind.Object)
            {
                ReadProduct(product);
            }

            ReadBranches(branch);
        }
    }

    private void ReadProduct(JsonElement product)
    {
        if (VexFields.Text(product, "product_id") is not { } id)
        {
            return;
        }

        bool helps = product.TryGetProperty("product_identification_helper", out var helper) && helper.ValueKind == JsonValueKind.Object;
        string? cpe = helps ? VexFields.Text(helper, "cpe") : null;
        if (cpe is not null)
        {
            _products.TryAdd(id, RedHatProduct.EcosystemOf(cpe));
        }
        else
        {
            _components.TryAdd(id, helps ? VexFields.Text(helper, "purl") : null);
        }
    }

    private void ReadRelationship(JsonElement relationship)
    {
        if (relationship.TryGetProperty("full_product_name", out var name) && name.ValueKind == JsonValueKind.Object
            && VexFields.Text(name, "product_id") is { } id
            && VexFields.Text(relationship, "product_reference") is { } component
            && VexFields.Text(relationship, "relates_to_product_reference") is { } whole)
        {
            _relationships.TryAdd(id, (component, whole));
        }
    }

    private RpmPurl? PurlOf(string component)
    {
        if (!_purls.TryGetValue(component, out RpmPurl? purl))
        {
            purl = _components.GetValueOrDefault(component) is { } text ? RpmPurl.Parse(text) : null;
            _purls.Add(component, purl);
        }

        return purl;
    }
}

/// <summary>A package of a product.</summary>
/// <param name="Ecosystem">The product.</param>
/// <param name="Rpm">The package.</param>
/// <param name="Module">The module it is in, <c>nodejs:18</c>; null if in none.</param>
internal sealed record VexComponent(OsvEcosystem Ecosystem, RpmPurl Rpm, string? Module);
