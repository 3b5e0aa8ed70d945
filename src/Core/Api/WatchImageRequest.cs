using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary><c>v1.WatchImageRequest</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/image_service.proto).</summary>
/// <param name="Name">The image, with a tag and without a digest; "" if it is missing.</param>
public sealed record WatchImageRequest(string Name)
{
    /// <summary>Reads the body. Throws <see cref="ApiException"/> with code 3 as <see cref="RequestBody"/> does.</summary>
    public static async Task<WatchImageRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken) =>
        new((await RequestBody.ReadAsync(request, cancellationToken)).Text("name"));
}

/// <summary><c>v1.UnwatchImageRequest</c>.</summary>
/// <param name="Name">The name that was watched; "" if it is missing.</param>
public sealed record UnwatchImageRequest(string Name)
{
    /// <summary>Reads the query parameters.</summary>
    public static UnwatchImageRequest Read(IQueryCollection query) => new(new RequestQuery(query).Text("name"));
}
