using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary><c>v1.GetImageIntegrationsRequest</c>.</summary>
/// <param name="Name">Only the one that is called so; "" for all.</param>
/// <param name="Cluster">With anything but "" nothing is listed, as in StackRox.</param>
public sealed record ListImageIntegrationsRequest(string Name, string Cluster)
{
    /// <summary>Reads the query parameters.</summary>
    public static ListImageIntegrationsRequest Read(IQueryCollection query)
    {
        var parameters = new RequestQuery(query);
        return new ListImageIntegrationsRequest(parameters.Text("name"), parameters.Text("cluster"));
    }
}
