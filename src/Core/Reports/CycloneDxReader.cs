using System.Text.Json;
using ImageScan.Core.Inventory;
using static ImageScan.Core.Reports.BillElements;

namespace ImageScan.Core.Reports;

/// <summary>
/// Reads the components of a CycloneDX bill (https://cyclonedx.org/docs/1.6/json/), nested ones too. What a package was built from is in
/// properties, under the names that we, Syft and Trivy give them.
/// </summary>
internal sealed class CycloneDxReader(PackageListEntries entries)
{
    public void Read(JsonElement bill)
    {
        ReadComponent(PartOf(PartOf(bill, "metadata"), "component"));
        ReadComponents(bill);
    }

    private void ReadComponents(JsonElement owner)
    {
        foreach (JsonElement component in ElementsOf(owner, "components"))
        {
            ReadComponent(component);
        }
    }

    private void ReadComponent(JsonElement component)
    {
        if (component.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        string? type = TextOf(component, "type");
        if (type == "operating-system")
        {
            entries.Distribution ??= DistributionNames.Of(TextOf(component, "name") ?? "", TextOf(component, "version") ?? "");
        }
        else if (TextOf(component, "purl") is { Length: > 0 } purl && !purl.StartsWith("pkg:oci/", StringComparison.Ordinal))
        {
            if (entries.Read(purl) is { } package)
            {
                entries.Add(WithProperties(package, component));
            }
        }
        else if (type is "library" or "application" or "framework" or null && !IsImage(component))
        {
            entries.Skip("a component without a package URL");
        }

        ReadComponents(component);
    }

    private static bool IsImage(JsonElement component) => TextOf(component, "purl") is { Length: > 0 } || TextOf(component, "type") is "container";

    private static Package WithProperties(Package package, JsonElement component)
    {
        var properties = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (JsonElement property in ElementsOf(component, "properties"))
        {
            if (TextOf(property, "name") is { } name && TextOf(property, "value") is { Length: > 0 } value)
            {
                properties.TryAdd(name, value);
            }
        }

        return package.Type.IsLanguage || properties.Count == 0 ? package : WithSource(package, properties) with
        {
            Module = package.Module ?? FirstOf(properties, "imagescan:package:module", "aquasecurity:trivy:Modularitylabel", "syft:metadata:modularityLabel"),
            Architecture = package.Architecture ?? FirstOf(properties, "imagescan:package:architecture"),
        };
    }

    private static Package WithSource(Package package, Dictionary<string, string> properties)
    {
        string? rpm = FirstOf(properties, "syft:metadata:sourceRpm");
        (string? name, string? version) = rpm is null
            ? (FirstOf(properties, "imagescan:source:name", "aquasecurity:trivy:SrcName", "syft:metadata:source", "syft:metadata:originPackage"),
                FirstOf(properties, "imagescan:source:version", "syft:metadata:sourceVersion") ?? VersionOfTrivy(properties))
            : PackageUrlReader.SourceOf(package, rpm);
        return package with
        {
            SourceName = package.SourceName ?? (name == package.Name ? null : name),
            SourceVersion = package.SourceVersion ?? (version == package.Version ? null : version),
        };
    }

    // In three properties.
    private static string? VersionOfTrivy(Dictionary<string, string> properties)
    {
        if (FirstOf(properties, "aquasecurity:trivy:SrcVersion") is not { } version)
        {
            return null;
        }

        string epoch = FirstOf(properties, "aquasecurity:trivy:SrcEpoch") is { } number and not "0" ? $"{number}:" : "";
        string release = FirstOf(properties, "aquasecurity:trivy:SrcRelease") is { } text ? $"-{text}" : "";
        return $"{epoch}{version}{release}";
    }

    private static string? FirstOf(Dictionary<string, string> properties, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (properties.GetValueOrDefault(name) is { } value)
            {
                return value;
            }
        }

        return null;
    }
}
