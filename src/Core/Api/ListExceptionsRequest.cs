using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary><c>v2.RawQuery</c>, and that of <c>v1</c>.</summary>
/// <param name="Query">The search, <c>Request Status:APPROVED+CVE:CVE-2024-1</c>; "" for all.</param>
/// <param name="Pagination">Which of those that are found.</param>
public sealed record ListExceptionsRequest(string Query, ExceptionPage Pagination)
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
        return new(parameters.Text("query"), new ExceptionPage(
            limit == 0 || limit > maxLimit ? maxLimit : limit,
            parameters.Number("pagination.offset"),
            new ExceptionOrder(parameters.Text("pagination.sortOption.field"), parameters.Flag("pagination.sortOption.reversed"))));
    }
}

/// <summary><c>v2.Pagination</c>, and that of <c>v1</c>.</summary>
/// <param name="Limit">How many at most.</param>
/// <param name="Offset">How many to pass over first.</param>
/// <param name="SortOption">In which order.</param>
public sealed record ExceptionPage(int Limit, int Offset, ExceptionOrder SortOption);

/// <summary><c>v2.SortOption</c>, and that of <c>v1</c>.</summary>
/// <param name="Field">By which field of the search; "" for when they were asked for.</param>
/// <param name="Reversed">Whether the order is turned round.</param>
public sealed record ExceptionOrder(string Field, bool Reversed);
