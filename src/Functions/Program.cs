using ImageScan.Core;
using ImageScan.Core.Access;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);

builder.ConfigureFunctionsWebApplication();

// Has the host leave the worker's telemetry to the worker, so only where the worker sends any
// (https://learn.microsoft.com/azure/azure-functions/opentelemetry-howto).
if (Composition.HasTelemetry(builder.Configuration))
{
    builder.Services.AddOpenTelemetry().UseFunctionsWorkerDefaults();
}

builder.Services.AddImageScan(builder.Configuration, AccessMode.Tokens);

await builder.Build().RunAsync();
