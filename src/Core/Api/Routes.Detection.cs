namespace ImageScan.Core.Api;

// Whether a build may go on.
public static partial class Routes
{
    public const string DetectBuild = "v1/detect/build";
    public const string Policies = "v1/policies";
    public const string GetPolicy = "v1/policies/{id}";
}
