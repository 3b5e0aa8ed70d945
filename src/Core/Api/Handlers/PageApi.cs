using ImageScan.Core.Api.Page;
using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace ImageScan.Core.Api.Handlers;

/// <summary>The page for people and its parts, open to everyone: what they show they ask the API for, which asks for a token.</summary>
public sealed class PageApi : IApiHandlers
{
    // The page is asked after each time, since a deployment brings another; what has not changed costs a 304.
    private const string Checked = "no-cache";

    // What its version says it is, it stays (https://www.rfc-editor.org/rfc/rfc8246). Of another version, of a tab that is open since before a
    // deployment or an instance that has it already, the present parts are better than none, and are not kept.
    private const string Kept = "public, max-age=31536000, immutable";

    // None of it is asked for by the page (https://www.w3.org/TR/permissions-policy/).
    private const string NoPermissions = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";

    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.GetPage] = (context, _) => Task.FromResult(Page(context.Request)),
        [Operations.HeadPage] = (context, _) => Task.FromResult(Page(context.Request)),
        [Operations.GetPageAsset] = (context, _) => Task.FromResult(Part(context)),
        [Operations.HeadPageAsset] = (context, _) => Task.FromResult(Part(context)),
    };

    private static ApiResult Page(HttpRequest request) => Answer(request, PageFiles.Page, Checked)
        .With("Content-Security-Policy", PageFiles.Policy)
        .With("Cross-Origin-Opener-Policy", "same-origin")
        .With("Permissions-Policy", NoPermissions);

    // Whoever opens a part by itself gets no page that may do anything.
    private static ApiResult Part(HttpContext context)
    {
        string name = context.GetRouteValue("asset") as string ?? "";
        return PageFiles.Find(name) is { } file
            ? Answer(context.Request, file, context.GetRouteValue("version") as string == PageFiles.Version ? Kept : Checked)
                .With("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
            : throw new ApiException(GrpcCode.NotFound, $"the page has no part {HostileText.Quote(name)}: not found");
    }

    private static ApiResult Answer(HttpRequest request, PageFile file, string cached) =>
        (Has(request, file.Tag) ? ApiResult.NotModified() : ApiResult.Gzip(file.Gzip, file.ContentType))
            .With("ETag", file.Tag)
            .With("Vary", "Accept-Encoding")
            .With("Cache-Control", cached)
            .With("Cross-Origin-Resource-Policy", "same-origin")
            .With("Referrer-Policy", "no-referrer");

    // Tags are compared weakly here, and "*" fits any (https://www.rfc-editor.org/rfc/rfc9110#section-13.1.2).
    private static bool Has(HttpRequest request, string tag) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out IList<EntityTagHeaderValue>? tags)
        && tags.Any(known => known.Equals(EntityTagHeaderValue.Any) || known.Compare(EntityTagHeaderValue.Parse(tag), useStrongComparison: false));
}
