using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ImageScan.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageScan.EndToEnd.Registry;

/// <summary>
/// A token server on loopback as the reference registry believes it: JWTs of a certificate that it knows
/// (https://distribution.github.io/distribution/spec/auth/jwt/), for one person alone.
/// </summary>
internal sealed class RegistryTokenServer : IAsyncDisposable
{
    public const string User = "ci";
    public const string Password = "a password of tests";

    private const string Service = "registry of tests";
    private const string Issuer = "token server of tests";

    private readonly RSA _key = RSA.Create(2_048);
    private readonly X509Certificate2 _certificate;
    private readonly WebApplication _app;
    private int _given;

    private RegistryTokenServer(WebApplication app)
    {
        _app = app;
        var request = new CertificateRequest("CN=token server of tests", _key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        app.MapGet("/token", AnswerAsync);
    }

    /// <summary>Host and port.</summary>
    public string Host => new Uri(_app.Urls.Single()).Authority;

    /// <summary>How many tokens it has given out.</summary>
    public int Given => _given;

    public static async Task<RegistryTokenServer> StartAsync(CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var server = new RegistryTokenServer(builder.Build());
        await server._app.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>The part of a registry's configuration that makes it believe this server; writes its certificate into the folder.</summary>
    public string WriteConfiguration(string folder)
    {
        string bundle = Path.Combine(folder, "tokens.pem");
        File.WriteAllText(bundle, _certificate.ExportCertificatePem());
        return $"""
            auth:
              token:
                realm: {_app.Urls.Single()}/token
                service: {Service}
                issuer: {Issuer}
                rootcertbundle: {bundle}

            """;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
        _key.Dispose();
    }

    private Task AnswerAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization != "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}")))
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return context.Response.WriteAsJsonAsync(new { errors = new[] { new { code = "UNAUTHORIZED", message = "not the one" } } });
        }

        Interlocked.Increment(ref _given);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        string token = new OidcKey("", _key).Token(
            new()
            {
                ["iss"] = Issuer,
                ["aud"] = Service,
                ["sub"] = User,
                ["iat"] = now.ToUnixTimeSeconds(),
                ["nbf"] = now.AddMinutes(-1).ToUnixTimeSeconds(),
                ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
                ["jti"] = $"{Guid.NewGuid():n}",
                ["access"] = context.Request.Query["scope"].Select(scope => AccessOf(scope!)).ToArray(),
            },
            header: new() { ["alg"] = "RS256", ["typ"] = "JWT", ["x5c"] = new[] { Convert.ToBase64String(_certificate.RawData) } });
        return context.Response.WriteAsJsonAsync(new { token, expires_in = 300 });
    }

    // repository:name:pull,push
    private static object AccessOf(string scope)
    {
        string[] parts = scope.Split(':');
        return new { type = parts[0], name = parts[1], actions = parts[^1].Split(',') };
    }
}
