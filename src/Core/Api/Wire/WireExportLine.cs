namespace ImageScan.Core.Api.Wire;

/// <summary>One line of an export: grpc-gateway puts each message of a stream into <c>result</c>.</summary>
public sealed record WireExportLine(WireExportedImage Result);

/// <summary><c>v1.ExportImageResponse</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/image_service.proto).</summary>
public sealed record WireExportedImage(WireImage Image);
