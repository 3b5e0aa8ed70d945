using ImageScan.Core.Api;
using ImageScan.Core.Api.Handlers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.Core;

public static partial class Composition
{
    private static IServiceCollection AddHealth(this IServiceCollection services, IConfiguration configuration) => services
        .AddSingleton(SettingsSection.Read<HealthSettings>(configuration, "Health"))
        .AddSingleton<Readiness>()
        .AddSingleton<IApiHandlers, ReadinessApi>();
}
