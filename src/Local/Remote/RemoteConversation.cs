using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Local.Commands;

namespace ImageScan.Local.Remote;

/// <summary>
/// Asking a deployed app and waiting for it: what is asked again, how long, and how much of an answer is taken. Methods throw
/// <see cref="CommandException"/> for what the app says, and <see cref="HttpRequestException"/> where it cannot be reached.
/// </summary>
internal sealed class RemoteConversation(HttpClient http) : IDisposable
{
    /// <summary>The largest answer that is taken, in bytes.</summary>
    public const long MaxAnswerBytes = 256L << 20;

    private const int MaxMessageCharacters = 1_000;
    private const int MaxTries = 5;

    // From asking to the headers of an answer, and from one piece of its body to the next.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The headers of an answer to a GET; its body is still to come.</summary>
    public Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    /// <summary>
    /// The headers of an answer that is a success or leads elsewhere. What is too much now, or not there for a moment, is asked once more, after a gateway's
    /// word or a broken connection only what changes nothing; everything else is thrown.
    /// </summary>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            using HttpRequestMessage request = make();
            bool isRepeatable = request.Method == HttpMethod.Get;
            HttpResponseMessage answer;
            try
            {
                answer = await WithinAsync(
                    patience => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience), cancellationToken);
            }
            catch (HttpRequestException failure) when (isRepeatable && attempt < MaxTries && IsPassing(failure))
            {
                await Task.Delay(Usual, TimeProvider.System, cancellationToken);
                continue;
            }

            if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.SeeOther)
            {
                return answer;
            }

            using (answer)
            {
                bool isPassing = answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable
                    || (isRepeatable && answer.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout);
                if (!isPassing || attempt == MaxTries)
                {
                    throw await RefusalAsync(answer, cancellationToken);
                }

                await Task.Delay(PauseOf(answer), TimeProvider.System, cancellationToken);
            }
        }
    }

    // Not a name that is unknown, a certificate that is wrong, or an address that the guard refuses.
    private static bool IsPassing(HttpRequestException failure) =>
        failure.HttpRequestError != HttpRequestError.NameResolutionError
        && failure.InnerException is SocketException or IOException or TimeoutException;

    // One step of a conversation: without a limit a server that falls silent would hold us for ever.
    private static async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> step, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            return await step(patience.Token);
        }
        catch (OperationCanceledException silence) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException("The server cannot be reached, or says nothing any more.", new TimeoutException(silence.Message, silence));
        }
    }

    /// <summary>Writes the body of an answer: bounded, and each piece in its time.</summary>
    public static async Task CopyBodyAsync(HttpResponseMessage answer, Stream output, CancellationToken cancellationToken)
    {
        await using Stream body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        byte[] buffer = new byte[1 << 16];
        long written = 0;
        int read;
        while ((read = await WithinAsync(patience => body.ReadAsync(buffer, patience).AsTask(), cancellationToken)) > 0)
        {
            if ((written += read) > MaxAnswerBytes)
            {
                throw Strange($"its answer has more than {MaxAnswerBytes >> 20} MiB");
            }

            await output.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    /// <summary>How long the app wants us to wait, within bounds.</summary>
    public static TimeSpan PauseOf(HttpResponseMessage answer)
    {
        TimeSpan asked = answer.Headers.RetryAfter?.Delta ?? Usual;
        return asked < TimeSpan.FromMilliseconds(200) ? TimeSpan.FromMilliseconds(200) : asked > Longest ? Longest : asked;
    }

    /// <summary>Where an answer leads, relative to the app: below its own address, or the token would go where an answer says.</summary>
    public string PathIn(HttpResponseMessage answer)
    {
        Uri home = http.BaseAddress!;
        if (answer.Headers.Location is not { } location)
        {
            throw Strange("it does not say where to ask on");
        }

        // The app may lie below a path; what it says begins at its own root.
        Uri target = location.IsAbsoluteUri ? location : new Uri(home, location.OriginalString.TrimStart('/'));
        return home.IsBaseOf(target) ? home.MakeRelativeUri(target).ToString() : throw Strange("it sends us elsewhere");
    }

    /// <summary>The body of an answer as JSON.</summary>
    public static async Task<JsonDocument> ReadJsonAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        await CopyBodyAsync(answer, body, cancellationToken);
        try
        {
            return JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length));
        }
        catch (JsonException)
        {
            throw Strange("its answer is no JSON");
        }
    }

    private static async Task<CommandException> RefusalAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        string status = ((int)answer.StatusCode).ToString(CultureInfo.InvariantCulture);
        string advice = answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized => $" Give a token by --token-file or {RemoteApp.TokenVariable}.",
            HttpStatusCode.Forbidden => " The token needs the role scan.",
            _ => "",
        };
        string message = "";
        try
        {
            using JsonDocument error = await ReadJsonAsync(answer, cancellationToken);
            message = error.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("message", out JsonElement said)
                && said.ValueKind == JsonValueKind.String
                ? said.GetString()!
                : "";
        }
        catch (Exception unreadable) when (unreadable is CommandException or HttpRequestException or IOException or InvalidOperationException)
        {
            // The status says enough.
        }

        string reason = message.Length > 0 ? $": {HostileText.Plain(message, MaxMessageCharacters)}" : ".";
        return new CommandException($"The server answered {status}{reason}{advice}");
    }

    /// <summary>That the app does not answer as it would.</summary>
    public static CommandException Strange(string what) => new($"The server does not answer as this app does: {what}. Is the address right?");

    public void Dispose() => http.Dispose();
}
