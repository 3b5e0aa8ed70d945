using System.Text.Json;
using System.Text.RegularExpressions;
using ImageScan.Core.Storage;
using ImageScan.TestSupport;

namespace ImageScan.Functions.Tests.Infrastructure;

/// <summary>What infra/ would make, as the compiler foretells it: who may do what, what is closed, and what the app is told.</summary>
public sealed partial class InfrastructureTests
{
    // Where Azure says what these ids are.
    private static readonly Dictionary<string, string> Roles = new()
    {
        // https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/storage
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["974c5e8b-45b9-4653-ba55-5f855dd0fb88"] = "Storage Queue Data Contributor",
        ["0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3"] = "Storage Table Data Contributor",
        ["c6a89b2d-59bc-44d0-9896-0f6e12d7b80a"] = "Storage Queue Data Message Sender",

        // https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/monitor
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",

        // https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers
        ["7f951dda-4ed3-4680-a7ca-43fe172d538d"] = "AcrPull",
    };

    // Settings that the host reads and the app does not.
    private static readonly string[] OfTheHost =
    [
        // https://learn.microsoft.com/azure/azure-functions/functions-host-json#override-hostjson-values
        "AzureFunctionsJobHost__functionTimeout",

        // https://github.com/Azure/azure-functions-host/blob/dev/src/WebJobs.Script/Environment/EnvironmentSettingNames.cs
        "AzureWebJobsDisableHomepage",

        // https://learn.microsoft.com/azure/azure-functions/functions-reference#common-properties-for-identity-based-connections
        "AzureWebJobsStorage__credential",

        // https://learn.microsoft.com/azure/azure-functions/functions-app-settings#applicationinsights_connection_string
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    ];

    // Settings that Azure's library reads, and neither the host nor the app.
    private static readonly string[] OfTheLibrary =
    [
        // https://learn.microsoft.com/dotnet/api/azure.identity.defaultazurecredentialoptions.managedidentityclientid
        "AZURE_CLIENT_ID",
    ];

    // Without these the app does not start, or is not seen to.
    private static readonly string[] Needed =
    [
        "AzureWebJobsStorage__blobServiceUri", "AzureWebJobsStorage__queueServiceUri", "AzureWebJobsStorage__tableServiceUri", "AzureWebJobsStorage__clientId",
        "Cluster__Name", "ClusterQueue", .. OfTheHost, .. OfTheLibrary,
    ];

    [Fact]
    public async Task GivesTheRolesThatItNeedsAndNoMore()
    {
        Assert.Equal(
            [
                "Insights: Monitoring Metrics Publisher", "Storage: Storage Blob Data Owner", "Storage: Storage Queue Data Contributor",
                "Storage: Storage Table Data Contributor",
            ],
            RolesIn(await Foretold.Plain));
        Assert.Equal(
            [
                "ContainerRegistry: AcrPull", "Insights: Monitoring Metrics Publisher", "Storage: Storage Blob Data Owner", "Storage: Storage Blob Data Owner",
                "Storage: Storage Queue Data Contributor", "Storage: Storage Queue Data Contributor", "Storage: Storage Queue Data Message Sender",
                "Storage: Storage Table Data Contributor", "Storage: Storage Table Data Contributor",
            ],
            RolesIn(await Foretold.Whole));
    }

    [Fact]
    public async Task TellsTheAppNothingThatNobodyReads()
    {
        HashSet<string> listed =
            [.. RepositoryFiles.Json("local.settings.sample.json").GetProperty("Values").EnumerateObject().Select(value => value.Name)];
        foreach (IReadOnlyList<JsonElement> resources in new[] { await Foretold.Plain, await Foretold.Whole, await Foretold.Cluster })
        {
            foreach (string name in AppSettings.Of(resources).Keys.Except([.. OfTheHost, .. OfTheLibrary]))
            {
                if (DisabledFunction().Match(name) is { Success: true } match)
                {
                    Assert.Contains(match.Groups[1].Value, Trigger.All.Select(trigger => trigger.Function));
                    continue;
                }

                // One number, and one webhook, stand for all; SettingsTests holds the sample to the records and to docs/settings.md.
                Assert.Contains(Number().Replace(name, "__0__").Replace("Webhooks__eventgrid__", "Webhooks__generic__", StringComparison.Ordinal), listed);
            }
        }
    }

