using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary><c>v1.GetAPITokensRequest</c>.</summary>
/// <param name="Revoked">Only those that are revoked, or only those that are not; null for both.</param>
public sealed record ListApiTokensRequest(bool? Revoked)
{
    /// <summary>Reads the query parameters. Throws <see cref="ApiException"/> with code 3 if one cannot be read.</summary>
    public static ListApiTokensRequest Read(IQueryCollection query)
    {
        var parameters = new RequestQuery(query);
        return new ListApiTokensRequest(parameters.Text("revoked").Length > 0 ? parameters.Flag("revoked") : null);
    }
}
