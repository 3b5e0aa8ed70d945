using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary><c>v1.BuildDetectionRequest</c> of 4.5 (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/detection_service.proto).</summary>
/// <param name="Image">The image, as roxctl sends it; of what it says only name and id count.</param>
/// <param name="ImageName">Or its name alone, which counts before the image.</param>
/// <param name="NoExternalMetadata">Ask no registry: what is stored is all that counts.</param>
/// <param name="SendNotifications">Passed over: nobody is notified here.</param>
/// <param name="Force">Read everything again.</param>
/// <param name="PolicyCategories">Only policies of these categories; none means all.</param>
/// <param name="Cluster">A cluster to scan in; "" for none.</param>
public sealed record DetectBuildRequest(
    DetectedImage? Image,
    string ImageName,
    bool NoExternalMetadata,
    bool SendNotifications,
    bool Force,
    IReadOnlyList<string> PolicyCategories,
    string Cluster)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<DetectBuildRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Of(await RequestBody.ReadAsync(request, cancellationToken));

    // Fields are looked at in the order of the proto file, so that the first wrong one is the one that is named.
    internal static DetectBuildRequest Of(RequestBody body) => new(
        body.Message("image") is { } image ? DetectedImage.Of(image) : null,
        body.Text("imageName"),
        body.Flag("noExternalMetadata"),
        body.Flag("sendNotifications"),
        body.Flag("force"),
        body.Texts("policyCategories"),
        body.Text("cluster"));

    /// <summary>The image that is meant. Throws <see cref="ApiException"/> with code 3 if there is none, or no name of one.</summary>
    internal ImageReference Reference() => ImageName.Length > 0
        ? CallerScans.ReferenceOf(ImageName)
        : Image?.Reference() ?? throw Refusals.DetectedImageMissing();
}

/// <summary><c>storage.ContainerImage</c>.</summary>
/// <param name="Id">Its digest; "" for what the name points at.</param>
/// <param name="Name">What it is called.</param>
public sealed record DetectedImage(string Id, DetectedImageName? Name)
{
    internal static DetectedImage Of(RequestBody body) => new(
        body.Text("id"),
        body.Message("name") is not { } name ? null : new(name.Text("registry"), name.Text("remote"), name.Text("tag"), name.Text("fullName")));

    /// <summary>The image; null if it has no name. Throws <see cref="ApiException"/> with code 3 if that cannot be read.</summary>
    internal ImageReference? Reference()
    {
        if (Name is not { } name || name.Spelled() is not { Length: > 0 } text)
        {
            return null;
        }

        ImageReference image = CallerScans.ReferenceOf(text);
        return Id.Length == 0 || image.Digest is not null ? image : CallerScans.ReferenceOf($"{image.FullName}@{Id}");
    }
}

/// <summary><c>storage.ImageName</c>.</summary>
/// <param name="Registry">The host.</param>
/// <param name="Remote">The repository in it.</param>
/// <param name="Tag">The tag.</param>
/// <param name="FullName">All of it; without it the parts count.</param>
public sealed record DetectedImageName(string Registry, string Remote, string Tag, string FullName)
{
    // https://github.com/stackrox/stackrox/blob/4.5.0/pkg/images/types/wrapper.go
    internal string Spelled() => FullName.Length > 0 ? FullName
        : Remote.Length == 0 ? ""
        : $"{(Registry.Length > 0 ? $"{Registry}/" : "")}{Remote}{(Tag.Length > 0 ? $":{Tag}" : "")}";
}
