using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// The page for people, and what it alone asks.
public static partial class Operations
{
    public static Operation GetPage { get; } = new("GetPage", "GET", Routes.Page, RequiredAccess.None)
    {
        Summary = "The page for people; it asks this API, with the token of whoever uses it.",
        IsOwn = true,
    };

    public static Operation HeadPage { get; } = new("HeadPage", "HEAD", Routes.Page, RequiredAccess.None)
    {
        Summary = "The headers of the page for people.",
        IsOwn = true,
    };

    public static Operation GetPageAsset { get; } = new("GetPageAsset", "GET", Routes.PageAsset, RequiredAccess.None)
    {
        Summary = "A part of the page for people.",
        IsOwn = true,
    };

    public static Operation HeadPageAsset { get; } = new("HeadPageAsset", "HEAD", Routes.PageAsset, RequiredAccess.None)
    {
        Summary = "The headers of such a part.",
        IsOwn = true,
    };

    public static Operation GetImageHistory { get; } = new("GetImageHistory", "GET", Routes.GetImageHistory, RequiredAccess.Read)
    {
        Summary = "How many findings an image had over time, and other images that had one of its names.",
        IsOwn = true,
        Parameters = typeof(PlatformRequest),
        Answer = typeof(WireImageHistory),
    };

    private static IEnumerable<Operation> OfThePage => [GetPage, HeadPage, GetPageAsset, HeadPageAsset, GetImageHistory];
}
