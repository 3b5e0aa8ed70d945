using ImageScan.Core.Api.Harbor;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// Harbor's scanner adapter.
public static partial class Operations
{
    public static Operation GetHarborMetadata { get; } = new("GetHarborMetadata", "GET", Routes.HarborMetadata, RequiredAccess.Read)
    {
        IsOwn = true,
        IsForHarbor = true,
        Answer = typeof(WireHarborMetadata),
        Summary = "Tells Harbor which scanner this is, what it reads and what it answers with.",
    };

    public static Operation ScanForHarbor { get; } = new("ScanForHarbor", "POST", Routes.HarborScan, RequiredAccess.Scan)
    {
        IsOwn = true,
        IsForHarbor = true,
        Body = typeof(HarborScanRequest),
        Answer = typeof(WireHarborScanResponse),
        Summary = "Begins the scan of an artifact of Harbor's, with the login that Harbor lends for it.",
    };

    public static Operation GetHarborReport { get; } = new("GetHarborReport", "GET", Routes.HarborReport, RequiredAccess.Read)
    {
        IsOwn = true,
        IsForHarbor = true,
        Parameters = typeof(HarborReportRequest),
        Answer = typeof(WireHarborReport),
        Summary = "Gives the report of such a scan, or says when to ask again.",
    };

    private static IEnumerable<Operation> OfHarbor => [GetHarborMetadata, ScanForHarbor, GetHarborReport];
}
