using ImageScan.Core.Notifications.Sinks;

namespace ImageScan.Core.Tests.Notifications;

public sealed class EventGridIdentityTests
{
    private const string Variable = "AZURE_CLIENT_ID";

    // An app that has a user-assigned identity alone gets no token of the system's.
    [Fact]
    public void IsTheOneOfTheEnvironmentWhereNoneIsNamed()
    {
        Environment.SetEnvironmentVariable(Variable, "22222222-2222-2222-2222-222222222222");
        try
        {
            Assert.Equal("22222222-2222-2222-2222-222222222222", EventGridIdentity.OptionsOf("").ManagedIdentityClientId);
            Assert.Equal("another", EventGridIdentity.OptionsOf("another").ManagedIdentityClientId);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Variable, null);
        }
    }
}
