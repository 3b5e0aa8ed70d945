using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>
/// <c>SBOMRequestBody</c> of 4.7 and later (https://github.com/stackrox/stackrox/blob/4.7.0/pkg/apiparams/sbom.go). It is read as all bodies here
/// are, so that names in snake_case will do, too.
/// </summary>
/// <param name="Cluster">A cluster to scan in; "" for none.</param>
/// <param name="Namespace">Whose pull secrets apply there; clusters here have credentials of their own, so it changes nothing.</param>
/// <param name="ImageName">The image.</param>
/// <param name="Force">Read everything again.</param>
/// <param name="Digest">The image's digest, if the name has none; "" for none.</param>
public sealed record SbomRequest(string Cluster, string Namespace, string ImageName, bool Force, string Digest)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<SbomRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            RequestBody body = await RequestBody.ReadAsync(request, cancellationToken);
            return new(body.Text("cluster"), body.Text("namespace"), body.Text("imageName").Trim(), body.Flag("force"), body.Text("digest").Trim());
        }
        catch (ApiException unreadable)
        {
            // https://github.com/stackrox/stackrox/blob/4.7.0/central/image/service/http_handler.go
            throw new ApiException(unreadable.Code, $"decoding json request body: {unreadable.Message}");
        }
    }
}
