using System.Net;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Access;

/// <summary>
/// Lets programs on this machine in without a token, and keeps web pages out that a browser on this machine has open: a page elsewhere
/// must not make us scan, whether it sends requests across sites or has its own name point at 127.0.0.1 (DNS rebinding).
/// </summary>
public static class LoopbackGuard
{
    private const int MaxEchoed = 100;

    /// <summary>Why the request is refused, in one sentence; null if it comes from this machine and from no foreign page.</summary>
    public static string? RefusalOf(HttpRequest request)
    {
        if (request.HttpContext.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
        {
            return $"this server answers programs on its own machine only, not {address}";
        }

        if (!IsLoopbackName(request.Host.Host))
        {
            return $"this server answers to localhost, 127.0.0.1 and [::1] only, not to the host \"{Short(request.Host.Value)}\"";
        }

        return IsLinkToThePage(request) ? null : ForeignSiteOf(request) ?? ForeignOriginOf(request);
    }

    /// <summary>
    /// Why a request is refused that a browser may have added a password to by itself; null if it comes from no foreign page. Where a browser says
    /// what the page's site is, that counts: behind a proxy the host that we see need not be the one in its address bar.
    /// </summary>
    public static string? ForeignPageRefusalOf(HttpRequest request) =>
        SiteOf(request).Length > 0 ? ForeignSiteOf(request) : ForeignOriginOf(request);

    // People share links to the page. Whoever follows one opens a page of ours, which holds nothing and asks as its own origin; the page with the link
    // gets neither its content nor, by Cross-Origin-Opener-Policy, a hold of it (https://www.w3.org/TR/fetch-metadata/#sec-fetch-dest-header).
    private static bool IsLinkToThePage(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Path == "/"
        && request.Headers["Sec-Fetch-Mode"].ToString() == "navigate"
        && request.Headers["Sec-Fetch-Dest"].ToString() == "document";

    // Browsers send neither header for what people type or scripts outside a browser send
    // (https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header); a value we do not know is not trusted.
    private static string? ForeignSiteOf(HttpRequest request)
    {
        string site = SiteOf(request);
        return site.Length > 0 && site.ToLowerInvariant() is not ("none" or "same-origin")
            ? $"requests that a page of another site makes are refused (Sec-Fetch-Site \"{Short(site)}\")"
            : null;
    }

    private static string? ForeignOriginOf(HttpRequest request)
    {
        string origin = request.Headers.Origin.ToString();
        return origin.Length > 0 && !IsOwnOrigin(origin, request.Host)
            ? $"requests that a page of another origin makes are refused (Origin \"{Short(origin)}\")"
            : null;
    }

    private static string SiteOf(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString();

    private static bool IsLoopbackName(string? host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host?.Trim('[', ']'), out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool IsOwnOrigin(string origin, HostString host) =>
        string.Equals(origin, $"http://{host.Value}", StringComparison.OrdinalIgnoreCase)
        || string.Equals(origin, $"https://{host.Value}", StringComparison.OrdinalIgnoreCase);

    private static string Short(string? text) => text is { Length: > MaxEchoed } ? $"{text[..MaxEchoed]}…" : text ?? "";
}
