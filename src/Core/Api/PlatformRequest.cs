using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>Which of the images of an index is meant: an addition of this app.</summary>
/// <param name="Platform"><c>os/architecture[/variant]</c>; "" for the usual one.</param>
public sealed record PlatformRequest(string Platform)
{
    /// <summary>The platform; null for the usual one.</summary>
    internal Platform? Wanted => Images.Platform.TryParse(Platform, out Platform? platform) ? platform : null;

    /// <summary>Reads the query parameters. Throws <see cref="ApiException"/> with code 3 if it is no platform.</summary>
    public static PlatformRequest Read(IQueryCollection query) => new(new RequestQuery(query).Platform()?.ToString() ?? "");
}
