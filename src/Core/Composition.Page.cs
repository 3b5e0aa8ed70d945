using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.Core;

public static partial class Composition
{
    private static IServiceCollection AddPage(this IServiceCollection services) => services;
}
