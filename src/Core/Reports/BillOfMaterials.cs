using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Inventory.Licenses;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>
/// What every bill of materials of an image says, whatever its format. The same scan gives the same bill: names and ids come from the
/// image's digest, times are the scan's.
/// </summary>
/// <param name="scan">The image.</param>
/// <param name="name">The name under which it was asked for; null for the first of its names.</param>
internal sealed class BillOfMaterials(Scan scan, ImageReference? name = null)
{
    /// <summary>The program that wrote it.</summary>
    public const string Tool = "imagescan";

    private readonly ImageReference? _name = name ?? (scan.Names is [var first, ..] ? first : null);

    /// <summary>The program's version, <c>0.1.0</c>.</summary>
    public static string ToolVersion { get; } = typeof(BillOfMaterials).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    /// <summary>The image as it was asked for, without its tag or digest; its digest if it has no name.</summary>
    public string ImageName => _name is null ? Digest
        : _name.Registry.Length > 0 ? Repository
        : _name.FullName;

    /// <summary>The manifest's digest, or the configuration's for an archive that has no manifest.</summary>
    public string Digest => (scan.Manifest.Digest ?? scan.Manifest.Config.Digest).ToString();

    /// <summary>The hexadecimal digits of the manifest's digest; null if there is no manifest, or its digest is no sha256.</summary>
    public string? Sha256 => scan.Manifest.Digest is { Algorithm: "sha256", Hex: var hex } ? hex : null;

    /// <summary>The image's package URL; null for an archive without a manifest, since a package URL has the manifest's digest.</summary>
    public string? ImagePurl => scan.Manifest.Digest is { } digest
        ? PackageUrl.OfImage(digest.ToString(), _name?.Registry.Length > 0 ? Repository : "", _name?.Tag ?? "", scan.Platform.Architecture)
        : null;

    /// <summary>When the scan was, to the second, as both formats want it.</summary>
    public string Time => scan.ScannedAt.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>An id of this bill: another scan of the image, or another version of this program, gives another.</summary>
    public Guid Id => IdOf();

