using System.Net;
using System.Text.Json;
using ImageScan.TestSupport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageScan.EndToEnd.Actions;

/// <summary>
/// Gives a job its JWT as GitHub and Azure DevOps do
/// (https://docs.github.com/actions/reference/openid-connect-reference#methods-for-requesting-the-oidc-token,
/// https://learn.microsoft.com/rest/api/azure/devops/distributedtask/oidctoken/create).
/// </summary>
internal sealed class JobTokens : IAsyncDisposable
{
    /// <summary>What a job must come with.</summary>
    public const string RequestToken = "the-jobs-own-request-token";

    private readonly WebApplication _app;
    private readonly OidcServer _issuer;

    private JobTokens(WebApplication app, OidcServer issuer)
    {
        _app = app;
        _issuer = issuer;
        app.MapGet("/github", (HttpContext context) => AnswerAsync(context, "value", context.Request.Query["audience"].ToString()));
        app.MapPost("/azure", (HttpContext context) => AnswerAsync(
            context, "oidcToken", context.Request.Query["serviceConnectionId"] == "connection 1" ? OidcServer.Audience : "api://nobody"));
    }

    /// <summary>As <c>ACTIONS_ID_TOKEN_REQUEST_URL</c>, which ends with a parameter.</summary>
    public string GitHubAddress => $"{_app.Urls.Single()}/github?api-version=2.0";

    /// <summary>As <c>SYSTEM_OIDCREQUESTURI</c>.</summary>
    public string AzureAddress => $"{_app.Urls.Single()}/azure";

    /// <summary>Whose jobs these are.</summary>
    public string Subject { get; set; } = "repo:octo/app:ref:refs/heads/main";

    public static async Task<JobTokens> StartAsync(OidcServer issuer, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var tokens = new JobTokens(builder.Build(), issuer);
        await tokens._app.StartAsync(cancellationToken);
        return tokens;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private Task AnswerAsync(HttpContext context, string field, string audience)
    {
        if (context.Request.Headers.Authorization != $"Bearer {RequestToken}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }

        Dictionary<string, object?> claims = _issuer.Claims(DateTimeOffset.UtcNow, Subject);
        claims["aud"] = audience;
        return context.Response.WriteAsync(JsonSerializer.Serialize(new Dictionary<string, object> { [field] = _issuer.Token(claims) }));
    }
}
