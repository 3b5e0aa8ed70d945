using System.Net.Http.Headers;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Notifications;

/// <summary>
/// Posts to receivers: through the address guard, following no redirect, reading nothing of the answer but its status. What went wrong is said with the
/// receiver's host alone, since paths and queries of such addresses are secrets.
/// </summary>
public sealed class NotificationPost : IDisposable
{
    private const int MaxHeaderKibibytes = 32;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    // Receivers of webhooks answer in seconds; GitHub gives its own ten
    // (https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks).
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(20);

    private readonly HttpMessageInvoker _public;
    private readonly HttpMessageInvoker _any;
    private readonly TimeProvider _time;

    /// <summary>Connects to nobody yet.</summary>
    public NotificationPost(TimeProvider time)
    {
        var guard = new AddressGuard(AddressGuard.ResolveBySystemAsync, ConnectTimeout);
        _public = new HttpMessageInvoker(guard.HandlerFor(AddressRule.Public, MaxHeaderKibibytes));
        _any = new HttpMessageInvoker(guard.HandlerFor(AddressRule.Any, MaxHeaderKibibytes));
        _time = time;
    }

    /// <summary>Posts a body once, and says what came of it.</summary>
    /// <param name="rule">Whose address it goes to.</param>
    /// <param name="body">The body.</param>
    /// <param name="contentType">What it is.</param>
    /// <param name="headers">Headers beside.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<DeliveryOutcome> SendAsync(
        NotificationRule rule, byte[] body, string contentType, IReadOnlyDictionary<string, string> headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, rule.Address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        request.Headers.UserAgent.ParseAdd("ImageScanFunctions/1");
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var timeout = new CancellationTokenSource(AnswerTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        string host = rule.Address!.IdnHost;
        try
        {
            // An invoker returns with the headers; the body is dropped with the answer.
            using HttpResponseMessage response = await (rule.AllowsPrivateAddress ? _any : _public).SendAsync(request, either.Token);
            return OutcomeOf(response, host);
        }
        catch (HttpRequestException failure) when (failure.InnerException is RegistryException { Failure: RegistryFailure.AddressRefused } refused)
        {
            return new DeliveryOutcome(DeliveryVerdict.Refused, $"{refused.Message} (AllowPrivateAddress of the rule would allow it)");
        }
        catch (HttpRequestException failure)
        {
            return new DeliveryOutcome(DeliveryVerdict.Later, $"{host} could not be reached ({failure.HttpRequestError})");
        }
        catch (IOException)
        {
            return new DeliveryOutcome(DeliveryVerdict.Later, $"{host} broke the connection");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new DeliveryOutcome(DeliveryVerdict.Later, $"{host} took too long");
        }
    }

    public void Dispose()
    {
        _public.Dispose();
        _any.Dispose();
    }

    /// <summary>What a status means for another try: 408, 429 and what is the server's own fault may pass, the rest will be the same each time.</summary>
    internal static DeliveryVerdict VerdictOf(int status) => status switch
    {
        >= 200 and <= 299 => DeliveryVerdict.Delivered,
        408 or 429 or >= 500 => DeliveryVerdict.Later,
        _ => DeliveryVerdict.Refused,
    };

    private DeliveryOutcome OutcomeOf(HttpResponseMessage response, string host)
    {
        int status = (int)response.StatusCode;
        string reason = status is >= 300 and <= 399 ? $"{host} answered {status}; no redirect is followed" : $"{host} answered {status}";
        return VerdictOf(status) switch
        {
            DeliveryVerdict.Delivered => DeliveryOutcome.Delivered,
            DeliveryVerdict.Later => new DeliveryOutcome(DeliveryVerdict.Later, reason, RetryAfterOf(response)),
            _ => new DeliveryOutcome(DeliveryVerdict.Refused, reason),
        };
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: TimeSpan delta } => delta,
        { Date: DateTimeOffset date } => date - _time.GetUtcNow(),
        _ => null,
    };
}
