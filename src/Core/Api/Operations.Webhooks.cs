namespace ImageScan.Core.Api;

// What registries tell of.
public static partial class Operations
{
    private static IEnumerable<Operation> OfWebhooks => [];
}
