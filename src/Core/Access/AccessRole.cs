namespace ImageScan.Core.Access;

/// <summary>What a caller is; <see cref="AccessRoles"/> says what that lets him do.</summary>
public enum AccessRole
{
    /// <summary>Sees results.</summary>
    Read,

    /// <summary>Has images scanned.</summary>
    Scan,

    /// <summary>Asks that vulnerabilities be deferred or taken for false positives.</summary>
    Requester,

    /// <summary>Decides about that.</summary>
    Approver,

    /// <summary>Does all of it and changes how the app works.</summary>
    Admin,
}

/// <summary>What a caller may do.</summary>
[Flags]
public enum AccessRights
{
    None = 0,
    Read = 1,
    Scan = 2,
    Request = 4,
    Approve = 8,
    Admin = 16,
}

/// <summary>The rights of each role.</summary>
public static class AccessRoles
{
    public static AccessRights RightsOf(AccessRole role) => role switch
    {
        AccessRole.Read => AccessRights.Read,
        AccessRole.Scan => AccessRights.Read | AccessRights.Scan,
        AccessRole.Requester => AccessRights.Read | AccessRights.Request,
        AccessRole.Approver => AccessRights.Read | AccessRights.Request | AccessRights.Approve,
        AccessRole.Admin => AccessRights.Read | AccessRights.Scan | AccessRights.Request | AccessRights.Approve | AccessRights.Admin,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "No such role."),
    };

    /// <summary>The rights of all of them together.</summary>
    public static AccessRights RightsOf(IEnumerable<AccessRole> roles) =>
        roles.Aggregate(AccessRights.None, (rights, role) => rights | RightsOf(role));
}
