using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
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

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly RemoteConversation _app;

    private RemoteApp(RemoteConversation app) => _app = app;

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
            MaxResponseContentBufferSize = RemoteConversation.MaxAnswerBytes,
        };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("imagescan", ScannerVersion.Product));
        return new RemoteApp(new RemoteConversation(http));
    }

    /// <summary>Has an image scanned, and returns the id of its result.</summary>
    public async Task<string> ScanAsync(ScanChoices choices, IProgress<ScanProgress>? progress, CancellationToken cancellationToken)
    {
        progress?.Report(new ScanProgress("asking"));
        string query = choices.Platform is { } platform ? $"?{QueryOf(platform)}" : "";
        using HttpResponseMessage answer = await _app.SendAsync(
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
            return await FollowAsync(_app.PathIn(answer), progress, cancellationToken);
        }

        using JsonDocument image = await RemoteConversation.ReadJsonAsync(answer, cancellationToken);
        return image.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("id", out JsonElement id)
            && id is { ValueKind: JsonValueKind.String }
            ? id.GetString()!
            : throw RemoteConversation.Strange("it names no image");
    }

    /// <summary>
    /// How a request says which image an id stands for: by its name, since what is decided goes by names, and by the platform, as an id may be an index's.
    /// </summary>
    public static string QueryOf(ScanChoices choices) =>
        $"name={Uri.EscapeDataString(choices.Image)}{(choices.Platform is { } platform ? $"&{QueryOf(platform)}" : "")}";

    /// <summary>A stored image in StackRox's form.</summary>
    public async Task<JsonDocument> ImageAsync(
        string id, ScanChoices choices, Suppressed suppressed, AnswerFields fields, CancellationToken cancellationToken)
    {
        string query = $"?includeSnoozed={(suppressed == Suppressed.Shown ? "true" : "false")}&{QueryOf(choices)}";
        string path = PathOf(id) + query;
        using HttpResponseMessage answer = await _app.SendAsync(() => RequestOf(path, fields), cancellationToken);
        return await RemoteConversation.ReadJsonAsync(answer, cancellationToken);
    }

    /// <summary>Writes the report of a stored image in a format; the query narrows it.</summary>
    public async Task WriteReportAsync(string id, string query, Stream output, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await _app.GetAsync($"{PathOf(id)}?{query}", cancellationToken);
        await RemoteConversation.CopyBodyAsync(answer, output, cancellationToken);
    }

    public void Dispose() => _app.Dispose();

    private static string QueryOf(Platform platform) => $"platform={Uri.EscapeDataString(platform.ToString())}";

    private static HttpRequestMessage RequestOf(string path, AnswerFields fields)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (fields == AnswerFields.All)
        {
            request.Headers.Add(AskedLevel.Header, "latest");
        }

        return request;
    }

    private static string PathOf(string id) =>
        Digest.TryParse(id, out Digest? digest) ? $"{ImagesPath}{digest}" : throw RemoteConversation.Strange("it names an image by what is no digest");

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
            using HttpResponseMessage answer = await _app.GetAsync(path, cancellationToken);
            using JsonDocument document = await RemoteConversation.ReadJsonAsync(answer, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.SeeOther)
            {
                string image = _app.PathIn(answer);
                return image.StartsWith(ImagesPath, StringComparison.Ordinal)
                    ? Uri.UnescapeDataString(image[ImagesPath.Length..].Split('?')[0])
                    : throw RemoteConversation.Strange("it sends us elsewhere");
            }

            RemoteJob job = RemoteJob.Of(document.RootElement);
            if (job.Failure is { } failure)
            {
                throw new CommandException($"The server could not scan it: {failure}");
            }

            progress?.Report(job.Progress);
            await Task.Delay(RemoteConversation.PauseOf(answer), TimeProvider.System, cancellationToken);
        }
    }
}

/// <summary>Whether what was decided about is wanted, too.</summary>
internal enum Suppressed
{
    LeftOut,
    Shown,
}

/// <summary>Which fields an answer is to have.</summary>
internal enum AnswerFields
{
    /// <summary>Those of the level that the app's setting says.</summary>
    AsSet,

    /// <summary>Also those of later levels, EPSS and KEV among them.</summary>
    All,
}
