namespace ImageScan.Core.Api.Wire;

/// <summary><c>storage.TokenMetadata</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/api_token.proto).</summary>
public sealed record WireApiToken
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public IReadOnlyList<string> Roles { get; init; } = [];

    public DateTimeOffset? IssuedAt { get; init; }

    public DateTimeOffset? Expiration { get; init; }

    public bool Revoked { get; init; }

    /// <summary>The role where there is only one.</summary>
    public string Role { get; init; } = "";
}

/// <summary><c>v1.GetAPITokensResponse</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/api_token_service.proto).</summary>
public sealed record WireApiTokens(IReadOnlyList<WireApiToken> Tokens);

/// <summary><c>v1.GenerateTokenResponse</c>.</summary>
public sealed record WireGeneratedToken(string Token, WireApiToken Metadata);

/// <summary><c>v1.ListAllowedTokenRolesResponse</c>.</summary>
public sealed record WireAllowedRoles(IReadOnlyList<string> RoleNames);
