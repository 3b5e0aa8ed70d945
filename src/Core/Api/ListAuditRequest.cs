using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>Which changes to list.</summary>
/// <param name="Limit">How many at most: 1 to 1,000, 100 unless said.</param>
/// <param name="PageToken">What the page before gave as <c>nextPageToken</c>; "" for the newest.</param>
public sealed record ListAuditRequest(int Limit, string PageToken)
{
    private const int UsualLimit = 100;
    private const int MaxLimit = 1_000;

    /// <summary>Reads the query parameters. Throws <see cref="ApiException"/> with code 3 if one cannot be read.</summary>
    public static ListAuditRequest Read(IQueryCollection query)
    {
        var parameters = new RequestQuery(query);
        int limit = parameters.Number("limit");
        string token = parameters.Text("pageToken");
        return token.Length == 0 || AuditStore.IsPlace(token)
            ? new ListAuditRequest(limit == 0 ? UsualLimit : Math.Min(limit, MaxLimit), token)
            : throw new ApiException(GrpcCode.InvalidArgument, "pageToken is none that a page has ended with: invalid arguments");
    }
}
