namespace ImageScan.Core.Access;

/// <summary>
/// What a caller is let do; a caller may have several. StackRox comes with roles of the same meaning
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/role/datastore/defaults.go).
/// </summary>
public enum AccessRole
{
    /// <summary>See results: StackRox's Analyst.</summary>
    Read,

    /// <summary>Have images scanned, for pipelines: Continuous Integration.</summary>
    Scan,

    /// <summary>Ask for exceptions, which others decide about: Vulnerability Management Requester.</summary>
    Requester,

    /// <summary>Decide which vulnerabilities are not shown: Vulnerability Management Approver, who here may ask, too.</summary>
    Approver,

    /// <summary>Everything: Admin.</summary>
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

/// <summary>What roles are called and what they allow.</summary>
public static class AccessRoles
{
    // What StackRox calls them, which is what its clients send and show.
    private static readonly (AccessRole Role, string Name)[] Names =
    [
        (AccessRole.Admin, "Admin"),
        (AccessRole.Read, "Analyst"),
        (AccessRole.Scan, "Continuous Integration"),
        (AccessRole.Approver, "Vulnerability Management Approver"),
        (AccessRole.Requester, "Vulnerability Management Requester"),
    ];

    /// <summary>All roles, in the order of their names.</summary>
    public static IReadOnlyList<AccessRole> All { get; } = [.. Names.Select(named => named.Role)];

    /// <summary>The rights of a role.</summary>
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

    /// <summary>StackRox's name of a role.</summary>
    public static string NameOf(AccessRole role) => Array.Find(Names, named => named.Role == role).Name;

    /// <summary>The role of that name: StackRox's as it is written there, ours in any case; null if there is none.</summary>
    public static AccessRole? Named(string name)
    {
        foreach ((AccessRole role, string known) in Names)
        {
            if (name == known || name.Equals($"{role}", StringComparison.OrdinalIgnoreCase))
            {
                return role;
            }
        }

        return null;
    }
}
