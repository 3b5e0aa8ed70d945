using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary><c>v1.ExportImageRequest</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/image_service.proto).</summary>
/// <param name="Timeout">Seconds after which it breaks off; 0 for never.</param>
/// <param name="Query">Which images; "" for all.</param>
public sealed record ExportImagesRequest(int Timeout, string Query)
{
    // What a timer takes, less than 50 days.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>When it breaks off; null for never. Go takes a time that is over for a deadline, so a negative one ends it at once.</summary>
    public TimeSpan? Patience => Timeout switch
    {
        0 => null,
        < 0 => TimeSpan.Zero,
        _ => TimeSpan.FromSeconds(Timeout) is var patience && patience < Longest ? patience : Longest,
    };

    /// <summary>Reads the query parameters. Throws <see cref="ApiException"/> with code 3 if one cannot be read.</summary>
    public static ExportImagesRequest Read(IQueryCollection query)
    {
        var parameters = new RequestQuery(query);
        return new(parameters.SignedNumber("timeout"), parameters.Text("query"));
    }
}
