namespace ImageScan.Core.Api;

// Harbor's scanner adapter.
public static partial class Operations
{
    private static IEnumerable<Operation> OfHarbor => [];
}
