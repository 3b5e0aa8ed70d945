using ImageScan.Core.Api;
using ImageScan.Core.Api.Badges;
using ImageScan.Core.Api.Handlers;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.Core;

public static partial class Composition
{
    private static IServiceCollection AddReports(this IServiceCollection services, IConfiguration configuration)
    {
        return services
            .AddSingleton(new BadgeLinks(SettingsSection.Read<BadgeSettings>(configuration, "Badges")))
            .AddSingleton<IApiHandlers, BadgesApi>()
            .AddSingleton<VexStore>()
            .AddSingleton<VexUploads>()
            .AddSingleton<IApiHandlers, VexApi>();
    }
}
