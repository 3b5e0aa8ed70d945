namespace ImageScan.Core.Api;

/// <summary>What a caller must be allowed to do.</summary>
public enum RequiredAccess
{
    /// <summary>Nothing: open to everyone.</summary>
    None,
    Read,
    Scan,

    /// <summary>Change how the app works.</summary>
    Admin,
}

/// <summary>One operation of the API.</summary>
/// <param name="Name">Name of the function and of the log scope.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Route">Route template without a leading slash, in the form that Functions and ASP.NET share.</param>
/// <param name="Access">What the caller needs.</param>
public sealed record Operation(string Name, string Method, string Route, RequiredAccess Access)
{
    /// <summary>What StackRox calls that to which access is needed, for the refusal.</summary>
    public string Resource { get; init; } = "Image";

    /// <summary>Whether it answers line by line; then its errors have the form that lines have.</summary>
    public bool IsStream { get; init; }
}

/// <summary>The routes and names that the triggers and the local host bind; constants, since attributes need them.</summary>
public static class Routes
{
    public const string ScanImage = "v1/images/scan";
    public const string GetImage = "v1/images/{id}";
    public const string GetImageChanges = "v1/images/{id}/changes";
    public const string ListImages = "v1/images";
    public const string CountImages = "v1/imagescount";
    public const string GetScan = "v1/scans/{id}";
    public const string WatchedImages = "v1/watchedimages";
    public const string DelegationConfig = "v1/delegatedregistryconfig";
    public const string DelegationClusters = "v1/delegatedregistryconfig/clusters";
    public const string Ping = "v1/ping";
    public const string Metadata = "v1/metadata";
    public const string Health = "healthz";
}

/// <summary>The operations of the API. Both heads offer exactly these.</summary>
public static class Operations
{
    // Of the roles that StackRox comes with, the one for pipelines may write Image, by which it scans, and not WatchedImage
    // (https://github.com/stackrox/stackrox/blob/4.5.0/central/role/datastore/defaults.go): a watched image is work for ever.
    private const string WatchedImage = "WatchedImage";

    // https://github.com/stackrox/stackrox/blob/4.5.0/central/delegatedregistryconfig/service/service.go
    private const string Administration = "Administration";

    public static Operation ScanImage { get; } = new("ScanImage", "POST", Routes.ScanImage, RequiredAccess.Scan);

    public static Operation GetImage { get; } = new("GetImage", "GET", Routes.GetImage, RequiredAccess.Read);

    /// <summary>Our own: what newer advisories have changed in the findings of an image.</summary>
    public static Operation GetImageChanges { get; } = new("GetImageChanges", "GET", Routes.GetImageChanges, RequiredAccess.Read);

    public static Operation ListImages { get; } = new("ListImages", "GET", Routes.ListImages, RequiredAccess.Read);

    public static Operation CountImages { get; } = new("CountImages", "GET", Routes.CountImages, RequiredAccess.Read);

    /// <summary>Our own: how far a scan is that was not waited for.</summary>
    public static Operation GetScan { get; } = new("GetScan", "GET", Routes.GetScan, RequiredAccess.Read);

    public static Operation ListWatchedImages { get; } =
        new("ListWatchedImages", "GET", Routes.WatchedImages, RequiredAccess.Read) { Resource = WatchedImage };

    public static Operation WatchImage { get; } = new("WatchImage", "POST", Routes.WatchedImages, RequiredAccess.Admin) { Resource = WatchedImage };

    public static Operation UnwatchImage { get; } = new("UnwatchImage", "DELETE", Routes.WatchedImages, RequiredAccess.Admin) { Resource = WatchedImage };

    public static Operation GetDelegationConfig { get; } =
        new("GetDelegationConfig", "GET", Routes.DelegationConfig, RequiredAccess.Read) { Resource = Administration };

    public static Operation PutDelegationConfig { get; } =
        new("PutDelegationConfig", "PUT", Routes.DelegationConfig, RequiredAccess.Admin) { Resource = Administration };

    public static Operation ListDelegationClusters { get; } =
        new("ListDelegationClusters", "GET", Routes.DelegationClusters, RequiredAccess.Read) { Resource = Administration };

    public static Operation Ping { get; } = new("Ping", "GET", Routes.Ping, RequiredAccess.None);

    public static Operation Metadata { get; } = new("Metadata", "GET", Routes.Metadata, RequiredAccess.None);

    public static Operation Health { get; } = new("Health", "GET", Routes.Health, RequiredAccess.None);

    public static IReadOnlyList<Operation> All { get; } =
    [
        ScanImage, GetImage, GetImageChanges, ListImages, CountImages,
        GetScan, ListWatchedImages, WatchImage, UnwatchImage,
        GetDelegationConfig, PutDelegationConfig, ListDelegationClusters,
        Ping, Metadata, Health,
    ];
}
