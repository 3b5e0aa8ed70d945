using System.Net;
using System.Text;
using System.Text.Json;

namespace ImageScan.Core.Images.Registries;

/// <summary>Puts an unwelcome answer into words: what was asked, the status, what the registry says, and which setting helps.</summary>
internal sealed class RegistryErrors(RegistryClientSettings settings, RegistryRateLimits limits, TimeProvider time)
{
    /// <summary>The error for an answer, in StackRox's form. Reads a bounded part of its body.</summary>
    public async Task<RegistryException> DescribeAsync(
        string purpose, HttpResponseMessage response, RegistryEndpoint registry, CancellationToken cancellationToken)
    {
        HttpRequestMessage request = response.RequestMessage!;
        // What answers a login that was lent to us may repeat it.
        bool isUnsaid = request.Method == HttpMethod.Head || registry.Account is { OnlyAtHome: not null, Credential: not null };
        byte[] body = isUnsaid ? [] : await BodyOrNothingAsync(response, cancellationToken);
        string verb = RegistryNetwork.VerbOf(request.Method);
        int status = (int)response.StatusCode;
        TimeSpan? retryAfter = RetryAfterOf(response);
        string message = $"{purpose}: {verb} \"{RegistryNetwork.WithoutQuery(request.RequestUri!)}\": http: non-successful response "
            + $"(status={status} body={HostileText.Quote(Encoding.UTF8.GetString(body))})"
            + ReasonIn(body, settings.Limits)
            + HintFor(response.StatusCode, registry, limits.Find(registry), retryAfter);
        return new RegistryException(message)
        {
            Failure = response.StatusCode switch
            {
                HttpStatusCode.NotFound => RegistryFailure.NotFound,
                _ when IsTransient(response.StatusCode) => RegistryFailure.Unavailable,
                _ => RegistryFailure.Refused,
            },
            StatusCode = status,
            RetryAfter = retryAfter,
        };
    }

    /// <summary>
    /// Whether the same request may go well later. 501 and 505 are what a server will never do (RFC 9110, 15.6.2 and 15.6.6). Beyond 511 are
    /// words of the networks before registries; go-containerregistry (pkg/v1/remote/options.go) asks again after 522 as well.
    /// </summary>
    public static bool IsTransient(HttpStatusCode status) => (int)status is 408 or 429 or (>= 500 and <= 599 and not 501 and not 505);

    /// <summary>Whether an answer broke off or stalled; false if the caller stopped waiting.</summary>
    public static bool IsBreak(Exception failure, CancellationToken cancellationToken) =>
        failure is IOException or HttpRequestException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>The body, or its first <paramref name="maxBytes"/> bytes. Throws <see cref="RegistryException"/> if it breaks off or stalls.</summary>
    public async Task<byte[]> ReadBoundedAsync(HttpResponseMessage response, int maxBytes, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(settings.StallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await using Stream body = await response.Content.ReadAsStreamAsync(either.Token);
            byte[] buffer = new byte[maxBytes];
            int read = await body.ReadAtLeastAsync(buffer, maxBytes, throwOnEndOfStream: false, either.Token);
            return buffer[..read];
        }
        catch (Exception e) when (IsBreak(e, cancellationToken))
        {
            throw new RegistryException($"The answer of {RegistryNetwork.WithoutQuery(response.RequestMessage!.RequestUri!)} broke off or stalled.", e)
            {
                Failure = RegistryFailure.Unavailable,
            };
        }
    }

    // Never negative; null if the answer does not say.
    private TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        TimeSpan? wait = response.Headers.RetryAfter switch
        {
            { Delta: TimeSpan delta } => delta,
            { Date: DateTimeOffset date } => date - time.GetUtcNow(),
            _ => null,
        };
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private async Task<byte[]> BodyOrNothingAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadBoundedAsync(response, settings.Limits.ErrorBytes, cancellationToken);
        }
        catch (RegistryException)
        {
            // The status is the error; its explanation is welcome but not needed.
            return [];
        }
    }

    // {"errors":[{"code":"MANIFEST_UNKNOWN","message":"…"}]} (distribution-spec, "Error Codes"); token servers say {"details":"…"}.
    private static string ReasonIn(byte[] body, ImageLimits limits)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = limits.JsonDepth });
            JsonElement first = document.RootElement.Member("errors").Items().FirstOrDefault();
            string code = first.Member("code").Text() ?? "";
            string message = first.Member("message").Text() ?? document.RootElement.Member("details").Text() ?? "";
            string reason = code.Length > 0 && message.Length > 0 ? $"{code}: {message}" : code + message;
            return reason.Length > 0 ? $": {HostileText.Plain(reason)}" : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private static string HintFor(HttpStatusCode status, RegistryEndpoint registry, RegistryRateLimit? limit, TimeSpan? retryAfter)
    {
        string name = HostileText.Plain(registry.Name);
        string setting = registry.SettingsName;
        string account = registry.Account is { OnlyAtHome: not null, Credential: not null }
            ? "the login that came with this scan may not read it, or counts no more"
            : registry.Login is { } login
            ? login.Right
            : registry.Account is { Credential: not null } own
            ? $"the account of the integration {HostileText.Quote(own.Name)} may not read it or its password is wrong"
            : registry.Listed is { Username.Length: > 0 }
            ? $"the account of {setting}__Username may not read it or its {setting}__Password is wrong"
            : $"if it is private or needs an account, set {setting}__Host={name}, {setting}__Username and {setting}__Password";
        return status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => $" ({account})",
            HttpStatusCode.TooManyRequests when registry is { Listed.HasLogin: true } or { Account.Credential: not null } or { Account.Login: not null } =>
                $" ({name} limits how often it is asked{Left(limit)}{Later(retryAfter)}; a mirror in {setting}__Mirrors asks it less)",
            HttpStatusCode.TooManyRequests =>
                $" ({name} limits how often it is asked without an account{Left(limit)}{Later(retryAfter)};"
                + $" set {setting}__Host={name}, {setting}__Username and {setting}__Password, or a mirror in {setting}__Mirrors)",
            _ when retryAfter is not null => $" (it asks to come back{Later(retryAfter)})",
            _ => "",
        };
    }

    // What comes back, comes back within the window.
    private static string Left(RegistryRateLimit? limit) => limit is null ? ""
        : $": {limit.Remaining} of {limit.Limit} left"
            + (limit.Window > TimeSpan.Zero ? $" of what it allows in {limit.Window.TotalSeconds:0} seconds" : "")
            + (limit.Source.Length > 0 ? $", counted for {limit.Source}" : "");

    private static string Later(TimeSpan? retryAfter) => retryAfter is { } wait ? $", next in {Math.Ceiling(wait.TotalSeconds):0} seconds" : "";
}
