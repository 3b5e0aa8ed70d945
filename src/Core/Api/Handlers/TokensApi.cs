using ImageScan.Core.Access;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace ImageScan.Core.Api.Handlers;

/// <summary>
/// Gives out tokens and takes them back, as StackRox's APITokenService does
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/apitoken/service/service_impl.go). Its error classes add themselves to the end of a
/// message.
/// </summary>
public sealed class TokensApi(ApiTokens tokens, TimeProvider time) : IApiHandlers
{
    // Our own bound; StackRox has none.
    private const int MaxNameCharacters = 256;

    public IReadOnlyDictionary<Operation, ApiHandler> Handlers => new Dictionary<Operation, ApiHandler>
    {
        [Operations.ListApiTokens] = ListAsync,
        [Operations.GetApiToken] = GetAsync,
        [Operations.GenerateApiToken] = GenerateAsync,
        [Operations.RevokeApiToken] = RevokeAsync,
        [Operations.ListAllowedTokenRoles] = (context, _) => Task.FromResult(AllowedRoles(context)),
    };

    private static AccessDecision CallerOf(HttpContext context) => context.Features.GetRequiredFeature<AccessDecision>();

    private static string IdOf(HttpContext context) => context.GetRouteValue("id") as string ?? "";

    private static ApiException Wrong(string message) => new(GrpcCode.InvalidArgument, $"{message}: invalid arguments");

    private async Task<ApiResult> ListAsync(HttpContext context, CancellationToken cancellationToken)
    {
        ListApiTokensRequest request = ListApiTokensRequest.Read(context.Request.Query);
        IReadOnlyList<ApiToken> all = await tokens.ListAsync(cancellationToken);
        return ApiResult.Json(new WireApiTokens([.. all.Where(token => (request.Revoked ?? token.IsRevoked) == token.IsRevoked).Select(Wire)]));
    }

    private async Task<ApiResult> GetAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string id = IdOf(context);
        ApiToken? token = Guid.TryParseExact(id, "D", out Guid known) ? await tokens.WithIdAsync(known, cancellationToken) : null;
        return token is null ? throw Wrong($"token with id '{id}' does not exist") : ApiResult.Json(Wire(token));
    }

    private async Task<ApiResult> GenerateAsync(HttpContext context, CancellationToken cancellationToken)
    {
        GenerateTokenRequest request = await GenerateTokenRequest.ReadAsync(context.Request, cancellationToken);
        if (request.Name.Length is 0 or > MaxNameCharacters)
        {
            throw Wrong(request.Name.Length == 0 ? "token name cannot be empty" : $"token name cannot be longer than {MaxNameCharacters} characters");
        }

        IReadOnlyList<AccessRole> roles = RolesOf(request);
        if (GrantedAccess.Escalations(CallerOf(context).Roles, roles) is [_, ..] escalations)
        {
            throw new ApiException(GrpcCode.PermissionDenied, $"not authorized: {Refusals.ListOf(escalations)}");
        }

        if (request.Expiration < time.GetUtcNow())
        {
            throw new ApiException(GrpcCode.InvalidArgument, "Expiration date cannot be in the past");
        }

        (string text, ApiToken token) = await tokens.GenerateAsync(request.Name, roles, request.Expiration, cancellationToken);
        AuditNotes.Add(context, $"token {token.Id} {HostileText.Quote(token.Name)} with {string.Join(", ", token.Roles)} until {token.ExpiresAt:u}");
        return ApiResult.Json(new WireGeneratedToken(text, Wire(token)));
    }

    private static List<AccessRole> RolesOf(GenerateTokenRequest request)
    {
        if (request.Role.Length > 0 && request.Roles.Count > 0)
        {
            throw Wrong("must use either role or roles, but not both");
        }

        IReadOnlyList<string> names = request.Role.Length > 0 ? [request.Role] : request.Roles;
        if (names.Where(name => AccessRoles.Named(name) is null).ToArray() is [_, ..] unknown)
        {
            throw Wrong($"role(s) {string.Join(',', unknown)} don't exist");
        }

        // StackRox gives out a token without a role, by which nobody comes in.
        return names.Count > 0 ? [.. names.Select(AccessRoles.Named).OfType<AccessRole>().Distinct()] : throw Wrong("token needs a role");
    }

    // StackRox gives it no class here, so code 13: but it is the caller's error, and a client that retries on 500 would ask for ever.
    private async Task<ApiResult> RevokeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        string id = IdOf(context);
        AuditNotes.Add(context, $"token {id}");
        return Guid.TryParseExact(id, "D", out Guid known) && await tokens.RevokeAsync(known, cancellationToken)
            ? ApiResult.Json(new WireEmpty())
            : throw new ApiException(GrpcCode.NotFound, $"token with id '{id}' does not exist");
    }

    private static ApiResult AllowedRoles(HttpContext context)
    {
        IReadOnlyList<AccessRole> own = CallerOf(context).Roles;
        IEnumerable<string> allowed = AccessRoles.All.Where(role => GrantedAccess.Escalations(own, [role]).Count == 0).Select(AccessRoles.NameOf);
        return ApiResult.Json(new WireAllowedRoles([.. allowed.Order(StringComparer.Ordinal)]));
    }

    private static WireApiToken Wire(ApiToken token) => new()
    {
        Id = token.Id.ToString(),
        Name = token.Name,
        Roles = token.Roles,
        IssuedAt = token.IssuedAt,
        Expiration = token.ExpiresAt,
        Revoked = token.IsRevoked,
        Role = token.Roles is [var only] ? only : "",
    };
}
