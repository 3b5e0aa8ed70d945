using Google.Protobuf;
using ImageScan.Core.Api.Grpc;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Proto = ImageScan.Core.Api.Grpc.Messages;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// What roxctl asks (https://github.com/stackrox/stackrox/tree/4.5.0/roxctl/image, scan and check): requests of gRPC-Web, for the same classes that answer
/// those in JSON.
/// </summary>
public sealed class GrpcApi(ScanApi images, ImagesApi stored, DetectionApi detection, CallerScans scans) : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.GrpcScanImage] = Method(Proto.ScanImageRequest.Parser, ScanImageAsync),
        [Operations.GrpcGetImage] = Method(Proto.GetImageRequest.Parser, (request, _, cancellationToken) => stored.GetAsync(
            GetImageRequest.Of(request.Id, request.IncludeSnoozed, request.StripDescription), Platform.Default, cancellationToken)),
        [Operations.GrpcDetectBuild] = Method(Proto.BuildDetectionRequest.Parser, DetectBuildAsync),
        [Operations.GrpcPing] = Method(Proto.Empty.Parser, (_, _, _) => Task.FromResult(ApiResult.Json(new WirePing()))),
        [Operations.DownloadCli] = (context, _) => throw CliIsNotHere(context.GetRouteValue("name") as string ?? ""),
    };

    // There are no namespaces here whose pull secrets could apply.
    private Task<ApiResult> ScanImageAsync(Proto.ScanImageRequest request, HttpRequest http, CancellationToken cancellationToken) => images.ScanAsync(
        new ScanImageRequest(request.ImageName, request.Force, request.IncludeSnoozed, request.Cluster),
        platform: null,
        scans.PreferencesOf(GrpcTimeout.Of(http)),
        cancellationToken);

    private Task<ApiResult> DetectBuildAsync(Proto.BuildDetectionRequest request, HttpRequest http, CancellationToken cancellationToken) =>
        detection.DetectAsync(
            new DetectBuildRequest(
                ImageOf(request.Image),
                request.ImageName,
                request.NoExternalMetadata,
                request.SendNotifications,
                request.Force,
                request.PolicyCategories,
                request.Cluster),
            platform: null,
            scans.PreferencesOf(GrpcTimeout.Of(http)),
            cancellationToken);

    private static DetectedImage? ImageOf(Proto.ContainerImage? image) => image is null
        ? null
        : new DetectedImage(
            image.Id,
            image.Name is { } name ? new DetectedImageName(name.Registry, name.Remote, name.Tag, name.FullName) : null);

    private static ApiHandler Method<TMessage>(MessageParser<TMessage> parser, Func<TMessage, HttpRequest, CancellationToken, Task<ApiResult>> answer)
        where TMessage : IMessage<TMessage> => async (context, cancellationToken) => GrpcWebForm.Of(context.Request) is { } form
            ? await answer(await GrpcBody.ReadAsync(context.Request, form, parser, cancellationToken), context.Request, cancellationToken)
            : NotSpoken(context.Request);

    // In plain text, which go-grpc-http1 shows its caller (https://github.com/stackrox/go-grpc-http1/blob/v0.3.12/internal/httputils/error_message.go).
    private static ApiResult NotSpoken(HttpRequest request) => ApiResult.Text(
        $"this method is answered in gRPC-Web: application/grpc-web, application/grpc-web-text, or application/grpc with Accept: application/grpc-web, not "
            + $"{HostileText.Quote(request.ContentType ?? "")}\n",
        StatusCodes.Status415UnsupportedMediaType);

    private static ApiException CliIsNotHere(string name) => new(
        GrpcCode.NotFound,
        $"{HostileText.Quote(name)} is not here: roxctl is StackRox's, from https://mirror.openshift.com/pub/rhacs/assets/ or a Central: not found");
}
