using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using Microsoft.AspNetCore.Http;

namespace ImageScan.EndToEnd.Logins;

/// <summary>
/// A registry that demands what Azure Container Registry demands, and a process that has what App Service gives one: an address to ask for tokens of
/// its identity (https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference).
/// </summary>
public sealed class AzureLoginTests : IAsyncLifetime
{
    private const string Tenant = "409520d4-8100-4d1d-ad47-72432ddcc120";
    private const string Client = "8f6d5d3e-1111-2222-3333-444455556666";
    private const string HeaderSecret = "853b9a84-5bfa-4b22-a3f3-0b9a43d9ad8a";

    private static readonly string IdentityToken = AcrFaults.Jwt($$"""{"tid":"{{Tenant}}","aud":"https://containerregistry.azure.net"}""");

    private readonly AcrFaults _acr = new(IdentityToken, Tenant);
    private TestRegistry _registry = null!;
    private TestRegistry _other = null!;
    private CloudServer _identity = null!;
    private string _image = "";

    public async ValueTask InitializeAsync()
    {
        _registry = await TestRegistry.StartAsync(TestContext.Current.CancellationToken);
        _other = await TestRegistry.StartAsync(TestContext.Current.CancellationToken);
        _image = _registry.Push("team/image", "1", TestImages.OfNpm("left-pad@1.3.0"));
        _registry.Misbehave((context, _) => _acr.AnswerAsync(context));
        _identity = await CloudServer.StartAsync(async (request, context) =>
        {
            bool isOurs = request.Header("X-IDENTITY-HEADER") == HeaderSecret;
            context.Response.StatusCode = isOurs ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized;
            context.Response.ContentType = "application/json";
            string end = $"{DateTimeOffset.UtcNow.AddHours(8).ToUnixTimeSeconds()}";
            await context.Response.WriteAsync(isOurs
                ? $$"""{"access_token":"{{IdentityToken}}","expires_on":"{{end}}","resource":"https://containerregistry.azure.net","token_type":"Bearer","client_id":"{{Client}}"}"""
                : """{"statusCode":401,"message":"Unauthorized"}""");
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _registry.DisposeAsync();
        await _other.DisposeAsync();
        await _identity.DisposeAsync();
    }

    private async Task<(int ExitCode, string Output, string Error)> ScanAsync(string image, params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>
        {
            ["IDENTITY_ENDPOINT"] = $"{_identity.Address}msi/token",
            ["IDENTITY_HEADER"] = HeaderSecret,

            // Of all that DefaultAzureCredential looks at, the one that a deployed app has.
            ["AZURE_TOKEN_CREDENTIALS"] = "ManagedIdentityCredential",
            ["RegistryClient__Retries"] = "0",
            ["Registries__0__Host"] = _registry.Host,
            ["Registries__0__Insecure"] = "true",
            ["Registries__0__Login"] = "Azure",
            ["Registries__1__Host"] = _other.Host,
            ["Registries__1__Insecure"] = "true",
        };
        foreach ((string name, string value) in more)
        {
            settings[name] = value;
        }

        return await CommandProcess.RunAsync(settings, "scan", image, "--format", "json");
    }

    private void AssertNothingWentElsewhere()
    {
        Assert.All(_other.Requests, request => Assert.Equal("", request.Authorization));
        Assert.DoesNotContain(_other.Requests, request => request.Path.Contains("oauth2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ReadsAnImageWithTheIdentityOfTheApp()
    {
        (int exitCode, string output, string error) = await ScanAsync(_image, ("Registries__0__ClientId", Client), ("Registries__0__TenantId", Tenant));

        Assert.True(exitCode == 0, error);
        Assert.Contains("left-pad", output, StringComparison.Ordinal);
        CloudRequest asked = Assert.Single(_identity.Requests);
        Assert.Contains("resource=https://containerregistry.azure.net", Uri.UnescapeDataString(asked.Query), StringComparison.Ordinal);
        Assert.Contains($"client_id={Client}", asked.Query, StringComparison.Ordinal);

        // One exchange for manifest, configuration and layers; what it gave was exchanged for a token of the repository.
        Assert.Single(_acr.Exchanges);
        Assert.Contains(_registry.Requests, request => request.Authorization == "Bearer access-repository:team/image:pull");
        Assert.DoesNotContain(IdentityToken, output + error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysWhichRoleIsMissing()
    {
        _acr.HasRole = false;

        (int exitCode, _, string error) = await ScanAsync(_image);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("exchanged no token of the identity: 401 UNAUTHORIZED (Registries__0__ClientId says which identity", error, StringComparison.Ordinal);
        Assert.Contains("AcrPull", error, StringComparison.Ordinal);
        Assert.DoesNotContain(IdentityToken, error, StringComparison.Ordinal);
        Assert.Single(_acr.Exchanges);
    }

    [Fact]
    public async Task RefusesAWrongTenantBeforeItSendsAnything()
    {
        (int exitCode, _, string error) = await ScanAsync(_image, ("Registries__0__TenantId", "11111111-2222-3333-4444-555555555555"));

        Assert.NotEqual(0, exitCode);
        Assert.Contains($"the identity is of the tenant {Tenant}", error, StringComparison.Ordinal);
        Assert.Empty(_acr.Exchanges);
    }

    [Fact]
    public async Task SaysThatThereIsNoIdentity()
    {
        (int exitCode, _, string error) = await ScanAsync(_image, ("IDENTITY_HEADER", "wrong"));

        Assert.NotEqual(0, exitCode);
        Assert.Contains("this app's identity of Azure gave no token for https://containerregistry.azure.net", error, StringComparison.Ordinal);
        Assert.Empty(_acr.Exchanges);
    }

    [Fact]
    public async Task SendsTheTokenNowhereElse()
    {
        _acr.Redirect = $"http://{_other.Host}/oauth2/exchange";
        (int redirected, _, string error) = await ScanAsync(_image);
        _acr.Redirect = null;
        _acr.Realm = $"http://{_other.Host}/oauth2/token";
        (int sentForAToken, _, string errorOfRealm) = await ScanAsync(_image);

        Assert.True(redirected != 0 && sentForAToken != 0);
        Assert.Contains("redirects, which is not followed with an identity's token", error, StringComparison.Ordinal);
        Assert.Contains("what its cloud gave us goes to the registry itself only", errorOfRealm, StringComparison.Ordinal);
        AssertNothingWentElsewhere();
    }

    [Fact]
    public async Task LogsInNowhereElse()
    {
        string other = _other.Push("team/image", "1", TestImages.OfNpm("left-pad@1.3.0"));
        var foreign = new AcrFaults(IdentityToken, Tenant);
        _other.Misbehave((context, _) => foreign.AnswerAsync(context));

        (int exitCode, _, _) = await ScanAsync(other);

        Assert.NotEqual(0, exitCode);
        Assert.Empty(_identity.Requests);
        Assert.Empty(foreign.Exchanges);
    }
}
