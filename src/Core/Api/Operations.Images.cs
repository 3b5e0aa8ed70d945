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
        Summary = "Scans an image, or gives what is stored of it, and answers with its components and their vulnerabilities.",
        Body = typeof(ScanImageRequest),
        Parameters = typeof(ScanImageParameters),
        Answer = typeof(WireImage),
    };

    public static Operation GetImage { get; } = new("GetImage", "GET", Routes.GetImage, RequiredAccess.Read)
    {
        Summary = "Gives a stored image by its digest, with its place by risk among all images.",
        Parameters = typeof(GetImageRequest),
        Answer = typeof(WireImage),
    };

    /// <summary>What newer advisories have changed in the findings of an image.</summary>
    public static Operation GetImageChanges { get; } = new("GetImageChanges", "GET", Routes.GetImageChanges, RequiredAccess.Read)
    {
        IsOwn = true,
        Summary = "Tells what newer advisories have changed in the findings of a stored image, newest first.",
        Parameters = typeof(PlatformRequest),
        Answer = typeof(WireImageChanges),
    };

    public static Operation ListImages { get; } = new("ListImages", "GET", Routes.ListImages, RequiredAccess.Read)
    {
        Summary = "Lists stored images in short, a page at a time.",
        Parameters = typeof(ListImagesRequest),
        Answer = typeof(WireListImages),
    };

    public static Operation CountImages { get; } = new("CountImages", "GET", Routes.CountImages, RequiredAccess.Read)
    {
        Summary = "Counts stored images.",
        Parameters = typeof(ListImagesRequest),
        Answer = typeof(WireImageCount),
    };

    public static Operation DeleteImages { get; } = new("DeleteImages", "DELETE", Routes.ListImages, RequiredAccess.Scan)
    {
        Changes = true,
        Summary = "Counts the stored images that a query finds, and deletes them if that is confirmed; what is not done in time the next request does.",
        Parameters = typeof(DeleteImagesRequest),
        Answer = typeof(WireDeletedImages),
    };

    public static Operation InvalidateImageCache { get; } = new("InvalidateImageCache", "GET", Routes.InvalidateImageCache, RequiredAccess.Read)
    {
        Summary = "Has the instance that answers, and no other, forget the results and tokens of registries that it holds in memory; all that is stored stays.",
        Answer = typeof(WireEmpty),
    };

    public static Operation ExportImages { get; } = new("ExportImages", "GET", Routes.ExportImages, RequiredAccess.Read)
    {
        IsStream = true,
        Summary = "Streams stored images whole, one a line; what breaks it off is its last line.",
        Parameters = typeof(ExportImagesRequest),
        Answer = typeof(WireExportLine),
    };

    public static Operation Sbom { get; } = new("Sbom", "POST", Routes.Sbom, RequiredAccess.Scan)
    {
        Summary = "Writes the packages of an image as a document in SPDX 2.3, and scans it if need be.",
        Body = typeof(SbomRequest),
    };

    /// <summary>How far a scan is that was not waited for.</summary>
    public static Operation GetScan { get; } = new("GetScan", "GET", Routes.GetScan, RequiredAccess.Read)
    {
        IsOwn = true,
        Summary = "Tells how far a scan is, layer by layer, why it has failed, or where its image is.",
        Answer = typeof(WireScanJob),
    };

    public static Operation ListWatchedImages { get; } = new("ListWatchedImages", "GET", Routes.WatchedImages, RequiredAccess.Read)
    {
        Resource = WatchedImage,
        Summary = "Lists the names of images that are looked at by the clock.",
        Answer = typeof(WireWatchedImages),
    };

    public static Operation WatchImage { get; } = new("WatchImage", "POST", Routes.WatchedImages, RequiredAccess.Admin)
    {
        Resource = WatchedImage,
        Changes = true,
        Summary = "Scans an image and looks at its name by the clock from then on; what keeps it from that is said with status 200.",
        Body = typeof(WatchImageRequest),
        Answer = typeof(WireWatchedName),
    };

    public static Operation UnwatchImage { get; } = new("UnwatchImage", "DELETE", Routes.WatchedImages, RequiredAccess.Admin)
    {
        Resource = WatchedImage,
        Changes = true,
        Summary = "Looks at a name no longer, whether it was watched or not.",
        Parameters = typeof(UnwatchImageRequest),
        Answer = typeof(WireEmpty),
    };

    private static IEnumerable<Operation> OfImages =>
    [
        ScanImage, GetImage, GetImageChanges, ListImages, CountImages, DeleteImages, InvalidateImageCache, ExportImages, Sbom,
        GetScan, ListWatchedImages, WatchImage, UnwatchImage,
    ];
}
