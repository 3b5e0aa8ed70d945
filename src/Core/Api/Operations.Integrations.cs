namespace ImageScan.Core.Api;

// Which registries and scanners there are.
public static partial class Operations
{
    private static IEnumerable<Operation> OfIntegrations => [];
}
