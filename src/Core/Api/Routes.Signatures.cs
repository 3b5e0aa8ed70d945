namespace ImageScan.Core.Api;

// Whose signatures are trusted.
public static partial class Routes
{
}
