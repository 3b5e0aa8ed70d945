using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

// How the app works, how it is, and what it can be asked.
public static partial class Operations
{
    // https://github.com/stackrox/stackrox/blob/4.5.0/central/delegatedregistryconfig/service/service.go
    private const string Administration = "Administration";

    public static Operation GetDelegationConfig { get; } = new("GetDelegationConfig", "GET", Routes.DelegationConfig, RequiredAccess.Read)
    {
        Summary = "Which scans are given to which cluster.",
        Resource = Administration,
        Answer = typeof(WireDelegationConfig),
    };

    public static Operation PutDelegationConfig { get; } = new("PutDelegationConfig", "PUT", Routes.DelegationConfig, RequiredAccess.Admin)
    {
        Summary = "Puts another configuration in the place of the one before, and answers with it.",
        Body = typeof(WireDelegationConfig),
        Resource = Administration,
        Changes = true,
        Answer = typeof(WireDelegationConfig),
    };

    public static Operation ListDelegationClusters { get; } = new("ListDelegationClusters", "GET", Routes.DelegationClusters, RequiredAccess.Read)
    {
        Summary = "The clusters that there are, and whether scans can be given to them now.",
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
        Summary = "This description.",
        IsForBrowsers = true,
        IsOwn = true,
    };

    public static Operation GetDocs { get; } = new("GetDocs", "GET", Routes.Docs, RequiredAccess.Read)
    {
        Summary = "A page that shows this description to people.",
        IsForBrowsers = true,
        IsOwn = true,
    };

    public static Operation GetDocsAsset { get; } = new("GetDocsAsset", "GET", Routes.DocsAsset, RequiredAccess.Read)
    {
        Summary = "A part of that page.",
        IsForBrowsers = true,
        IsOwn = true,
    };

    public static Operation Ping { get; } = new("Ping", "GET", Routes.Ping, RequiredAccess.None)
    {
        Summary = "That the app is up.",
        Answer = typeof(WirePing),
    };

    public static Operation Metadata { get; } = new("Metadata", "GET", Routes.Metadata, RequiredAccess.None)
    {
        Summary = "Which version of the app it is; none is said to callers who do not say who they are.",
        Answer = typeof(WireServerMetadata),
    };

    public static Operation Health { get; } = new("Health", "GET", Routes.Health, RequiredAccess.None)
    {
        Summary = "That the app is up, in one word.",
        IsOwn = true,
    };

    private static IEnumerable<Operation> OfTheApp =>
    [
        GetDelegationConfig, PutDelegationConfig, ListDelegationClusters, GetVulnerabilityDefinitions, GetOpenApi, GetDocs,
        GetDocsAsset, Ping, Metadata, Health, Ready,
    ];
}
