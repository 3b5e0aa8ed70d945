namespace ImageScan.Core.Api;

// What clients ask in the form of gRPC-Web, roxctl above all.
public static partial class Operations
{
    public static Operation GrpcScanImage { get; } = new("GrpcScanImage", "POST", Routes.GrpcScanImage, RequiredAccess.Scan)
    {
        Summary = "ScanImage over gRPC-Web: a `v1.ScanImageRequest`, answered by a `storage.Image`.",
        IsGrpc = true,
    };

    public static Operation GrpcGetImage { get; } = new("GrpcGetImage", "POST", Routes.GrpcGetImage, RequiredAccess.Read)
    {
        Summary = "GetImage over gRPC-Web: a `v1.GetImageRequest`, answered by a `storage.Image`.",
        IsGrpc = true,
    };

    public static Operation GrpcDetectBuild { get; } = new("GrpcDetectBuild", "POST", Routes.GrpcDetectBuild, RequiredAccess.Scan)
    {
        Resource = "Detection",
        OnlyReads = true,
        Summary = "DetectBuildTime over gRPC-Web: a `v1.BuildDetectionRequest`, answered by a `v1.BuildDetectionResponse`.",
        IsGrpc = true,
    };

    public static Operation GrpcPing { get; } = new("GrpcPing", "POST", Routes.GrpcPing, RequiredAccess.None)
    {
        Summary = "Ping over gRPC-Web: a `v1.Empty`, answered by a `v1.PongMessage`.",
        IsGrpc = true,
    };

    /// <summary>
    /// Central gives whoever has a credential its command line (https://github.com/stackrox/stackrox/blob/4.5.0/central/main.go); it is not ours to give.
    /// </summary>
    public static Operation DownloadCli { get; } = new("DownloadCli", "GET", Routes.DownloadCli, RequiredAccess.Read)
    {
        Summary = "Tells where roxctl comes from: it is never here, 404.",
    };

    private static IEnumerable<Operation> OfGrpc => [GrpcScanImage, GrpcGetImage, GrpcDetectBuild, GrpcPing, DownloadCli];
}
