using ImageScan.Core.Access;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

/// <summary>What roles allow in the words of StackRox: which resource may be read, and which written, as the operations ask for it.</summary>
public static class GrantedAccess
{
    // https://github.com/stackrox/stackrox/blob/4.5.0/pkg/defaults/accesscontrol/access_scope.go: roles here know no part of the images.
    private const string Unrestricted = "Unrestricted";

    /// <summary>What the roles together allow, in the order of the resources' names; what is not listed is not allowed.</summary>
    public static IReadOnlyDictionary<string, WireResourceAccess> Of(IEnumerable<AccessRole> roles)
    {
        AccessRights rights = AccessRoles.RightsOf(roles);
        var granted = new SortedDictionary<string, WireResourceAccess>(StringComparer.Ordinal);
        IEnumerable<Operation> allowed = Operations.All.Where(operation =>
            operation.Access != RequiredAccess.None && rights.HasFlag(RightsFor(operation.Access)));
        foreach (Operation operation in allowed)
        {
            WireResourceAccess needed = NeededBy(operation);
            if (granted.GetValueOrDefault(operation.Resource) < needed)
            {
                granted[operation.Resource] = needed;
            }
        }

        return granted;
    }

    /// <summary>What an operation needs of its resource.</summary>
    public static WireResourceAccess NeededBy(Operation operation) =>
        operation.Access == RequiredAccess.Read || operation.OnlyReads || (operation.Access == RequiredAccess.Admin && operation.Method == "GET")
            ? WireResourceAccess.ReadAccess
            : WireResourceAccess.ReadWriteAccess;

    /// <summary>The right that an operation needs.</summary>
    public static AccessRights RightsFor(RequiredAccess access) => access switch
    {
        RequiredAccess.None => AccessRights.None,
        RequiredAccess.Read => AccessRights.Read,
        RequiredAccess.Scan => AccessRights.Scan,
        RequiredAccess.Request => AccessRights.Request,
        RequiredAccess.Approve => AccessRights.Approve,
        _ => AccessRights.Admin,
    };

    /// <summary>
    /// Why somebody with the first roles may not give out the others, in the words of
    /// https://github.com/stackrox/stackrox/blob/4.5.0/central/apitoken/service/privilege_escalation.go; empty if they may.
    /// </summary>
    public static IReadOnlyList<string> Escalations(IEnumerable<AccessRole> own, IEnumerable<AccessRole> given)
    {
        IReadOnlyDictionary<string, WireResourceAccess> has = Of(own);
        var reasons = new List<string>();
        foreach (AccessRole role in given)
        {
            foreach ((string resource, WireResourceAccess wanted) in Of([role]))
            {
                WireResourceAccess held = has.GetValueOrDefault(resource);
                if (held < wanted)
                {
                    reasons.Add(
                        $"resource={resource}, access scope=\"{Unrestricted}\": requested access is {NameOf(wanted)}, when user access is {NameOf(held)}");
                }
            }
        }

        return reasons;
    }

    /// <summary>The name of an access on the wire.</summary>
    public static string NameOf(WireResourceAccess access) => access switch
    {
        WireResourceAccess.ReadAccess => "READ_ACCESS",
        WireResourceAccess.ReadWriteAccess => "READ_WRITE_ACCESS",
        _ => "NO_ACCESS",
    };
}
