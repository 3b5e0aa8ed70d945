using ImageScan.Core.Api.Badges;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// Reports beside the image's own form: badges, VEX.
public static partial class Operations
{
    public static Operation GetBadge { get; } = new("GetBadge", "GET", Routes.GetBadge, RequiredAccess.None)
    {
        Summary = "The badge of a stored image: how many vulnerabilities of each severity it has.",
        HasProofInBody = true,
        IsOwn = true,
        Parameters = typeof(GetBadgeRequest),
    };

    public static Operation ListVex { get; } = new("ListVex", "GET", Routes.Vex, RequiredAccess.Read)
    {
        Resource = Requests,
        IsOwn = true,
        Answer = typeof(WireVexDocuments),
        Summary = "Lists the VEX documents by which findings are taken for false positives.",
    };

    public static Operation PostVex { get; } = new("PostVex", "POST", Routes.Vex, RequiredAccess.Approve)
    {
        Resource = Approvals,
        IsOwn = true,
        Changes = true,
        Answer = typeof(WireVexDocument),
        Summary = "Adds a VEX document, OpenVEX 0.2.0 or CycloneDX 1.4 to 1.6 as it is, of 1 MiB at most.",
    };

    public static Operation DeleteVex { get; } = new("DeleteVex", "DELETE", Routes.VexDocument, RequiredAccess.Approve)
    {
        Resource = Approvals,
        IsOwn = true,
        Changes = true,
        Answer = typeof(WireEmpty),
        Summary = "Removes a VEX document: what it says acts no longer.",
    };

    private static IEnumerable<Operation> OfReports => [GetBadge, ListVex, PostVex, DeleteVex];
}
