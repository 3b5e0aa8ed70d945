using ImageScan.Core.Access;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Scans;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Handlers;

/// <summary>That the app is up, and which it is.</summary>
public sealed class AboutApi : IApiHandlers
{
    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.Ping] = (_, _) => Task.FromResult(ApiResult.Json(new WirePing())),
        [Operations.Metadata] = (context, _) => Task.FromResult(ApiResult.Json(new WireServerMetadata(VersionFor(context)))),
        [Operations.Health] = (_, _) => Task.FromResult(ApiResult.Text("ok")),
    };

    private static string VersionFor(HttpContext context) =>
        context.Features.Get<AccessDecision>() is { IsIdentified: true } ? ScannerVersion.Product : "";
}