    [Fact]
    public async Task TellsTheAppWhatItCannotBeWithout()
    {
        IReadOnlyDictionary<string, string> settings = AppSettings.Of(await Foretold.Plain);

        Assert.All(Needed, name => Assert.Contains(name, settings.Keys));
        Assert.Equal("managedidentity", settings["AzureWebJobsStorage__credential"]);
        Assert.Equal("true", settings["AzureWebJobsDisableHomepage"]);
        Assert.Contains("Authorization=AAD", settings["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"], StringComparison.Ordinal);

        // Of a setting in a trigger's name the host knows no default.
        Assert.All(
            Trigger.All.Select(trigger => trigger.Queue?.QueueName).OfType<string>()
                .SelectMany(queue => Bound().Matches(queue).Select(match => match.Groups[1].Value)),
            name => Assert.Contains(name, settings.Keys));
    }

    // Otherwise a value that the user gives would be in the way of one that the template gives, or the other way round.
    [Fact]
    public async Task LetsItsUserSayWhatTheTemplateDoesNotKnowBetter()
    {
        string expression = Assert.Single((await Foretold.Whole).OfType("Microsoft.Web/sites/config")).GetProperty("properties").GetString()!;
        int given = expression.IndexOf("parameters('settings')", StringComparison.Ordinal);

        Assert.All(
            (string[])["Advisories__RefreshMinutes", "Access__Tokens__100__Role", "Registries__100__Host", "Webhooks__eventgrid__Registries"],
            overridden => Assert.InRange(expression.IndexOf(overridden, StringComparison.Ordinal), 0, given));
        Assert.All(
            (string[])["AzureWebJobsStorage__credential", "AZURE_CLIENT_ID", "Cluster__Name", "AzureWebJobs.ClusterQueue.Disabled"],
            fixedHere => Assert.True(expression.IndexOf(fixedHere, StringComparison.Ordinal) > given));
    }

