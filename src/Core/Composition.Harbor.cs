using ImageScan.Core.Api;
using ImageScan.Core.Api.Harbor;
using ImageScan.Core.Scans;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.Core;

public static partial class Composition
{
    private static IServiceCollection AddHarborAdapter(this IServiceCollection services) => services
        .AddSingleton<JobSources>()
        .AddSingleton<LentLoginScans>()
        .AddSingleton<IApiHandlers, HarborApi>();
}
