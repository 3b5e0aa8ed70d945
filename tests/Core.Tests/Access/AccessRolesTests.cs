using ImageScan.Core.Access;

namespace ImageScan.Core.Tests.Access;

public sealed class AccessRolesTests
{
    // Names: https://github.com/stackrox/stackrox/blob/4.5.0/pkg/defaults/accesscontrol/role.go
    [Theory]
    [InlineData("Analyst", AccessRole.Read)]
    [InlineData("Continuous Integration", AccessRole.Scan)]
    [InlineData("Vulnerability Management Requester", AccessRole.Requester)]
    [InlineData("Vulnerability Management Approver", AccessRole.Approver)]
    [InlineData("Admin", AccessRole.Admin)]
    public void HaveTheNamesOfStackRoxAndOurOwn(string name, AccessRole role)
    {
        Assert.Equal(name, AccessRoles.NameOf(role));
        Assert.Equal(role, AccessRoles.Named(name));
        Assert.Equal(role, AccessRoles.Named($"{role}".ToUpperInvariant()));
        Assert.Equal(role, AccessRoles.Named($"{role}".ToLowerInvariant()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("None")]
    [InlineData("analyst")]
    [InlineData("0")]
    [InlineData("Sensor Creator")]
    public void HaveNoOtherNames(string name) => Assert.Null(AccessRoles.Named(name));

    [Fact]
    public void AreAllListed() => Assert.Equal(Enum.GetValues<AccessRole>().Order(), AccessRoles.All.Order());

    [Fact]
    public void AddUp()
    {
        Assert.Equal(AccessRights.Read | AccessRights.Scan | AccessRights.Request, AccessRoles.RightsOf([AccessRole.Scan, AccessRole.Requester]));
        Assert.Equal(AccessRights.None, AccessRoles.RightsOf([]));
    }
}
