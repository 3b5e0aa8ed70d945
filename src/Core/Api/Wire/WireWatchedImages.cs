using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary><c>v1.WatchImageResponse</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/image_service.proto).</summary>
public sealed record WireWatchedName
{
    /// <summary>The full name under which it is watched; "" unless it is.</summary>
    public string NormalizedName { get; init; } = "";

    public WatchError ErrorType { get; init; }

    public string ErrorMessage { get; init; } = "";
}

/// <summary><c>v1.WatchImageResponse.ErrorType</c>.</summary>
[JsonConverter(typeof(ProtoEnumConverter<WatchError>))]
public enum WatchError
{
    NoError,
    InvalidImageName,

    /// <summary>No registry or scanner of StackRox's takes the image. Here all are read by the same client, which says what is wrong.</summary>
    NoValidIntegration,
    ScanFailed,
}

/// <summary><c>v1.GetWatchedImagesResponse</c>.</summary>
public sealed record WireWatchedImages
{
    public IReadOnlyList<WireWatchedImage> WatchedImages { get; init; } = [];
}

/// <summary><c>storage.WatchedImage</c>.</summary>
/// <param name="Name">The full name.</param>
public sealed record WireWatchedImage(string Name);

/// <summary><c>v1.Empty</c>.</summary>
public sealed record WireEmpty;
