namespace ImageScan.Core.Api;

// Reports beside the image's own form: badges, VEX.
public static partial class Routes
{
    public const string Vex = "v1/vex";
    public const string VexDocument = "v1/vex/{id}";
}
