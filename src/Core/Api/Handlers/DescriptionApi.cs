using ImageScan.Core.Api.Description;
using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Handlers;

/// <summary>The API's own description, and the page that shows it to people.</summary>
public sealed class DescriptionApi(ApiSettings settings) : IApiHandlers
{
    // The reader is a megabyte, and changes with a deployment only.
    private const string Cached = "private, max-age=3600";

    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.GetOpenApi] = (_, _) => Task.FromResult(ApiResult.Document(ApiDescription.DocumentOf(settings.Level))),
        [Operations.GetDocs] = (_, _) => Task.FromResult(Page()),
        [Operations.GetDocsAsset] = (context, _) => Task.FromResult(Asset(context.GetRouteValue("asset") as string ?? "")),
    };

    private static ApiResult Page() => ApiResult.Bytes(ReaderPage.Page, "text/html; charset=utf-8")
        .With("Content-Security-Policy", ReaderPage.Policy)
        .With("Referrer-Policy", "no-referrer");

    // Whoever opens a part by itself gets no page that may do anything.
    private static ApiResult Asset(string name) => ReaderPage.Find(name) is { } asset
        ? (asset.IsGzip ? ApiResult.Gzip(asset.Content, asset.ContentType) : ApiResult.Bytes(asset.Content, asset.ContentType))
            .With("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
            .With("Cache-Control", Cached)
        : throw new ApiException(GrpcCode.NotFound, $"docs has no part {HostileText.Quote(name)}: not found");
}
