using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using ImageScan.Core.Api.Webhooks;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>
/// The app with every kind of webhook set up, as it is deployed and without a worker; a registry with the image that all tell of; and an issuer of
/// tokens that stands for Google, Entra ID and whoever else.
/// </summary>
internal sealed class SenderLab : IAsyncDisposable
{
    public const string Audience = "https://imagescan.example.com/v1/webhooks";
    public const string Subject = "113774264463038321964";
    public const string Email = "imagescan@shop.iam.gserviceaccount.com";

    private SenderLab(OidcServer issuer, TestRegistry registry, TokenServer server)
    {
        Issuer = issuer;
        Registry = registry;
        Server = server;
    }

    public static MadeImage Image { get; } = TestImages.OfNpm("lodash@4.17.20");

    public OidcServer Issuer { get; }

    public TestRegistry Registry { get; }

    public TokenServer Server { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<SenderLab> StartAsync(SharedAzurite azurite)
    {
        TestRegistry registry = await TestRegistry.StartAsync(Token);
        registry.Push("shop/cart", "1.4.2", Image);
        OidcServer issuer = await OidcServer.StartAsync(Token);
        string registries = $"{registry.Host},123456789012.dkr.ecr.eu-central-1.amazonaws.com";
        TokenServer server = await TokenServer.StartAsync(
            azurite,
            [
                ("Storage:Prefix", ScanApp.NewPrefix()),
                ("Registries:0:Host", registry.Host),
                ("Registries:0:Insecure", "true"),
                ("Registries:1:Host", "docker.io"),
                ("Registries:1:Mirrors", registry.Host),
                ("RegistryClient:Retries", "0"),
                .. WebhookProviders.All.SelectMany(provider => SettingsOf(provider, registries, issuer.Issuer)),
            ]);
        return new SenderLab(issuer, registry, server);
    }

    public static string SecretOf(string provider) => $"the secret of {provider} in these tests";

    /// <summary>A request without a proof.</summary>
    public HttpRequestMessage Request(SentWebhook sent) => Request(sent, "");

    /// <summary>A request with a secret in its path.</summary>
    public HttpRequestMessage Request(SentWebhook sent, string pathSecret)
    {
        string path = $"/v1/webhooks/{sent.Provider}" + (pathSecret.Length > 0 ? $"/{Uri.EscapeDataString(pathSecret)}" : "");
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Body(sent)) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(sent.ContentType);
        request.Headers.UserAgent.ParseAdd(sent.UserAgent);
        foreach ((string name, string value) in sent.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>A request with something in the header Authorization.</summary>
    public HttpRequestMessage RequestWith(SentWebhook sent, string authorization)
    {
        HttpRequestMessage request = Request(sent);
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        return request;
    }

    /// <summary>A signed request.</summary>
    /// <param name="sent">What is sent.</param>
    /// <param name="secret">What it is signed with.</param>
    /// <param name="body">What is signed, if not what is sent.</param>
    public HttpRequestMessage Signed(SentWebhook sent, string secret, byte[]? body = null)
    {
        IWebhookProvider provider = WebhookProviders.All.Single(one => one.Name == sent.Provider);
        HttpRequestMessage request = Request(sent);
        string time = provider.TimestampHeader.Length > 0 ? $"{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}" : "";
        byte[] signed = [.. Encoding.UTF8.GetBytes(time.Length > 0 ? $"{time}." : ""), .. body ?? Body(sent)];
        string mac = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), signed));
        request.Headers.Add(provider.SignatureHeader, sent.Provider == "artifactory" ? mac : $"sha256={mac}");
        if (time.Length > 0)
        {
            request.Headers.Add(provider.TimestampHeader, time);
        }

        return request;
    }

    /// <summary>A request with a token of the issuer, its claims as they should be or changed.</summary>
    public HttpRequestMessage WithToken(SentWebhook sent, Action<Dictionary<string, object?>>? change = null, OidcServer? issuer = null, OidcKey? key = null)
    {
        issuer ??= Issuer;
        Dictionary<string, object?> claims = issuer.Claims(DateTimeOffset.UtcNow, Subject);
        claims["aud"] = Audience;
        claims["email"] = Email;
        claims["email_verified"] = true;
        change?.Invoke(claims);
        return RequestWith(sent, $"Bearer {(key ?? issuer.Keys[^1]).Token(claims)}");
    }

    /// <summary>A request that is right, by one way of proof.</summary>
    public HttpRequestMessage Proven(SentWebhook sent, WebhookProof proof) => proof switch
    {
        WebhookProof.Header => RequestWith(sent, $"Bearer {SecretOf(sent.Provider)}"),
        WebhookProof.Path => Request(sent, SecretOf(sent.Provider)),
        WebhookProof.Signature => Signed(sent, SecretOf(sent.Provider)),
        WebhookProof.Jwt => WithToken(sent),
        _ => throw new ArgumentOutOfRangeException(nameof(proof)),
    };

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Issuer.DisposeAsync();
        await Registry.DisposeAsync();
    }

    private byte[] Body(SentWebhook sent) => Encoding.UTF8.GetBytes(sent.Body(Registry.Host, $"{Image.Manifest.Digest}"));

    private static IEnumerable<(string Name, string Value)> SettingsOf(IWebhookProvider provider, string registries, string issuer)
    {
        string section = $"Webhooks:{provider.Name}";
        if (provider.Registry.Length == 0)
        {
            // Of events that do not say where they are from there must be one registry alone.
            yield return ($"{section}:Registries", provider.Name == "artifactory" ? registries.Split(',')[0] : registries);
        }

        if ((provider.Proof & ~WebhookProof.Jwt) != WebhookProof.None)
        {
            yield return ($"{section}:Secret", SecretOf(provider.Name));
        }

        if (provider.Proof.HasFlag(WebhookProof.Jwt))
        {
            yield return ($"{section}:Issuers:0:Issuer", issuer);
            yield return ($"{section}:Issuers:0:Audience", Audience);
            yield return ($"{section}:Issuers:0:Subject", Subject);
            yield return ($"{section}:Issuers:0:Claim", "email");
            yield return ($"{section}:Issuers:0:ClaimValue", Email);
            yield return ($"{section}:Issuers:0:AllowPrivateAddress", "true");
        }
    }
}
