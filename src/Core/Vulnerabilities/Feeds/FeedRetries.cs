using System.Net;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Sends a request again when a server is busy or does not answer, after as long as it asks for (Retry-After, RFC 9110 section 10.2.3).</summary>
internal sealed class FeedRetries(HttpMessageHandler network, TimeProvider time) : DelegatingHandler(network)
{
    public int Retries { get; init; } = 3;

    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Doubled with each retry.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A server that asks for more is left alone until the next run.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(2);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (int attempt = 0; ; attempt++)
        {
            TimeSpan delay = FirstDelay * Math.Pow(2, attempt);
            try
            {
                HttpResponseMessage answer = await AskAsync(request, cancellationToken);
                delay = AskedFor(answer) ?? delay;
                if (!IsBusy(answer.StatusCode) || attempt >= Retries || delay > LongestDelay)
                {
                    return answer;
                }

                answer.Dispose();
            }
            catch (HttpRequestException) when (attempt < Retries)
            {
                // Waited for below, as a busy server is.
            }

            await Task.Delay(delay, time, cancellationToken);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(HeadersTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await base.SendAsync(request, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException($"{request.RequestUri!.GetLeftPart(UriPartial.Path)} did not answer within {HeadersTimeout.TotalSeconds} seconds.");
        }
    }

    private TimeSpan? AskedFor(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - time.GetUtcNow() is var wait && wait > TimeSpan.Zero ? wait : TimeSpan.Zero,
        _ => null,
    };

    private static bool IsBusy(HttpStatusCode status) => status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or HttpStatusCode.InternalServerError or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;
}
