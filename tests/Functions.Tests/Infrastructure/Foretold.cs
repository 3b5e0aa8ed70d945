using System.Text.Json;

namespace ImageScan.Functions.Tests.Infrastructure;

/// <summary>Deployments that the tests look at, foretold once.</summary>
internal static class Foretold
{
    public const string Secret = "what nobody but the app may know";

    private const string Registry =
        "/subscriptions/00000000-0000-0000-0000-000000000009/resourceGroups/images/providers/Microsoft.ContainerRegistry/registries/team";

    private static readonly Lazy<Task<IReadOnlyList<JsonElement>>> LazyPlain = new(() => Bicep.SnapshotAsync("main.bicep", Azd));

    private static readonly Lazy<Task<IReadOnlyList<JsonElement>>> LazyPrivate =
        new(() => Bicep.SnapshotAsync("main.bicep", $"{Azd}\nparam privateNetwork = true"));

    private static readonly Lazy<Task<IReadOnlyList<JsonElement>>> LazyWhole = new(() => Bicep.SnapshotAsync(
        "main.bicep",
        $$"""
        {{Azd}}
        param tokenHash = '{{new string('A', 64)}}'
        param settings = { Access__Issuers__0__Issuer: '{{Secret}}' }
        param privateNetwork = true
        param pullRegistries = [{ id: '{{Registry}}', loginServer: 'team.azurecr.io' }]
        param registryId = '{{Registry}}'
        param registryLoginServer = 'team.azurecr.io'
        param operatorId = '00000000-0000-0000-0000-000000000005'
        """));

    private static readonly Lazy<Task<IReadOnlyList<JsonElement>>> LazyCluster = new(() => Bicep.SnapshotAsync(
        "scanner.bicep",
        $"""
        param name = 'edge'
        param clusterName = 'edge'
        param centralStorageName = 'centralaccount'
        param registryId = '{Registry}'
        param subnetId = '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/n/providers/Microsoft.Network/virtualNetworks/n/subnets/edge'
        """));

    /// <summary>What <c>azd up</c> makes of nothing but a name and a region.</summary>
    public static Task<IReadOnlyList<JsonElement>> Plain => LazyPlain.Value;

    /// <summary>The same in a network of its own.</summary>
    public static Task<IReadOnlyList<JsonElement>> Private => LazyPrivate.Value;

    /// <summary>With every option.</summary>
    public static Task<IReadOnlyList<JsonElement>> Whole => LazyWhole.Value;

    /// <summary>A cluster of another deployment in the same group.</summary>
    public static Task<IReadOnlyList<JsonElement>> Cluster => LazyCluster.Value;

    private static string Azd => "param environmentName = 'dev'\nparam location = 'westeurope'";

    public static IEnumerable<JsonElement> OfType(this IReadOnlyList<JsonElement> resources, string type) =>
        resources.Where(resource => resource.GetProperty("type").GetString() == type);

    /// <summary>The properties of the only resource of a type.</summary>
    public static JsonElement PropertiesOf(this IReadOnlyList<JsonElement> resources, string type) =>
        Assert.Single(resources.OfType(type)).GetProperty("properties");
}
