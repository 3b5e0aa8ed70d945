using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api;

/// <summary>
/// <c>v1.VulnDefinitionsInfoRequest</c>
/// (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/integration_health_service.proto).
/// </summary>
/// <param name="Component">Whose definitions are meant.</param>
public sealed record DefinitionsRequest(DefinitionsComponent Component)
{
    /// <summary>Reads the query parameters. Throws <see cref="ApiException"/> with code 3 for a component that StackRox does not have.</summary>
    public static DefinitionsRequest Read(IQueryCollection query) =>
        new(new RequestQuery(query).Choice<DefinitionsComponent>("component", "v1.VulnDefinitionsInfoRequest_Component"));
}

/// <summary><c>v1.VulnDefinitionsInfoRequest.Component</c>: StackRox's scanners. Here both are the same.</summary>
public enum DefinitionsComponent
{
    Scanner,
    ScannerV4,
}
