using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.Core;

public static partial class Composition
{
    private static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        _ = configuration;
        return services;
    }
}
