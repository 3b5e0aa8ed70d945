using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// How the app works, how it is, and what it can be asked.
public static partial class Operations
{
    // https://github.com/stackrox/stackrox/blob/4.5.0/central/delegatedregistryconfig/service/service.go
    private const string Administration = "Administration";

    public static Operation GetDelegationConfig { get; } = new("GetDelegationConfig", "GET", Routes.DelegationConfig, RequiredAccess.Read)
    {
        Resource = Administration,
        Answer = typeof(WireDelegationConfig),
    };

    public static Operation PutDelegationConfig { get; } = new("PutDelegationConfig", "PUT", Routes.DelegationConfig, RequiredAccess.Admin)
    {
        Resource = Administration,
        Changes = true,
        Answer = typeof(WireDelegationConfig),
    };

    public static Operation ListDelegationClusters { get; } = new("ListDelegationClusters", "GET", Routes.DelegationClusters, RequiredAccess.Read)
    {
        Resource = Administration,
        Answer = typeof(WireDelegationClusters),
    };

    public static Operation GetVulnerabilityDefinitions { get; } =
        new("GetVulnerabilityDefinitions", "GET", Routes.VulnerabilityDefinitions, RequiredAccess.Read)
    {
        Resource = Administration,
        Summary = "Tells how new the advisories are by which images are matched.",
        Parameters = typeof(DefinitionsRequest),
        Answer = typeof(WireVulnerabilityDefinitions),
    };

    public static Operation GetOpenApi { get; } = new("GetOpenApi", "GET", Routes.OpenApi, RequiredAccess.Read)
    {
        IsOwn = true,
    };

    public static Operation GetDocs { get; } = new("GetDocs", "GET", Routes.Docs, RequiredAccess.Read)
    {
        IsOwn = true,
    };

    public static Operation GetDocsAsset { get; } = new("GetDocsAsset", "GET", Routes.DocsAsset, RequiredAccess.Read)
    {
        IsOwn = true,
    };

    public static Operation Ping { get; } = new("Ping", "GET", Routes.Ping, RequiredAccess.None)
    {
        Answer = typeof(WirePing),
    };

    public static Operation Metadata { get; } = new("Metadata", "GET", Routes.Metadata, RequiredAccess.None)
    {
        Answer = typeof(WireServerMetadata),
    };

    public static Operation Health { get; } = new("Health", "GET", Routes.Health, RequiredAccess.None)
    {
        IsOwn = true,
    };

    private static IEnumerable<Operation> OfTheApp =>
    [
        GetDelegationConfig, PutDelegationConfig, ListDelegationClusters, GetVulnerabilityDefinitions, GetOpenApi, GetDocs,
        GetDocsAsset, Ping, Metadata, Health,
    ];
}
