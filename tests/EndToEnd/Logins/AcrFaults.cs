using System.Text;
using Microsoft.AspNetCore.Http;

namespace ImageScan.EndToEnd.Logins;

/// <summary>
/// Makes a registry demand what Azure Container Registry demands: a token of Entra ID is exchanged at <c>/oauth2/exchange</c>, what comes of it at
/// <c>/oauth2/token</c> for a token of one repository (https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md).
/// </summary>
internal sealed class AcrFaults(string identityToken, string tenant)
{
    private readonly List<CloudRequest> _exchanges = [];
    private int _given;

    /// <summary>How long refresh tokens live.</summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromHours(3);

    /// <summary>Whether the identity has been given the role AcrPull.</summary>
    public bool HasRole { get; set; } = true;

    /// <summary>Where the exchange is sent on to; null for nowhere.</summary>
    public string? Redirect { get; set; }

    /// <summary>Where callers are sent for a token; null for the registry itself.</summary>
    public string? Realm { get; set; }

    /// <summary>Every exchange that was asked for.</summary>
    public IReadOnlyList<CloudRequest> Exchanges
    {
        get
        {
            lock (_exchanges)
            {
                return [.. _exchanges];
            }
        }
    }

    public async Task<bool> AnswerAsync(HttpContext context)
    {
        string host = context.Request.Host.ToString();
        switch (context.Request.Path.Value)
        {
            case "/oauth2/exchange":
                return await ExchangeAsync(context, await CloudRequest.OfAsync(context), host);
            case "/oauth2/token":
                CloudRequest request = await CloudRequest.OfAsync(context);
                bool isGiven = request.Form.GetValueOrDefault("refresh_token") == Refresh()
                    && request.Form["grant_type"] == "refresh_token" && request.Form["service"] == host;
                return isGiven ? await JsonAsync(context, $$"""{"access_token":"access {{request.Form["scope"]}}"}""".Replace(' ', '-')) : await RefuseAsync(context);
            default:
                string repository = context.Request.Path.Value!.Replace("/v2/", "", StringComparison.Ordinal).Split("/manifests/")[0].Split("/blobs/")[0];
                string scope = repository.Length > 0 ? $"repository:{repository}:pull" : "";
                bool isOpen = context.Request.Headers.Authorization.ToString() is var header
                    && (header == $"Bearer access-{scope}" || (repository.Length == 0 && header.StartsWith("Bearer access-", StringComparison.Ordinal)));
                if (!isOpen)
                {
                    context.Response.Headers.WWWAuthenticate =
                        $"Bearer realm=\"{Realm ?? $"http://{host}/oauth2/token"}\",service=\"{host}\"{(scope.Length > 0 ? $",scope=\"{scope}\"" : "")}";
                }

                return !isOpen && await RefuseAsync(context);
        }
    }

    /// <summary>The refresh token that was given last.</summary>
    private string Refresh() => Jwt($$"""{"jti":"{{_given}}","exp":{{(DateTimeOffset.UtcNow.Date - DateTime.UnixEpoch).TotalSeconds + 200_000}}}""");

    public static string Jwt(string claims) =>
        string.Join('.', ((string[])["{\"alg\":\"RS256\"}", claims, "signature"]).Select(part => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part))));

    private async Task<bool> ExchangeAsync(HttpContext context, CloudRequest request, string host)
    {
        lock (_exchanges)
        {
            _exchanges.Add(request);
        }

        if (Redirect is { } elsewhere)
        {
            context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
            context.Response.Headers.Location = elsewhere;
            return true;
        }

        bool isRight = HasRole
            && request.Method == "POST"
            && request.Form["grant_type"] == "access_token"
            && request.Form["service"] == host
            && request.Form["access_token"] == identityToken
            && request.Form.GetValueOrDefault("tenant", tenant) == tenant;
        if (!isRight)
        {
            return await RefuseAsync(context);
        }

        _given++;
        return await JsonAsync(context, $$"""{"refresh_token":"{{Refresh()}}"}""");
    }

    private static async Task<bool> RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return await JsonAsync(context, """{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}""");
    }

    private static async Task<bool> JsonAsync(HttpContext context, string json)
    {
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json, context.RequestAborted);
        return true;
    }
}
