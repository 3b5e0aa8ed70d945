using ImageScan.Core.Api;
using ImageScan.Core.Api.Handlers;
using ImageScan.Core.Scans;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.Core;

public static partial class Composition
{
    private static IServiceCollection AddPage(this IServiceCollection services) => services
        .AddSingleton<ImageHistories>()
        .AddSingleton<IApiHandlers, PageApi>()
        .AddSingleton<IApiHandlers, HistoryApi>();
}
