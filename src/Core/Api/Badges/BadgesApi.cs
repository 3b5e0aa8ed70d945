using System.Globalization;
using System.Security.Cryptography;
using ImageScan.Core.Access;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Search;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Badges;

/// <summary>
/// Shows the badge of a stored image to who may read, and to who has a signed link. To anybody else there is no image: the answer is the same, and
/// nothing is looked up for it, so it takes the same time whether there is such an image or not. Nothing is scanned for a badge.
/// </summary>
public sealed class BadgesApi(BadgeLinks links, ImageSearch search, ScanStore store, Suppressions suppressions, TimeProvider time) : IApiHandlers
{
    // The badges of a page are asked for each time that it is shown; shields.io takes no less for its own cache.
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler> { [Operations.GetBadge] = GetAsync };

    private async Task<ApiResult> GetAsync(HttpContext context, CancellationToken cancellationToken)
    {
        // A name has no percent sign, so undoing what is undone already changes nothing: hosts differ in whether they undo %2F.
        string name = Uri.UnescapeDataString(context.GetRouteValue("image") as string ?? "");
        GetBadgeRequest request = GetBadgeRequest.Read(context.Request.Query);
        if (!ImageReference.TryParse(name, out ImageReference? image, out _) || CachingFor(context, image, request) is not { } caching)
        {
            throw Unknown();
        }

        request.CheckFormat();
        Scan scan = await FindAsync(image, cancellationToken) ?? throw Unknown();
        SuppressionSet current = await suppressions.CurrentAsync(cancellationToken);
        var badge = Badge.Of(scan, current.For(image, time.GetUtcNow(), scan), request.Label);
        return Answer(context.Request, request, badge).With("Cache-Control", caching).With("Vary", "Authorization");
    }

    // The same to all who are not shown it: no name, no reason.
    private static ApiException Unknown() => new(GrpcCode.NotFound, "there is no such badge: not found");

    // Null for who may not see it.
    private string? CachingFor(HttpContext context, ImageReference image, GetBadgeRequest request)
    {
        if (AccessRoles.RightsOf(context.Features.Get<AccessDecision>()?.Roles ?? []).HasFlag(AccessRights.Read))
        {
            return $"private, max-age={Seconds(Fresh)}";
        }

        return links.RemainingOf(image, request.Sig, request.Exp, time.GetUtcNow()) is { } remaining
            ? $"public, max-age={Seconds(remaining < Fresh ? remaining : Fresh)}"
            : null;
    }

    private async Task<Scan?> FindAsync(ImageReference image, CancellationToken cancellationToken)
    {
        if (image.Digest is { } digest)
        {
            Digest? manifest = await store.FindAliasAsync(digest, Platform.Default, cancellationToken);
            return await store.FindAsync(manifest ?? digest, cancellationToken);
        }

        // A tag has meant several images in its time. Which it means now nobody is asked for a badge; the one that was made last is the best guess.
        ListedImage? newest = null;
        await foreach (ListedImage found in search.FindAsync(ImageQuery.Parse($"Image:\"{image.FullName}\"", time.GetUtcNow()), cancellationToken))
        {
            newest = newest is null || IsNewer(found, newest) ? found : newest;
        }

        return newest is not null && Digest.TryParse(newest.Id, out Digest? id) ? await store.FindAsync(id, cancellationToken) : null;
    }

    private static bool IsNewer(ListedImage image, ListedImage than) =>
        (image.RemovedAt is null, image.Created ?? DateTimeOffset.MinValue, image.LastUpdated)
            .CompareTo((than.RemovedAt is null, than.Created ?? DateTimeOffset.MinValue, than.LastUpdated)) > 0;

    private static ApiResult Answer(HttpRequest asked, GetBadgeRequest request, Badge badge)
    {
        byte[] image = BadgeImage.Draw(badge);
        string tag = $"W/\"{Convert.ToHexStringLower(SHA256.HashData(image).AsSpan(0, 16))}\"";
        if (request.Format == GetBadgeRequest.Shields)
        {
            return ApiResult.Json(new WireBadge
            {
                Label = badge.Label,
                Message = badge.Message,
                Color = badge.Color.Name,
                CacheSeconds = (int)Fresh.TotalSeconds,
            });
        }

        // Whoever opens it as a page gets one that may do nothing.
        ApiResult result = asked.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal) ? ApiResult.NotModified()
            : ApiResult.Bytes(image, BadgeImage.ContentType).With("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox");
        return result.With("ETag", tag);
    }

    private static string Seconds(TimeSpan span) => ((int)span.TotalSeconds).ToString(CultureInfo.InvariantCulture);
}
