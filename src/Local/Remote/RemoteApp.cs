using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using ImageScan.Core.Api;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Scans;
using ImageScan.Local.Commands;

namespace ImageScan.Local.Remote;

/// <summary>
/// A deployed app, asked over its API. Its answers are hostile: they are bounded, and nothing in them sends the token anywhere else. Every method
/// throws <see cref="CommandException"/> for what the app says, and <see cref="HttpRequestException"/> where it cannot be reached.
/// </summary>
internal sealed class RemoteApp : IDisposable
{
    public const string ServerOption = "--server";
    public const string ServerVariable = "IMAGESCAN_SERVER";
    public const string TokenVariable = "IMAGESCAN_TOKEN";

    private const string ImagesPath = "v1/images/";
    private const int MaxTokenBytes = 16_384;
    private const int MaxHeaderKibibytes = 64;
    private const int MaxMessageCharacters = 1_000;
    private const long MaxAnswerBytes = 256L << 20;
    private const int MaxTries = 5;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    // From asking to the headers of an answer, and from one piece of its body to the next.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(100);
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;

    private RemoteApp(HttpClient http) => _http = http;

    /// <summary>Where the app is; null if no text is given. Throws <see cref="CommandException"/> for what is no address that a token may be sent to.</summary>
    /// <param name="text">The address.</param>
    /// <param name="saidBy">What gives it, for the message.</param>
    public static Uri? AddressOf(string? text, string saidBy = ServerOption)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return null;
        }

        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out Uri? address)
            || (address.Scheme != Uri.UriSchemeHttps && !(address.Scheme == Uri.UriSchemeHttp && address.IsLoopback))
            || address.UserInfo.Length > 0 || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            throw new CommandException($"{saidBy} must be an address such as https://scanner.example.com; http:// is for this machine only.");
        }

        return new Uri(address.AbsoluteUri.TrimEnd('/') + "/");
    }

    /// <summary>
    /// The token of the options, or of the environment; null if there is none. Throws <see cref="CommandException"/>, which never quotes it, for what can
    /// be none.
    /// </summary>
    public static string? TokenOf(string? given, string? path)
    {
        if (given is not null && path is not null)
        {
            throw new CommandException("--token and --token-file say the same; give one of them.");
        }

        string? token = (path is null ? given ?? Environment.GetEnvironmentVariable(TokenVariable) : ReadToken(path))?.Trim();
        if (string.IsNullOrEmpty(token))
        {
            return path is null ? null : throw new CommandException("The file of --token-file is empty.");
        }

        return token.All(letter => letter is > ' ' and < '\u007f') ? token : throw new CommandException("The token has characters that no token has.");
    }

    /// <summary>The app at an address.</summary>
    public static RemoteApp Open(Uri address, string? token)
    {
        var guard = new AddressGuard(AddressGuard.ResolveBySystemAsync, ConnectTimeout);
        // Without TLS a name that says it is this machine must be it.
        AddressRule rule = address.Scheme == Uri.UriSchemeHttps ? AddressRule.Any : AddressRule.Loopback;
        var http = new HttpClient(guard.HandlerFor(rule, MaxHeaderKibibytes))
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("imagescan", ScannerVersion.Product));
        return new RemoteApp(http);
    }

    /// <summary>Has an image scanned, and returns the id of its result.</summary>
    public async Task<string> ScanAsync(ScanChoices choices, IProgress<ScanProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new ScanProgress("asking"));
        string query = choices.Platform is { } platform ? $"?{QueryOf(platform)}" : "";
        using HttpResponseMessage answer = await SendAsync(
            () =>
            {
                var request = new HttpRequestMessage(HttpMethod.Post, Routes.ScanImage + query)
                {
                    Content = JsonContent.Create(new { imageName = choices.Image, force = choices.Force }),
                };
                // A small image is done by then, and its answer needs no second look.
                request.Headers.Add("Prefer", "respond-async, wait=2");
                return request;
            },
            cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Accepted)
        {
            return await FollowAsync(PathIn(answer), progress, cancellationToken);
        }

        using JsonDocument image = await ReadJsonAsync(answer, cancellationToken);
        return image.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("id", out JsonElement id)
            && id is { ValueKind: JsonValueKind.String }
            ? id.GetString()!
            : throw Strange("it names no image");
    }

    /// <summary>How a request says which image of an index is meant; an id may be an index's.</summary>
    public static string QueryOf(Platform platform) => $"platform={Uri.EscapeDataString(platform.ToString())}";

    /// <summary>A stored image in StackRox's form.</summary>
    public async Task<JsonDocument> ImageAsync(string id, Platform? platform, Suppressed suppressed, CancellationToken cancellationToken)
    {
        string snoozed = suppressed == Suppressed.Shown ? "true" : "false";
        string query = $"?includeSnoozed={snoozed}{(platform is null ? "" : $"&{QueryOf(platform)}")}";
        using HttpResponseMessage answer = await GetAsync(PathOf(id) + query, cancellationToken);
        return await ReadJsonAsync(answer, cancellationToken);
    }

    /// <summary>Writes the report of a stored image in a format; the query narrows it.</summary>
    public async Task WriteReportAsync(string id, string query, Stream output, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await GetAsync($"{PathOf(id)}?{query}", cancellationToken);
        await CopyBodyAsync(answer, output, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private static string PathOf(string id) =>
        Digest.TryParse(id, out Digest? digest) ? $"{ImagesPath}{digest}" : throw Strange("it names an image by what is no digest");

    private static string ReadToken(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[MaxTokenBytes + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length <= MaxTokenBytes
            ? System.Text.Encoding.UTF8.GetString(bytes, 0, length)
            : throw new CommandException("The file of --token-file is too long for a token.");
    }

    private async Task<string> FollowAsync(string path, IProgress<ScanProgress>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            using HttpResponseMessage answer = await GetAsync(path, cancellationToken);
            using JsonDocument document = await ReadJsonAsync(answer, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.SeeOther)
            {
                string image = PathIn(answer);
                return image.StartsWith(ImagesPath, StringComparison.Ordinal)
                    ? Uri.UnescapeDataString(image[ImagesPath.Length..].Split('?')[0])
                    : throw Strange("it sends us elsewhere");
            }

            RemoteJob job = RemoteJob.Of(document.RootElement);
            if (job.Failure is { } failure)
            {
                throw new CommandException($"The server could not scan it: {failure}");
            }

            progress?.Report(job.Progress);
            await Task.Delay(PauseOf(answer), TimeProvider.System, cancellationToken);
        }
    }

    private Task<HttpResponseMessage> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    // What is too much now, or not there for a moment, is asked once more, after a gateway's word or a broken connection only what changes nothing;
    // everything else that is no success is said.
    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> make, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            using HttpRequestMessage request = make();
            bool isRepeatable = request.Method == HttpMethod.Get;
            HttpResponseMessage answer;
            try
            {
                answer = await WithinAsync(
                    patience => _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience), cancellationToken);
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

    // Bounded, and each piece in its time.
    private static async Task CopyBodyAsync(HttpResponseMessage answer, Stream output, CancellationToken cancellationToken)
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

    private static TimeSpan PauseOf(HttpResponseMessage answer)
    {
        TimeSpan asked = answer.Headers.RetryAfter?.Delta ?? Usual;
        return asked < TimeSpan.FromMilliseconds(200) ? TimeSpan.FromMilliseconds(200) : asked > Longest ? Longest : asked;
    }

    // Below our own address, or the token would go where an answer says.
    private string PathIn(HttpResponseMessage answer)
    {
        Uri home = _http.BaseAddress!;
        if (answer.Headers.Location is not { } location)
        {
            throw Strange("it does not say where to ask on");
        }

        // The app may lie below a path; what it says begins at its own root.
        Uri target = location.IsAbsoluteUri ? location : new Uri(home, location.OriginalString.TrimStart('/'));
        return home.IsBaseOf(target) ? home.MakeRelativeUri(target).ToString() : throw Strange("it sends us elsewhere");
    }

    private static async Task<JsonDocument> ReadJsonAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
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
            HttpStatusCode.Unauthorized => $" Give a token by --token-file or {TokenVariable}.",
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

    private static CommandException Strange(string what) => new($"The server does not answer as this app does: {what}. Is the address right?");
}

/// <summary>Whether what was decided about is wanted, too.</summary>
internal enum Suppressed
{
    LeftOut,
    Shown,
}