    [Fact]
    public async Task LetsAFirstAdminInByTheHashOfATokenOnly()
    {
        IReadOnlyDictionary<string, string> settings = AppSettings.Of(await Foretold.Whole);

        Assert.Equal((new string('a', 64), "Admin"), (settings["Access__Tokens__100__Hash"], settings["Access__Tokens__100__Role"]));
        Assert.DoesNotContain(AppSettings.Of(await Foretold.Plain).Keys, name => name.StartsWith("Access__", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GivesTheAppALoginForTheRegistriesThatItMayPullFrom()
    {
        IReadOnlyDictionary<string, string> settings = AppSettings.Of(await Foretold.Whole);

        Assert.Equal(("team.azurecr.io", "Azure"), (settings["Registries__100__Host"], settings["Registries__100__Login"]));
        Assert.Contains("scanner-identity", settings["Registries__100__ClientId"], StringComparison.Ordinal);
    }

    // Integrations, and notifications without a ClientId, name none.
    [Fact]
    public async Task LetsItsOneIdentityBeFoundWithoutItsId()
    {
        foreach (IReadOnlyList<JsonElement> resources in new[] { await Foretold.Plain, await Foretold.Cluster })
        {
            IReadOnlyDictionary<string, string> settings = AppSettings.Of(resources);

            Assert.Equal(settings["AzureWebJobsStorage__clientId"], settings["AZURE_CLIENT_ID"]);
        }
    }

    // The app has no identity of the system's, which would be asked for by default.
    [Fact]
    public async Task ReadsKeyVaultByTheIdentityThatTheAppHas()
    {
        foreach (IReadOnlyList<JsonElement> resources in new[] { await Foretold.Plain, await Foretold.Cluster })
        {
            JsonElement app = Assert.Single(resources.OfType("Microsoft.Web/sites"));
            JsonElement identity = app.GetProperty("identity");

            Assert.Equal("UserAssigned", identity.GetProperty("type").GetString());
            Assert.Equal(
                Assert.Single(identity.GetProperty("userAssignedIdentities").EnumerateObject()).Name,
                app.GetProperty("properties").GetProperty("keyVaultReferenceIdentity").GetString());
        }
    }

    [Fact]
    public async Task LetsNoKeyAndNoPasswordIn()
    {
        foreach (IReadOnlyList<JsonElement> resources in new[] { await Foretold.Plain, await Foretold.Whole, await Foretold.Cluster })
        {
            JsonElement storage = resources.PropertiesOf("Microsoft.Storage/storageAccounts");
            Assert.False(storage.GetProperty("allowSharedKeyAccess").GetBoolean());
            Assert.False(storage.GetProperty("allowBlobPublicAccess").GetBoolean());
            Assert.True(storage.GetProperty("supportsHttpsTrafficOnly").GetBoolean());
            Assert.Equal("TLS1_2", storage.GetProperty("minimumTlsVersion").GetString());
            Assert.Equal("None", resources.PropertiesOf("Microsoft.Storage/storageAccounts/blobServices/containers").GetProperty("publicAccess").GetString());
            Assert.True(resources.PropertiesOf("Microsoft.Insights/components").GetProperty("DisableLocalAuth").GetBoolean());

            JsonElement app = resources.PropertiesOf("Microsoft.Web/sites");
            Assert.True(app.GetProperty("httpsOnly").GetBoolean());
            Assert.Equal("1.2", app.GetProperty("siteConfig").GetProperty("minTlsVersion").GetString());
            JsonElement[] publishing = [.. resources.OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies")];
            Assert.Equal(["ftp", "scm"], publishing.Select(policy => policy.GetProperty("name").GetString()!.Split('/')[1]).Order());
            Assert.All(publishing, policy => Assert.False(policy.GetProperty("properties").GetProperty("allow").GetBoolean()));
        }
    }

    // The host's spans of requests have their paths, with secrets of webhooks, whatever host.json says.
    [Fact]
    public async Task KeepsNoAddressesOfRequests()
    {
        foreach (IReadOnlyList<JsonElement> resources in new[] { await Foretold.Plain, await Foretold.Whole, await Foretold.Cluster })
        {
            JsonElement rule = Assert.Single(resources.OfType("Microsoft.Insights/dataCollectionRules"));
            JsonElement flow = Assert.Single(rule.GetProperty("properties").GetProperty("dataFlows").EnumerateArray());
            JsonElement kept = rule.GetProperty("properties").GetProperty("destinations").GetProperty("logAnalytics")[0];

            Assert.Equal("WorkspaceTransforms", rule.GetProperty("kind").GetString());
            Assert.Equal("Microsoft-Table-AppRequests", flow.GetProperty("streams")[0].GetString());
            Assert.Equal("source | extend Url = \"\"", flow.GetProperty("transformKql").GetString());
            Assert.Equal(kept.GetProperty("name").GetString(), flow.GetProperty("destinations")[0].GetString());
            Assert.Contains(resources.OfType("Microsoft.OperationalInsights/workspaces"), workspace =>
                workspace.GetProperty("properties").TryGetProperty("defaultDataCollectionRuleResourceId", out JsonElement id)
                && id.GetString() == rule.GetProperty("id").GetString());
        }
    }

    [Fact]
    public async Task AsksForNoKeysAndTellsNoSecrets()
    {
        JsonElement template = await Bicep.BuildAsync("main.bicep");
        string text = template.GetRawText();

        Assert.DoesNotMatch("(?i)list(Keys|Secrets|AccountSas|ServiceSas|Credentials|Admin)|connectionStrings|\"secureString\"", text);
        Assert.All(
            template.GetProperty("outputs").EnumerateObject(),
            output => Assert.DoesNotMatch("(?i)settings|hash|token|connection|key", output.Name + output.Value.GetRawText()));
        Assert.Equal("secureObject", template.GetProperty("parameters").GetProperty("settings").GetProperty("type").GetString());
        Assert.DoesNotContain(await Foretold.Whole, resource => resource.GetRawText().Contains(Foretold.Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task PutsTheEventsOfARegistryIntoTheQueueThatIsRead()
    {
        IReadOnlyList<JsonElement> resources = await Foretold.Whole;
        JsonElement delivery = resources.PropertiesOf("Microsoft.EventGrid/systemTopics/eventSubscriptions").GetProperty("deliveryWithResourceIdentity");

        Assert.Equal(QueueNames.RegistryEvents, delivery.GetProperty("destination").GetProperty("properties").GetProperty("queueName").GetString());
        JsonElement queue = Assert.Single(resources.OfType("Microsoft.Storage/storageAccounts/queueServices/queues"));
        Assert.EndsWith($"/{QueueNames.RegistryEvents}", queue.GetProperty("name").GetString());
        Assert.Equal("team.azurecr.io", AppSettings.Of(resources)["Webhooks__eventgrid__Registries"]);
        Assert.Empty((await Foretold.Plain).OfType("Microsoft.EventGrid/systemTopics"));
        Assert.Empty((await Foretold.Cluster).OfType("Microsoft.EventGrid/systemTopics"));
    }

    [Fact]
    public async Task ReachesAClosedAccountThroughTheNetworkOnly()
    {
        IReadOnlyList<JsonElement> resources = await Foretold.Private;
        JsonElement network = resources.PropertiesOf("Microsoft.Network/virtualNetworks");

        Assert.Equal(("Disabled", "Deny", "None"), Rules(resources));
        Assert.Equal(["blob", "queue", "table"], resources.OfType("Microsoft.Network/privateEndpoints").Select(GroupOf).Order());
        Assert.Equal(3, resources.OfType("Microsoft.Network/privateDnsZones").Count());
        Assert.Equal(3, resources.OfType("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Count());
        Assert.Equal(3, resources.OfType("Microsoft.Network/privateEndpoints/privateDnsZoneGroups").Count());

        JsonElement app = network.GetProperty("subnets").EnumerateArray().Single(subnet => subnet.GetProperty("name").GetString() == "app");
        JsonElement delegation = Assert.Single(app.GetProperty("properties").GetProperty("delegations").EnumerateArray());
        Assert.Equal("Microsoft.App/environments", delegation.GetProperty("properties").GetProperty("serviceName").GetString());
        Assert.EndsWith("/subnets/app", resources.PropertiesOf("Microsoft.Web/sites").GetProperty("virtualNetworkSubnetId").GetString());
    }

    [Fact]
    public async Task LeavesEventGridAWayIntoAClosedAccount()
    {
        IReadOnlyList<JsonElement> resources = await Foretold.Whole;

        Assert.Equal(("Enabled", "Deny", "AzureServices"), Rules(resources));
        JsonElement topic = Assert.Single(resources.OfType("Microsoft.EventGrid/systemTopics"));
        Assert.Equal("SystemAssigned", topic.GetProperty("identity").GetProperty("type").GetString());
        Assert.Equal(("Enabled", "Allow", "None"), Rules(await Foretold.Plain));
    }

    [Fact]
    public async Task MakesAClusterReadItsOwnQueueInTheCentralAccount()
    {
        IReadOnlyList<JsonElement> resources = await Foretold.Cluster;
        IReadOnlyDictionary<string, string> settings = AppSettings.Of(resources);

        Assert.Equal(("edge", "scan-edge"), (settings["Cluster__Name"], settings["ClusterQueue"]));
        Assert.Contains("AzureWebJobs.AdvisoryRefresh.Disabled", settings.Keys);
        Assert.DoesNotContain("AzureWebJobs.ClusterQueue.Disabled", settings.Keys);
        Assert.Contains("/storageAccounts/centralaccount'", settings["AzureWebJobsStorage__queueServiceUri"], StringComparison.Ordinal);
        Assert.Equal(6, RolesIn(resources).Count(role => role.StartsWith("Storage:", StringComparison.Ordinal)));
        Assert.EndsWith("/subnets/edge", resources.PropertiesOf("Microsoft.Web/sites").GetProperty("virtualNetworkSubnetId").GetString());
    }

    [Fact]
    public async Task RunsWhatTheProjectsAreBuiltFor()
    {
        JsonElement runtime = (await Foretold.Plain).PropertiesOf("Microsoft.Web/sites").GetProperty("functionAppConfig").GetProperty("runtime");

        Assert.Contains(
            $"<TargetFramework>net{runtime.GetProperty("version").GetString()}</TargetFramework>",
            await File.ReadAllTextAsync(Repository.Path("Directory.Build.props"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    // Or the host would end the whole process, and the scans in it.
    [Fact]
    public async Task GivesARefreshOfAdvisoriesLessTimeThanTheHostGivesAFunction()
    {
        IReadOnlyDictionary<string, string> settings = AppSettings.Of(await Foretold.Plain);

        var refresh = TimeSpan.FromMinutes(int.Parse(settings["Advisories__RefreshMinutes"], null));
        Assert.True(refresh < TimeSpan.Parse(settings["AzureFunctionsJobHost__functionTimeout"], null));
    }

    [Fact]
    public async Task WatchesWhatItMakes()
    {
        IReadOnlyList<JsonElement> resources = await Foretold.Plain;
        JsonElement[] rules = [.. resources.OfType("Microsoft.Insights/scheduledQueryRules"), .. resources.OfType("Microsoft.Insights/metricAlerts")];
        string?[] made = [.. resources.Select(resource => resource.GetProperty("id").GetString())];

        Assert.NotEmpty(rules);
        Assert.All(rules, rule => Assert.Contains(Assert.Single(rule.GetProperty("properties").GetProperty("scopes").EnumerateArray()).GetString(), made));
        Assert.Contains(resources.PropertiesOf("Microsoft.Insights/workbooks").GetProperty("sourceId").GetString(), made);
    }

    // Two of that tag in a group, and azd would not know which one to deploy to.
    [Fact]
    public async Task TagsTheGroupAndTheOneAppThatAzdDeploysTo()
    {
        IReadOnlyList<JsonElement> resources = await Foretold.Plain;
        string[] services = [.. resources.Select(resource => TagOf(resource, "azd-service-name")).OfType<string>()];

        Assert.Equal("dev", TagOf(Assert.Single(resources.OfType("Microsoft.Resources/resourceGroups")), "azd-env-name"));
        Assert.Equal("api", Assert.Single(services));
        Assert.DoesNotContain(await Foretold.Cluster, resource => TagOf(resource, "azd-service-name") is not null);
    }

    private static string[] RolesIn(IReadOnlyList<JsonElement> resources) =>
    [
        .. resources.OfType("Microsoft.Authorization/roleAssignments").Select(assignment =>
        {
            string id = assignment.GetProperty("properties").GetProperty("roleDefinitionId").GetString()!.Split('/')[^1];
            string of = Provider().Match(assignment.GetProperty("id").GetString()!).Groups[1].Value;
            return $"{of}: {Roles.GetValueOrDefault(id, id)}";
        }).Order(StringComparer.Ordinal),
    ];

    private static (string? Public, string? Default, string? Bypass) Rules(IReadOnlyList<JsonElement> resources)
    {
        JsonElement storage = resources.PropertiesOf("Microsoft.Storage/storageAccounts");
        JsonElement rules = storage.GetProperty("networkAcls");
        string? access = storage.GetProperty("publicNetworkAccess").GetString();
        return (access, rules.GetProperty("defaultAction").GetString(), rules.GetProperty("bypass").GetString());
    }

    private static string? GroupOf(JsonElement endpoint) =>
        Assert.Single(endpoint.GetProperty("properties").GetProperty("privateLinkServiceConnections").EnumerateArray())
            .GetProperty("properties").GetProperty("groupIds")[0].GetString();

    private static string? TagOf(JsonElement resource, string tag) =>
        resource.TryGetProperty("tags", out JsonElement tags) && tags.TryGetProperty(tag, out JsonElement value) ? value.GetString() : null;

    [GeneratedRegex(@"^AzureWebJobs\.(\w+)\.Disabled$")]
    private static partial Regex DisabledFunction();

    [GeneratedRegex("/providers/Microsoft\\.(\\w+)/")]
    private static partial Regex Provider();

    [GeneratedRegex(@"__\d+__")]
    private static partial Regex Number();

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Bound();
}
