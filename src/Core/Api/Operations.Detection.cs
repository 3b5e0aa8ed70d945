namespace ImageScan.Core.Api;

// Whether a build may go on.
public static partial class Operations
{
    private static IEnumerable<Operation> OfDetection => [];
}
