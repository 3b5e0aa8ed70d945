namespace ImageScan.Core.Api;

public static partial class Routes
{
    public const string ImageIntegrations = "v1/imageintegrations";
    public const string GetImageIntegration = "v1/imageintegrations/{id}";
    public const string TestImageIntegration = "v1/imageintegrations/test";
    public const string TestUpdatedImageIntegration = "v1/imageintegrations/test/updated";
}
