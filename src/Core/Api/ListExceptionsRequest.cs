using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary><c>v2.RawQuery</c>, and that of <c>v1</c>, with its page.</summary>
/// <param name="Query">The search, <c>Request Status:APPROVED+CVE:CVE-2024-1</c>; "" for all.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="Offset">How many to pass over first.</param>
/// <param name="SortField">By which field of the search they are in order; "" for when they were asked for.</param>
/// <param name="IsReversed">Whether the order is turned round.</param>
public sealed record ListExceptionsRequest(string Query, int Limit, int Offset, string SortField, bool IsReversed)
{
    /// <summary>The largest page of the newer API, and the page of those who ask for none.</summary>
    public const int MaxExceptions = 100;

    /// <summary>That of the older API.</summary>
    public const int MaxRequests = 1_000;

    /// <summary>Reads the query parameters. Throws <see cref="ApiException"/> with code 3 if one cannot be read.</summary>
    public static ListExceptionsRequest Read(IQueryCollection query, int maxLimit)
    {
        var parameters = new RequestQuery(query);
        int limit = parameters.Number("pagination.limit");
        return new(
            parameters.Text("query"),
            limit == 0 || limit > maxLimit ? maxLimit : limit,
            parameters.Number("pagination.offset"),
            parameters.Text("pagination.sortOption.field"),
            parameters.Flag("pagination.sortOption.reversed"));
    }
}