    /// <summary>An id of this bill with a report in it: other findings, other decisions about them, or something else that is left out, give another.</summary>
    public Guid IdWith(ImageReport report)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ReportedFinding found in report.Findings)
        {
            (Package package, Finding finding, ReportedDecision? decision) = (found.Installed.Package, found.Finding, found.Decision);
            string text = string.Join(
                '\0', package.Type.Name, package.Name, package.Version, package.Location, finding.Cve, finding.AdvisoryId, finding.Severity,
                finding.FixedBy, finding.CvssV3?.Vector, finding.CvssV2?.Vector, decision?.Kind, decision?.Comment, decision?.Justification,
                decision?.Until?.UtcTicks, finding.Epss?.Probability.ToString("R", CultureInfo.InvariantCulture),
                finding.Epss?.Percentile.ToString("R", CultureInfo.InvariantCulture), finding.Exploit is not null,
                finding.Exploit?.DateAdded?.DayNumber, finding.Exploit?.DueDate?.DayNumber);
            hash.AppendData(Encoding.UTF8.GetBytes($"{text}\n"));
        }

        // They say how many findings are left out, too.
        foreach (ReportNotice notice in ReportNotices.Of(report))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{notice.Text}\n"));
        }

        return IdOf(Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private Guid IdOf(params ReadOnlySpan<string> more)
    {
        string time = scan.ScannedAt.UtcTicks.ToString(CultureInfo.InvariantCulture);
        string text = string.Join('\0', [Tool, ToolVersion, Digest, _name?.FullName, time, scan.DetectorsVersion, .. more]);
        byte[] bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text))[..16];
        // Version 8, whose content is one's own (https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8).
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    public Distribution? Distribution => scan.Inventory.Distribution;

    /// <summary>What else is to be said of the image, as name and value.</summary>
    public IEnumerable<(string Name, string Value)> ImageProperties =>
    [
        ("imagescan:image:name", _name?.FullName ?? Digest),
        ("imagescan:image:config", scan.Manifest.Config.Digest.ToString()),
        ("imagescan:image:platform", scan.Platform.ToString()),
        ("imagescan:image:distribution", OperatingSystems.NameOf(Distribution)),
        .. scan.Manifest.Layers.Select(layer => ("imagescan:image:layer", layer.Digest.ToString())),
    ];

    /// <summary>What could not be read or told, a sentence each; empty if nothing is known to be missing.</summary>
    public IEnumerable<string> Warnings => scan.Inventory.Warnings
        .Select(warning => warning.Path.Length > 0 ? $"{warning.Path}: {warning.Reason}" : warning.Reason);

    /// <summary>What else a report says of its own limits, as name and value: about advisories, and how many findings are left out.</summary>
    public IEnumerable<(string Name, string Value)> NoticesOf(ImageReport report)
    {
        HashSet<string> said = [.. Warnings.Select(warning => ReportText.Line(warning, ReportNotices.MaxCharacters))];
        return ReportNotices.Of(report).Where(notice => !said.Contains(notice.Text)).Select(notice => ("imagescan:notice", notice.Text));
    }

    private string Repository => $"{_name!.Registry}/{_name.Remote}";

    /// <summary>The packages that were matched, in the inventory's order.</summary>
    public IEnumerable<ListedPackage> Packages()
    {
        IReadOnlyList<LayerOrigin> layers = LayerOrigin.AllOf(scan);
        var references = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (InstalledPackage installed in scan.Match.Packages.Select(found => found.Installed))
        {
            string purl = PackageUrl.Of(installed.Package, Distribution);
            string reference = ReferenceOf(installed.Package, purl);
            int number = references[reference] = references.GetValueOrDefault(reference) + 1;
            string unique = number == 1 ? reference : string.Create(CultureInfo.InvariantCulture, $"{reference}-{number}");
            LayerOrigin? layer = layers.ElementAtOrDefault(installed.Layer);
            yield return new ListedPackage(
                unique, installed.Package, purl, License.Of(installed.Package.License), [.. PropertiesOf(installed.Package, layer)]);
        }
    }

    /// <summary>What each package is called within the document; of one that is listed twice the first.</summary>
    public IReadOnlyDictionary<(Package Package, int Layer), string> References()
    {
        var references = new Dictionary<(Package, int), string>();
        foreach ((PackageFindings found, ListedPackage listed) in scan.Match.Packages.Zip(Packages()))
        {
            references.TryAdd((found.Installed.Package, found.Installed.Layer), listed.Reference);
        }

        return references;
    }

    /// <summary>Sixteen hexadecimal digits that stand for a text where a format allows no other characters.</summary>
    public static string Mark(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));

    // The same package can be installed in several places.
    private static string ReferenceOf(Package package, string purl) => $"{package.Type.Name}-{Mark($"{purl}\0{package.Location}")}";

    private static IEnumerable<(string Name, string Value)> PropertiesOf(Package package, LayerOrigin? layer)
    {
        (string Name, string? Value)[] properties =
        [
            ("imagescan:package:type", package.Type.Name),
            ("imagescan:package:path", package.Location),
            ("imagescan:package:architecture", package.Architecture),
            ("imagescan:package:module", package.Module),
            ("imagescan:source:name", package.SourceName),
            ("imagescan:source:version", package.SourceVersion),
            ("imagescan:layer:digest", layer?.Digest),
            ("imagescan:layer:index", layer?.Step?.ToString(CultureInfo.InvariantCulture)),
            ("imagescan:layer:instruction", layer?.Instruction),
        ];
        return properties.Where(property => !string.IsNullOrEmpty(property.Value)).Select(property => (property.Name, property.Value!));
    }
}

/// <summary>A package in a bill of materials.</summary>
/// <param name="Reference">What this installation is called within the document: letters, digits and dashes, unique.</param>
/// <param name="Package">The package.</param>
/// <param name="Purl">Its package URL.</param>
/// <param name="License">Its licence; null if it states none.</param>
/// <param name="Properties">What else is to be said of it, as name and value.</param>
internal sealed record ListedPackage(
    string Reference, Package Package, string Purl, License? License, IReadOnlyList<(string Name, string Value)> Properties);
