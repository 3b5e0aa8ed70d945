using ImageScan.Core.Api.Badges;

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

    private static IEnumerable<Operation> OfReports => [GetBadge];
}
