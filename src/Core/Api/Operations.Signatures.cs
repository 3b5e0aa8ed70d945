namespace ImageScan.Core.Api;

// Whose signatures are trusted.
public static partial class Operations
{
    private static IEnumerable<Operation> OfSignatures => [];
}
