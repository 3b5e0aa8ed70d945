using ImageScan.Core.Api;
using ImageScan.Core.Api.Badges;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.Core;

public static partial class Composition
{
    private static IServiceCollection AddReports(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(new BadgeLinks(SettingsSection.Read<BadgeSettings>(configuration, "Badges")));
        services.AddSingleton<IApiHandlers, BadgesApi>();
        return services;
    }
}
