using System.Text.Json.Serialization;
using ImageScan.Core.Images;
using ImageScan.Core.Scans.Search;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>
/// <c>v1.RawQuery</c> with its page (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/paginated/paginated.go, FillPagination; read from the
/// query as https://github.com/grpc-ecosystem/grpc-gateway/blob/v1.16.0/runtime/query.go does).
/// </summary>
/// <param name="Query">The search, <c>Image:docker.io/library/nginx:latest</c>; "" for all.</param>
/// <param name="Limit">How many rows at most, 1 to 1,000.</param>
/// <param name="Offset">How many rows to pass over first.</param>
public sealed record ListImagesRequest(
    string Query, [property: JsonPropertyName("pagination.limit")] int Limit, [property: JsonPropertyName("pagination.offset")] int Offset)
{
    /// <summary>The field to sort by; "" for the default order.</summary>
    [JsonPropertyName("pagination.sortOption.field")]
    public string SortField { get; init; } = "";

    /// <summary>Whether the highest value comes first.</summary>
    [JsonPropertyName("pagination.sortOption.reversed")]
    public bool Reversed { get; init; }

    /// <summary>The largest page, and the page of those who ask for none.</summary>
    public const int MaxLimit = 1_000;

    /// <summary>Reads the query parameters. Throws <see cref="ApiException"/> with code 3 if one cannot be read.</summary>
    public static ListImagesRequest Read(IQueryCollection query)
    {
        var parameters = new RequestQuery(query);
        int limit = parameters.Number("pagination.limit");

        // The gateway cannot fill lists of messages from a query, and says so; keys with brackets it does not know at all.
        if (query.Keys.FirstOrDefault(key => key.StartsWith("pagination.sortOptions.", StringComparison.Ordinal)
            || key.StartsWith("pagination.sort_options.", StringComparison.Ordinal)) is { } list)
        {
            throw new ApiException(GrpcCode.InvalidArgument, $"unexpected repeated field in {HostileText.Plain(list)}");
        }

        return new(parameters.Text("query"), limit is 0 or > MaxLimit ? MaxLimit : limit, parameters.Number("pagination.offset"))
        {
            SortField = parameters.Text("pagination.sortOption.field"),
            Reversed = parameters.Flag("pagination.sortOption.reversed"),
        };
    }

    /// <summary>The order that is asked for. Throws <see cref="ApiException"/> with code 13 for a field that lists are not sorted by.</summary>
    public ImageSort Sort() => ImageSort.Of(SortField, Reversed) ?? throw Refusals.SortFieldUnknown(SortField);
}
