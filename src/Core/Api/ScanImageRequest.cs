using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary><c>v1.ScanImageRequest</c> of 4.5 (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/image_service.proto).</summary>
/// <param name="ImageName">The image as the caller wrote it; "" if it is missing.</param>
/// <param name="Force">Read everything again.</param>
/// <param name="IncludeSnoozed">Also give what has been snoozed.</param>
/// <param name="Cluster">A cluster to scan in; "" for none.</param>
public sealed record ScanImageRequest(string ImageName, bool Force, bool IncludeSnoozed, string Cluster)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<ScanImageRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        Of(await RequestBody.ReadAsync(request, cancellationToken));

    // Fields are looked at in the order of the proto file, so that the first wrong one is the one that is named.
    internal static ScanImageRequest Of(RequestBody body) =>
        new(body.Text("imageName"), body.Flag("force"), body.Flag("includeSnoozed"), body.Text("cluster"));
}
