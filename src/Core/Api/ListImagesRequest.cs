using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary><c>v1.RawQuery</c> with its page.</summary>
/// <param name="Query">The search, <c>Image:docker.io/library/nginx:latest</c>; "" for all.</param>
/// <param name="Limit">How many rows at most, 1 to 1,000.</param>
/// <param name="Offset">How many rows to pass over first.</param>
public sealed record ListImagesRequest(string Query, int Limit, int Offset)
{
    /// <summary>The largest page, and the page of those who ask for none.</summary>
    public const int MaxLimit = 1_000;

    /// <summary>Reads the query parameters. Throws <see cref="ApiException"/> with code 3 if one cannot be read.</summary>
    public static ListImagesRequest Read(IQueryCollection query)
    {
        var parameters = new RequestQuery(query);
        int limit = parameters.Number("pagination.limit");
        if (parameters.Text("pagination.sortOption.field").Length > 0)
        {
            // Another order than the one asked for would be taken for it.
            throw new ApiException(GrpcCode.InvalidArgument, "pagination.sortOption cannot be given here yet: invalid arguments");
        }

        return new(parameters.Text("query"), limit is 0 or > MaxLimit ? MaxLimit : limit, parameters.Number("pagination.offset"));
    }
}
