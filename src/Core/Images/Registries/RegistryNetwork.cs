using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ImageScan.Core.Telemetry;

namespace ImageScan.Core.Images.Registries;

/// <summary>
/// Sends requests on behalf of a registry: through the address guard, with timeouts, following redirects by hand. Each address rule has
/// connections of its own, so that a connection opened under a looser rule never serves a request under a stricter one. So has each trust.
/// </summary>
internal sealed class RegistryNetwork : IDisposable
{
    private readonly RegistryDirectory _directory;
    private readonly RegistryClientSettings _settings;
    private readonly TimeProvider _time;
    private readonly RegistryDoors _doors;
    private readonly HostPlaces _places;
    private readonly RegistryRateLimits _limits;

    public RegistryNetwork(
        RegistryDirectory directory,
        RegistryClientSettings settings,
        TimeProvider time,
        RegistryRateLimits limits,
        Func<AddressRule, HttpMessageHandler> handlerFor)
    {
        _limits = limits;
        _directory = directory;
        _settings = settings;
        _time = time;
        _doors = new RegistryDoors(handlerFor);
        _places = new HostPlaces(settings.RequestsPerHost);
    }

    /// <summary>
    /// The answer's headers, its body still unread, whatever its status unless that is a redirect; until it is disposed it has a place at its
    /// host. Throws <see cref="RegistryException"/>.
    /// </summary>
    /// <param name="start">Where to begin.</param>
    /// <param name="make">The request for one address of the chain; it alone decides which addresses see credentials.</param>
    /// <param name="registry">On whose behalf.</param>
    /// <param name="use">How long the answer takes to read.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<HttpResponseMessage> SendAsync(
        Uri start, Func<Uri, HttpRequestMessage> make, RegistryEndpoint registry, HostUse use, CancellationToken cancellationToken)
    {
        Uri uri = start;
        for (int redirects = 0; ; redirects++)
        {
            HttpResponseMessage response = await SendFromPlaceAsync(make(uri), registry, use, cancellationToken);
            if (!IsRedirect(response.StatusCode))
            {
                return response;
            }

            Uri? location = response.Headers.Location;
            response.Dispose();
            if (redirects == _settings.Limits.Redirects)
            {
                throw new RegistryException(
                    $"{WithoutQuery(start)} redirects more than {_settings.Limits.Redirects} times (Redirects); the last stop was {WithoutQuery(uri)}");
            }

            uri = NextStop(uri, location);
        }
    }

    public void Dispose() => _doors.Dispose();

    /// <summary>The address for a message: queries of redirects are signed and belong in no log.</summary>
    public static string WithoutQuery(Uri uri) => HostileText.Plain(uri.GetLeftPart(UriPartial.Path), 1000);

    /// <summary>The method for a message, as Go's errors write it: <c>Get</c>.</summary>
    public static string VerbOf(HttpMethod method) =>
        method == HttpMethod.Head ? "Head" : method == HttpMethod.Post ? "Post" : method == HttpMethod.Patch ? "Patch" : "Get";

    // The time for an answer begins when the request has its place.
    private async Task<HttpResponseMessage> SendFromPlaceAsync(
        HttpRequestMessage request, RegistryEndpoint registry, HostUse use, CancellationToken cancellationToken)
    {
        IDisposable place = await _places.TakeAsync(request.RequestUri!, use, cancellationToken);
        try
        {
            HttpResponseMessage response = await SendOnceAsync(request, registry, cancellationToken);
            response.Content = new PlacedContent(response.Content, place);
            return response;
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, RegistryEndpoint registry, CancellationToken cancellationToken)
    {
        Uri uri = request.RequestUri!;
        request.Headers.UserAgent.ParseAdd("ImageScanFunctions/1");
        using Activity? span = ScanTelemetry.StartRequest(request.Method.Method, uri.Host);
        using var timeout = new CancellationTokenSource(_settings.HeadersTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            HttpResponseMessage response = await _doors.For(_directory.RuleFor(uri, registry), registry.TrustAt(uri)).SendAsync(request, either.Token);
            response.RequestMessage = request;
            span?.SetTag(SpanTags.StatusCode, (int)response.StatusCode);
            ScanMetrics.RegistryAnswered((int)response.StatusCode);
            if (registry.Owns(uri))
            {
                _limits.Observe(registry, response.Headers);
            }

            return response;
        }
        catch (HttpRequestException e)
        {
            span.Fail(e);
            ScanMetrics.RegistryAnswered(0);
            throw Described(e, request, registry);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            span.Fail(e);
            ScanMetrics.RegistryAnswered(0);

            // The handler's own timeout is that of connecting.
            string reason = e.InnerException is TimeoutException
                ? $"no connection within {_settings.ConnectTimeout.TotalSeconds:0.#} seconds"
                : $"no answer within {_settings.HeadersTimeout.TotalSeconds:0.#} seconds";
            throw new RegistryException($"{Asked(request)}: {reason}", e)
            {
                Failure = RegistryFailure.Unavailable,
            };
        }
    }

    private static RegistryException Described(HttpRequestException e, HttpRequestMessage request, RegistryEndpoint registry)
    {
        if (e.InnerException is RegistryException refused)
        {
            // What a registry points at is allowed only if both are listed: nobody else's word leads inside.
            string hint = registry.Owns(request.RequestUri!)
                ? $" (a registry at such an address must be listed: {registry.SettingsName}__Host={HostileText.Plain(registry.Name)},"
                    + $" and {registry.SettingsName}__AllowPrivateAddress not false)"
                : $" (registry {HostileText.Plain(registry.Name)} may not send us there){ListingHint(request.RequestUri!, registry)}";
            return new RegistryException($"{Asked(request)}: {refused.Message}{hint}", e) { Failure = refused.Failure };
        }

        string reason = (e.HttpRequestError, e.InnerException) switch
        {
            (HttpRequestError.NameResolutionError, _)
                or (_, SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain }) =>
                "the host name is not known",
            (HttpRequestError.SecureConnectionError, _) => $"no secure connection ({HostileText.Plain(e.InnerException?.Message ?? e.Message)}); "
                + $"if this registry speaks plain http, set {registry.SettingsName}__Host={HostileText.Plain(registry.Name)}"
                + $" and {registry.SettingsName}__Insecure=true; if its certificate is of an authority of your own,"
                + $" {registry.SettingsName}__CertificateAuthority",
            (HttpRequestError.ConfigurationLimitExceeded, _) => "its headers are longer than allowed (HeaderKibibytes)",
            (_, SocketException socket) => $"no connection ({socket.SocketErrorCode})",
            _ => $"the connection broke ({HostileText.Plain(e.InnerException?.Message ?? e.Message)})",
        };
        return new RegistryException($"{Asked(request)}: {reason}", e) { Failure = RegistryFailure.Unavailable };
    }

    private static string ListingHint(Uri uri, RegistryEndpoint registry)
    {
        string host = uri.Scheme == Uri.UriSchemeHttps && uri.IsDefaultPort ? uri.Host : $"{uri.Host}:{uri.Port}";
        return registry.Listed is null ? "" : $"; it may if that host is yours and listed, too: Registries__N__Host={HostileText.Plain(host)}";
    }

    private static string Asked(HttpRequestMessage request) =>
        $"{VerbOf(request.Method)} \"{WithoutQuery(request.RequestUri!)}\"";

    private static bool IsRedirect(HttpStatusCode status) => status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found
        or HttpStatusCode.SeeOther or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;

    private static Uri NextStop(Uri from, Uri? location)
    {
        Uri next = location is null
            ? throw new RegistryException($"{WithoutQuery(from)} redirects without saying where")
            : new Uri(from, location);
        bool allowed = next.Scheme == Uri.UriSchemeHttps || (next.Scheme == Uri.UriSchemeHttp && from.Scheme == Uri.UriSchemeHttp);
        if (!allowed || next.UserInfo.Length > 0)
        {
            throw new RegistryException(
                $"{WithoutQuery(from)} redirects to {HostileText.Plain(next.Scheme)}://{HostileText.Plain(next.IdnHost)}, which is refused: "
                + "only https is followed, without a user name, and http from http");
        }

        return next;
    }
}
