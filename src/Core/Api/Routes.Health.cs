namespace ImageScan.Core.Api;

public static partial class Routes
{
    public const string Ready = "healthz/ready";
}
