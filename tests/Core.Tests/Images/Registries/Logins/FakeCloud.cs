using System.Net;
using System.Text;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;
using ImageScan.Core.Images.Registries.Logins;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Images.Registries.Logins;

/// <summary>Plays registries and the APIs of their clouds without a network, and the process that asks: its variables, files and identity of Azure.</summary>
internal sealed class FakeCloud(Func<CloudRequest, HttpResponseMessage> answer)
{
    /// <summary>The token of the identity of Azure: a JWT of the tenant <c>ours</c>.</summary>
    public static readonly string IdentityToken = Jwt("""{"tid":"ours","aud":"x"}""");

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 26, 12, 0, 0, TimeSpan.Zero));

    public List<CloudRequest> Requests { get; } = [];

    /// <summary>What its clients said to their log.</summary>
    public LogLines Log { get; } = new();

    /// <summary>Each token that the identity of Azure was asked for.</summary>
    public List<(AzureIdentity Identity, string Audience)> Identities { get; } = [];

    public Dictionary<string, string> Variables { get; } = [];

    public Dictionary<string, string> Files { get; } = [];

    /// <summary>Why the identity of Azure gives no token; null if it does.</summary>
    public RegistryException? NoIdentity { get; set; }

    public static string Jwt(string claims) => $"{Base64Url("""{"alg":"RS256"}""")}.{Base64Url(claims)}.c2lnbmF0dXJl";

    public static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Challenge(string challenge)
    {
        HttpResponseMessage response = Json("{}", HttpStatusCode.Unauthorized);
        response.Headers.TryAddWithoutValidation("WWW-Authenticate", challenge);
        return response;
    }

    public RegistryClient Client(IReadOnlyList<RegistrySettings> registries, IReadOnlyList<RegistryAccount>? accounts = null) => new(
        registries,
        new RegistryClientSettings { Retries = 0 },
        Time,
        credentials: null,
        rule => new Handler(this, rule),
        accounts is null ? null : (_, _, _) => Task.FromResult(accounts),
        Log,
        surroundings: new CloudSurroundings(
            name => Variables.GetValueOrDefault(name),
            (path, _) => Files.TryGetValue(path, out string? text) ? Task.FromResult(text) : throw new FileNotFoundException(),
            TokenAsync));

    /// <summary>Asks for the digest of an image.</summary>
    public static async Task ResolveAsync(RegistryClient client, string name)
    {
        Assert.True(ImageReference.TryParse(name, out ImageReference? reference, out _));
        await client.Open(reference).ResolveAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until so many requests of a kind were sent, also those that nobody waits for.</summary>
    public async Task UntilAsync(Func<CloudRequest, bool> isOne, int count)
    {
        while (Count(isOne) < count)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        Assert.Equal(count, Count(isOne));
    }

    private int Count(Func<CloudRequest, bool> isOne)
    {
        lock (Requests)
        {
            return Requests.Count(isOne);
        }
    }

    /// <summary>Asks for it by one entry of the settings.</summary>
    public Task ResolveAsync(RegistrySettings settings) => ResolveAsync(Client([settings]), $"{settings.Host}/n:1");

    private static string Base64Url(string text) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    private Task<string> TokenAsync(AzureIdentity identity, string audience, CancellationToken cancellationToken)
    {
        Identities.Add((identity, audience));
        return NoIdentity is null ? Task.FromResult(IdentityToken) : Task.FromException<string>(NoIdentity);
    }

    private sealed class Handler(FakeCloud cloud, AddressRule rule) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
            var headers = request.Headers.Concat(request.Content?.Headers.AsEnumerable() ?? [])
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
            var sent = new CloudRequest(request.Method.Method, request.RequestUri!, headers, body, rule);
            lock (cloud.Requests)
            {
                cloud.Requests.Add(sent);
            }

            return cloud.Answer(sent);
        }
    }

    private HttpResponseMessage Answer(CloudRequest request) => answer(request);
}

/// <summary>One request as it was sent.</summary>
internal sealed record CloudRequest(string Method, Uri Uri, IReadOnlyDictionary<string, string> Headers, string Body, AddressRule Rule)
{
    private static readonly byte[] Manifest = Encoding.UTF8.GetBytes("{}");

    /// <summary>Host and path.</summary>
    public string Place => $"{Uri.Authority}{Uri.AbsolutePath}";

    public string Authorization => Headers.GetValueOrDefault("Authorization", "");

    /// <summary>Fields of a form.</summary>
    public IReadOnlyDictionary<string, string> Form => Body.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(parts => parts[0], parts => Uri.UnescapeDataString(parts[1].Replace('+', ' ')));

    /// <summary>The answer to a HEAD for a manifest.</summary>
    public static HttpResponseMessage ManifestAnswer() => FakeRegistry.Manifest(Manifest);
}
