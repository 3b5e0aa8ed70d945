namespace ImageScan.Core.Api.Wire;

/// <summary><c>v1.DeleteImagesResponse</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/image_service.proto).</summary>
/// <param name="NumDeleted">How many images were deleted, or would be.</param>
/// <param name="DryRun">Whether they were only counted.</param>
public sealed record WireDeletedImages(int NumDeleted, bool DryRun);
