using System.Text.Json;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory.Licenses;
using ImageScan.Core.Policies;
using ImageScan.Core.Results;

namespace ImageScan.Core.Api;

/// <summary>What policies look at, out of what is answered of an image.</summary>
internal static class JudgedImages
{
    /// <summary>An image of which nothing is known but its name.</summary>
    public static JudgedImage Of(ImageReference name) =>
        new() { Registry = name.Registry, Remote = name.Remote, Tag = name.Tag, FullName = name.FullName };

    /// <summary>An image with its scan.</summary>
    /// <param name="image">What is answered of it.</param>
    /// <param name="scan">The scan: licences are in answers only where somebody wants them.</param>
    public static JudgedImage Of(WireImage image, Scan scan)
    {
        WireImageName name = image.Name ?? new WireImageName();
        IReadOnlyList<WireVerificationResult> results = image.SignatureVerificationData?.Results ?? [];
        return new JudgedImage
        {
            Registry = name.Registry,
            Remote = name.Remote,
            Tag = name.Tag,
            FullName = name.FullName,
            Config = image.Metadata?.V1 is { } config ? ConfigOf(config) : null,
            Scan = image.Scan is { } answered ? ScanOf(answered, scan) : null,
            // https://github.com/stackrox/stackrox/blob/4.5.0/pkg/booleanpolicy/augmentedobjs/construct.go
            VerifiedBy =
            [
                .. results.Where(result => result.Status == VerificationStatus.Verified && result.VerifiedImageReferences.Contains(name.FullName))
                    .Select(result => result.VerifierId),
            ],
        };
    }

    private static JudgedConfig ConfigOf(WireV1Metadata config) => new()
    {
        Created = config.Created,
        User = config.User,
        Labels = config.Labels,
        Lines = [.. config.Layers.Select(layer => (layer.Instruction, layer.Value))],
    };

    private static JudgedScan ScanOf(WireScan answered, Scan scan)
    {
        ILookup<(string, string), string> licenses = scan.Match.Packages
            .Select(found => found.Installed.Package)
            .Select(package => (Key: (package.Name, package.Version), License: License.Of(package.License)?.Name ?? ""))
            .Where(licensed => licensed.License.Length > 0)
            .Distinct()
            .ToLookup(licensed => licensed.Key, licensed => licensed.License);
        return new JudgedScan
        {
            ScannedAt = answered.ScanTime,
            OperatingSystem = answered.OperatingSystem,
            Notes = [.. answered.Notes.Select(note => JsonNamingPolicy.SnakeCaseUpper.ConvertName($"{note}"))],
            Components = [.. answered.Components.Select(component => ComponentOf(component, licenses))],
        };
    }

    private static JudgedComponent ComponentOf(WireComponent component, ILookup<(string, string), string> licenses) => new()
    {
        Name = component.Name,
        Version = component.Version,
        Licenses = [.. licenses[(component.Name, component.Version)].Order(StringComparer.Ordinal)],
        Vulnerabilities = [.. component.Vulns.Where(vulnerability => !SnoozeFilter.IsHidden(vulnerability)).Select(VulnerabilityOf)],
    };

    private static JudgedVulnerability VulnerabilityOf(WireVulnerability vulnerability) => new()
    {
        Cve = vulnerability.Cve,
        Cvss = vulnerability.Cvss,
        Severity = (JudgedSeverity)vulnerability.Severity,
        FixedBy = vulnerability.FixedBy ?? "",
        FirstInImage = vulnerability.FirstImageOccurrence,
        FirstInSystem = vulnerability.FirstSystemOccurrence,
    };
}
