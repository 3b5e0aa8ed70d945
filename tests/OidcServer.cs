using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageScan.TestSupport;

/// <summary>
/// An issuer of JWTs on this machine: a discovery document, the keys it leads to, and tokens, all made by hand, so that they may also be wrong.
/// </summary>
internal sealed class OidcServer : IAsyncDisposable
{
    public const string Audience = "api://imagescan";

    private readonly WebApplication _app;
    private int _documentsGiven;
    private int _keysGiven;

    private OidcServer(WebApplication app)
    {
        _app = app;
        app.MapGet("/.well-known/openid-configuration", AnswerDiscoveryAsync);
        app.MapGet("/keys", AnswerKeysAsync);
    }

    public string Issuer => _app.Urls.Single();

    /// <summary>What it signs with now, and says so.</summary>
    public List<OidcKey> Keys { get; } = [OidcKey.Rsa("first")];

    /// <summary>Answers 503 to everything.</summary>
    public bool IsBroken { get; set; }

    /// <summary>What its discovery document says instead of the issuer.</summary>
    public string? ClaimedIssuer { get; set; }

    /// <summary>Where its discovery document says that the keys are.</summary>
    public string? KeysAddress { get; set; }

    /// <summary>Its keys as a document that may be anything.</summary>
    public string? KeysDocument { get; set; }

    public int DocumentsGiven => _documentsGiven;

    public int KeysGiven => _keysGiven;

    public static async Task<OidcServer> StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new OidcServer(builder.Build());
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>The claims of a token that is good, by a clock.</summary>
    public Dictionary<string, object?> Claims(DateTimeOffset now, string subject = "repo:octo/app:ref:refs/heads/main") => new()
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["sub"] = subject,
        ["iat"] = now.ToUnixTimeSeconds(),
        ["nbf"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
    };

    /// <summary>A token with these claims, signed with the newest key.</summary>
    public string Token(Dictionary<string, object?> claims, string algorithm = "RS256") => Keys[^1].Token(claims, algorithm);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerDiscoveryAsync(HttpContext context)
    {
        Interlocked.Increment(ref _documentsGiven);
        return AnswerAsync(context, JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["issuer"] = ClaimedIssuer ?? Issuer,
            ["jwks_uri"] = KeysAddress ?? $"{Issuer}/keys",
            ["id_token_signing_alg_values_supported"] = new[] { "RS256", "HS256", "none" },
        }));
    }

    private Task AnswerKeysAsync(HttpContext context)
    {
        Interlocked.Increment(ref _keysGiven);
        return AnswerAsync(context, KeysDocument ?? $"{{\"keys\":[{string.Join(',', Keys.Select(key => key.Json))}]}}");
    }

    private Task AnswerAsync(HttpContext context, string json)
    {
        context.Response.StatusCode = IsBroken ? 503 : 200;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(IsBroken ? "" : json);
    }
}

/// <summary>One key of an issuer.</summary>
internal sealed class OidcKey(string id, AsymmetricAlgorithm key)
{
    public string Json => key switch
    {
        RSA rsa => JsonOf("RSA", ("n", rsa.ExportParameters(false).Modulus!), ("e", rsa.ExportParameters(false).Exponent!)),
        ECDsa ec => JsonOf("EC", ("x", ec.ExportParameters(false).Q.X!), ("y", ec.ExportParameters(false).Q.Y!)),
        _ => throw new NotSupportedException(),
    };

    public static OidcKey Rsa(string id, int bits = 2_048) => new(id, RSA.Create(bits));

    public static OidcKey Ec(string id, ECCurve curve) => new(id, ECDsa.Create(curve));

    public string Token(Dictionary<string, object?> claims, string algorithm = "RS256", Dictionary<string, object?>? header = null)
    {
        string text = $"{Encoded(header ?? new() { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = id })}.{Encoded(claims)}";
        return $"{text}.{Base64Url.EncodeToString(Sign(Encoding.ASCII.GetBytes(text), algorithm))}";
    }

    /// <summary>The same key under another id.</summary>
    public OidcKey As(string id) => new(id, key);

    /// <summary>The public key as an attacker would take it for the secret of an HMAC.</summary>
    public byte[] PublicKey => Encoding.ASCII.GetBytes(((RSA)key).ExportSubjectPublicKeyInfoPem());

    public static string Encoded(Dictionary<string, object?> part) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(part));

    private byte[] Sign(byte[] data, string algorithm)
    {
        HashAlgorithmName hash = algorithm[2..] switch
        {
            "384" => HashAlgorithmName.SHA384,
            "512" => HashAlgorithmName.SHA512,
            _ => HashAlgorithmName.SHA256,
        };
        return key switch
        {
            RSA rsa => rsa.SignData(data, hash, algorithm[0] == 'P' ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
            ECDsa ec => ec.SignData(data, hash),
            _ => throw new NotSupportedException(),
        };
    }

    private string JsonOf(string type, params (string Name, byte[] Value)[] parameters)
    {
        string curve = key is ECDsa ec ? string.Create(CultureInfo.InvariantCulture, $",\"crv\":\"P-{ec.KeySize}\"") : "";
        string values = string.Concat(parameters.Select(parameter => $",\"{parameter.Name}\":\"{Base64Url.EncodeToString(parameter.Value)}\""));
        return $"{{\"kty\":\"{type}\",\"use\":\"sig\",\"kid\":\"{id}\"{curve}{values}}}";
    }
}
