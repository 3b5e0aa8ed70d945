using System.Net;
using System.Net.Sockets;

namespace ImageScan.Core.Images.Registries.Logins;

/// <summary>Where an API of a cloud is.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Rule">Which addresses its host may have.</param>
internal sealed record CloudEndpoint(Uri Address, AddressRule Rule)
{
    /// <summary>Where the operator says that an API is, which may be in a network of his; null if that is no address to send secrets to.</summary>
    public static CloudEndpoint? OfSettings(string text) => Of(text, AddressRule.Any);

    /// <summary>Where somebody else says that it is; null if that is none.</summary>
    public static CloudEndpoint? OfOthers(string text) => Of(text, AddressRule.Public);

    private static CloudEndpoint? Of(string text, AddressRule rule)
    {
        string address = text.Contains("://", StringComparison.Ordinal) ? text : $"https://{text}";
        return Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
            && uri is { UserInfo: "", Query: "", Fragment: "" }
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && rule == AddressRule.Any && CloudHosts.IsThisMachine(uri)))
                ? new CloudEndpoint(uri, rule)
                : null;
    }
}

/// <summary>What an API answered.</summary>
/// <param name="Status">Below 300, or 400 to 499.</param>
/// <param name="Body">All of it.</param>
/// <param name="Date">The time of the server's clock; null if it does not say.</param>
internal sealed record CloudAnswer(HttpStatusCode Status, byte[] Body, DateTimeOffset? Date)
{
    public bool IsSuccess => (int)Status < 300;

    // What it holds is secret.
    public override string ToString() => $"CloudAnswer {(int)Status}";
}

/// <summary>
/// Asks APIs of clouds: one request to one address, through the address guard, with no redirect followed, so that what it holds goes nowhere else.
/// </summary>
internal sealed class CloudApi(Func<AddressRule, HttpMessageHandler> handlerFor, RegistryClientSettings settings, TimeProvider time) : IDisposable
{
    private readonly Dictionary<AddressRule, Lazy<HttpMessageInvoker>> _doors =
        Enum.GetValues<AddressRule>().ToDictionary(rule => rule, rule => new Lazy<HttpMessageInvoker>(() => new HttpMessageInvoker(handlerFor(rule))));

    /// <summary>The answer. Throws <see cref="RegistryException"/> if there is none, none in time, or one that says to come back later.</summary>
    /// <param name="what">Who is asked for what, as an error begins.</param>
    /// <param name="endpoint">Where; its rule.</param>
    /// <param name="request">The request, to that address.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<CloudAnswer> SendAsync(string what, CloudEndpoint endpoint, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(settings.HeadersTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        request.Headers.UserAgent.ParseAdd("ImageScanFunctions/1");
        try
        {
            using HttpResponseMessage response = await _doors[endpoint.Rule].Value.SendAsync(request, either.Token);
            return await ReadAsync(what, response, either.Token);
        }
        catch (HttpRequestException e) when (e.InnerException is RegistryException refused)
        {
            throw new RegistryException($"{what}: {refused.Message}", e) { Failure = refused.Failure };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            string reason = e.InnerException is SocketException socket ? $"no connection ({socket.SocketErrorCode})" : "the connection broke";
            throw new RegistryException($"{what}: {reason}", e) { Failure = RegistryFailure.Unavailable };
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new RegistryException($"{what}: no answer within {settings.HeadersTimeout.TotalSeconds:0.#} seconds", e)
            {
                Failure = RegistryFailure.Unavailable,
            };
        }
    }

    public void Dispose()
    {
        foreach (Lazy<HttpMessageInvoker> door in _doors.Values.Where(door => door.IsValueCreated))
        {
            door.Value.Dispose();
        }
    }

    private async Task<CloudAnswer> ReadAsync(string what, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        int status = (int)response.StatusCode;
        if (status is >= 300 and < 400)
        {
            throw new RegistryException($"{what}: it redirects ({status}), which is not followed") { Failure = RegistryFailure.AccountUnusable };
        }

        if (RegistryErrors.IsTransient(response.StatusCode) || status >= 500)
        {
            throw new RegistryException($"{what}: it answered {status}")
            {
                Failure = RegistryFailure.Unavailable,
                RetryAfter = response.Headers.RetryAfter?.Delta,
            };
        }

        int maxBytes = settings.Limits.TokenBytes;
        await using Stream content = await response.Content.ReadAsStreamAsync(cancellationToken);
        byte[] body = new byte[maxBytes + 1];
        int read = await content.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken);
        return read <= maxBytes
            ? new CloudAnswer(response.StatusCode, body[..read], response.Headers.Date)
            : throw new RegistryException($"{what}: it answered with more than {maxBytes} bytes (TokenBytes)") { Failure = RegistryFailure.AccountUnusable };
    }
}
