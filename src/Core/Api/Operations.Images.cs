using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// Images, and the scans of them.
public static partial class Operations
{
    // Of the roles that StackRox comes with, the one for pipelines may write Image, by which it scans, and not WatchedImage
    // (https://github.com/stackrox/stackrox/blob/4.5.0/central/role/datastore/defaults.go): a watched image is work for ever.
    private const string WatchedImage = "WatchedImage";

    public static Operation ScanImage { get; } = new("ScanImage", "POST", Routes.ScanImage, RequiredAccess.Scan)
    {
        Summary = "Scans an image and answers with it, or with what is stored of its digest.",
        Body = typeof(ScanImageRequest),
        Answer = typeof(WireImage),
    };

    public static Operation GetImage { get; } = new("GetImage", "GET", Routes.GetImage, RequiredAccess.Read)
    {
        Summary = "The stored image of a digest.",
        Parameters = typeof(GetImageRequest),
        Answer = typeof(WireImage),
    };

    /// <summary>What newer advisories have changed in the findings of an image.</summary>
    public static Operation GetImageChanges { get; } = new("GetImageChanges", "GET", Routes.GetImageChanges, RequiredAccess.Read)
    {
        Summary = "What newer advisories have changed in the findings of an image, newest first.",
        IsOwn = true,
        Answer = typeof(WireImageChanges),
    };

    public static Operation ListImages { get; } = new("ListImages", "GET", Routes.ListImages, RequiredAccess.Read)
    {
        Parameters = typeof(ListImagesRequest),
        Answer = typeof(WireListImages),
    };

    public static Operation CountImages { get; } = new("CountImages", "GET", Routes.CountImages, RequiredAccess.Read)
    {
        Answer = typeof(WireImageCount),
    };

    public static Operation DeleteImages { get; } = new("DeleteImages", "DELETE", Routes.ListImages, RequiredAccess.Scan)
    {
        Changes = true,
    };

    public static Operation InvalidateImageCache { get; } = new("InvalidateImageCache", "GET", Routes.InvalidateImageCache, RequiredAccess.Read)
    {
        Answer = typeof(WireEmpty),
    };

    public static Operation ExportImages { get; } = new("ExportImages", "GET", Routes.ExportImages, RequiredAccess.Read);

    public static Operation Sbom { get; } = new("Sbom", "POST", Routes.Sbom, RequiredAccess.Scan);

    /// <summary>How far a scan is that was not waited for.</summary>
    public static Operation GetScan { get; } = new("GetScan", "GET", Routes.GetScan, RequiredAccess.Read)
    {
        Summary = "How far a scan is that was not waited for.",
        IsOwn = true,
        Answer = typeof(WireScanJob),
    };

    public static Operation ListWatchedImages { get; } = new("ListWatchedImages", "GET", Routes.WatchedImages, RequiredAccess.Read)
    {
        Summary = "The names whose images are scanned whenever their tags move.",
        Resource = WatchedImage,
        Answer = typeof(WireWatchedImages),
    };

    public static Operation WatchImage { get; } = new("WatchImage", "POST", Routes.WatchedImages, RequiredAccess.Admin)
    {
        Summary = "Scans an image and watches its name from now on; what keeps it from being watched is said with status 200.",
        Body = typeof(WireWatchedImage),
        Resource = WatchedImage,
        Changes = true,
        Answer = typeof(WireWatchedName),
    };

    public static Operation UnwatchImage { get; } = new("UnwatchImage", "DELETE", Routes.WatchedImages, RequiredAccess.Admin)
    {
        Summary = "Watches a name no longer, whether it was watched or not.",
        Parameters = typeof(WireWatchedImage),
        Resource = WatchedImage,
        Changes = true,
        Answer = typeof(WireEmpty),
    };

    private static IEnumerable<Operation> OfImages =>
    [
        ScanImage, GetImage, GetImageChanges, ListImages, CountImages, DeleteImages, InvalidateImageCache, ExportImages, Sbom,
        GetScan, ListWatchedImages, WatchImage, UnwatchImage,
    ];
}
