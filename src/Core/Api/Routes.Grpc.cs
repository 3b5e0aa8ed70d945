namespace ImageScan.Core.Api;

// What clients ask in the form of gRPC-Web: a path is the service and its method
// (https://github.com/grpc/grpc/blob/v1.68.0/doc/PROTOCOL-HTTP2.md#requests), and a dot in a route is a letter as any other.
public static partial class Routes
{
    public const string GrpcScanImage = "v1.ImageService/ScanImage";
    public const string GrpcGetImage = "v1.ImageService/GetImage";
    public const string GrpcDetectBuild = "v1.DetectionService/DetectBuildTime";
    public const string GrpcPing = "v1.PingService/Ping";

    /// <summary>Where Central has its command line to be downloaded from.</summary>
    public const string DownloadCli = "api/cli/download/{name}";
}
