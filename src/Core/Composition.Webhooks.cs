using ImageScan.Core.Api;
using ImageScan.Core.Api.Webhooks;
using ImageScan.Core.Scans;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.Core;

public static partial class Composition
{
    private static IServiceCollection AddWebhooks(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(WebhookProviders.All)
        .AddSingleton(SettingsSection.ReadNamed<WebhookSettings>(configuration, "Webhooks", [.. WebhookProviders.All.Select(provider => provider.Name)]))
        .AddSingleton(SettingsSection.Read<WebhookLimits>(configuration, "WebhookLimits"))
        .AddSingleton<WebhookSources>()
        .AddSingleton<WebhookAllowance>()
        .AddSingleton<RemovedImages>()
        .AddSingleton<RegistryEvents>()
        .AddSingleton<RegistryEventsHandler>()
        .AddSingleton<WebhooksApi>()
        .AddSingleton<IApiHandlers>(provider => provider.GetRequiredService<WebhooksApi>());
}
