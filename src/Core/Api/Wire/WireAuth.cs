using System.Text.Json.Serialization;

namespace ImageScan.Core.Api.Wire;

/// <summary>
/// <c>v1.AuthStatus</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/api/v1/auth_service.proto), for callers that are no service of a
/// StackRox: of the oneof <c>id</c> the user's is set.
/// </summary>
public sealed record WireAuthStatus
{
    public string UserId { get; init; } = "";

    public DateTimeOffset? Expires { get; init; }

    public string RefreshUrl { get; init; } = "";

    /// <summary>Always null: callers are configured here, not logged in by a provider.</summary>
    public WireAuthProvider? AuthProvider { get; init; }

    public WireUserInfo? UserInfo { get; init; }

    public IReadOnlyList<WireUserTrait> UserAttributes { get; init; } = [];

    public string IdpToken { get; init; } = "";
}

/// <summary><c>storage.AuthProvider</c>, of which there is none.</summary>
public sealed record WireAuthProvider;

/// <summary><c>v1.UserAttribute</c>.</summary>
public sealed record WireUserTrait(string Key, IReadOnlyList<string> Values);

/// <summary><c>storage.UserInfo</c> (https://github.com/stackrox/stackrox/blob/4.5.0/proto/storage/user.proto).</summary>
public sealed record WireUserInfo
{
    public string Username { get; init; } = "";

    public string FriendlyName { get; init; } = "";

    public WirePermissions? Permissions { get; init; }

    public IReadOnlyList<WireUserRole> Roles { get; init; } = [];
}

/// <summary><c>storage.UserInfo.ResourceToAccess</c>, and <c>v1.GetPermissionsResponse</c>, which has the same form.</summary>
public sealed record WirePermissions(IReadOnlyDictionary<string, WireResourceAccess> ResourceToAccess);

/// <summary><c>storage.UserInfo.Role</c>.</summary>
public sealed record WireUserRole(string Name, IReadOnlyDictionary<string, WireResourceAccess> ResourceToAccess);

/// <summary><c>storage.Access</c>; each includes the one before.</summary>
[JsonConverter(typeof(ProtoEnumConverter<WireResourceAccess>))]
public enum WireResourceAccess
{
    NoAccess,
    ReadAccess,
    ReadWriteAccess,
}

/// <summary><c>v1.ExchangeAuthMachineToMachineTokenResponse</c>.</summary>
public sealed record WireExchangedToken(string AccessToken);
