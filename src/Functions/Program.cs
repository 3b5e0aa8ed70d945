using ImageScan.Core;
using ImageScan.Core.Access;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

FunctionsApplicationBuilder builder = FunctionsApplication.CreateBuilder(args);

builder.ConfigureFunctionsWebApplication();
builder.Services.AddImageScan(builder.Configuration, AccessMode.Tokens);

await builder.Build().RunAsync();
