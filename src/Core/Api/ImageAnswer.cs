using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Scans.Signing;

namespace ImageScan.Core.Api;

/// <summary>
/// Turns a saved scan into the wire form of an image. Where Scanner V4 and the older scanner differ, V4 is followed, but for a few things:
/// the scan's notes are those of both, <c>lastModified</c> is filled, and <c>name</c> is the name that was asked for, not the first one
/// under which the image was ever seen. Components have their licence unless <see cref="ApiSettings"/> say otherwise. Who signed it is added by
/// <see cref="SignatureAnswer"/>.
/// </summary>
public static class ImageAnswer
{
    /// <summary>The answer to a request for a name.</summary>
    /// <param name="scan">What is known of the image.</param>
    /// <param name="requested">The name that was asked for.</param>
    /// <param name="snoozed">Whether to keep what has been snoozed.</param>
    /// <param name="settings">What it holds beyond StackRox's.</param>
    public static WireImage ToScanImage(Scan scan, ImageReference requested, Snoozed snoozed, ApiSettings settings) =>
        Of(scan, requested, snoozed, settings);

    /// <summary>The answer to a request for an id.</summary>
    /// <param name="scan">What is known of the image; without a name in the request its name is the first of its names, null if it has none.</param>
    /// <param name="request">What was asked.</param>
    /// <param name="rank">The image's place by risk among all images, 1 the riskiest.</param>
    /// <param name="settings">What it holds beyond StackRox's.</param>
    public static WireImage ToGetImage(Scan scan, GetImageRequest request, long rank, ApiSettings settings)
    {
        WireImage image = Of(scan, request.Name, request.IncludeSnoozed ? Snoozed.Included : Snoozed.LeftOut, settings) with { Priority = rank };
        return request.StripDescription ? WithoutSummaries(image) : image;
    }

    /// <summary>One row of the list.</summary>
    /// <param name="image">The saved row.</param>
    /// <param name="rank">The image's place by risk among all images, 1 the riskiest.</param>
    public static WireListImage ToListImage(ListedImage image, long rank) => new()
    {
        Id = image.Id,
        Name = image.Name,
        Components = image.Summary.Components,
        Cves = image.Summary.Cves,
        FixableCves = image.Summary.FixableCves,
        Created = image.Created,
        LastUpdated = image.LastUpdated,
        Priority = rank,
        RemovedAt = image.RemovedAt,
    };

    private static WireImage Of(Scan scan, ImageReference? requested, Snoozed snoozed, ApiSettings settings)
    {
        IReadOnlyList<Component> components = Component.AllOf(scan.Match);
        ScanSummary summary = ScanStatistics.Of(scan, components);
        ImageReference? name = requested ?? (scan.Names is [var first, ..] ? first : null);
        var image = new WireImage
        {
            // The digest that was asked for counts, even an index's; then the manifest's, then the configuration's.
            Id = (requested?.Digest ?? scan.Manifest.Digest ?? scan.Manifest.Config.Digest).ToString(),
            Name = name is null ? null : NameOf(name),
            Names = [.. NamesOf(scan, requested).Select(NameOf)],
            Metadata = ImageMetadataAnswer.Of(scan, name?.Registry ?? ""),
            Scan = ScanAnswer.Of(scan, components, ScannerVersion.Of(scan), settings),
            Components = summary.Components,
            Cves = summary.Cves,
            FixableCves = summary.FixableCves,
            LastUpdated = scan.SavedAt,
            IsClusterLocal = scan.Cluster.Length > 0,
            RiskScore = summary.RiskScore,
            TopCvss = summary.TopCvss,
            RemovedAt = scan.RemovedAt,
        };
        image = SignatureAnswer.Apply(image, ImageTrust.None);
        return snoozed == Snoozed.Included ? image : SnoozeFilter.Apply(image);
    }

    private static IEnumerable<ImageReference> NamesOf(Scan scan, ImageReference? requested) => scan.Names
        .Concat(requested is null ? [] : [requested])
        .DistinctBy(name => name.FullName)
        .OrderBy(name => name.FullName, StringComparer.Ordinal);

    /// <summary>A name in the wire form.</summary>
    internal static WireImageName NameOf(ImageReference name) =>
        new() { Registry = name.Registry, Remote = name.Remote, Tag = name.Tag, FullName = name.FullName };

    private static WireImage WithoutSummaries(WireImage image) => image with
    {
        Scan = image.Scan! with
        {
            Components =
            [
                .. image.Scan.Components.Select(component => component with
                {
                    Vulns = [.. component.Vulns.Select(vulnerability => vulnerability with { Summary = "" })],
                }),
            ],
        },
    };
}
