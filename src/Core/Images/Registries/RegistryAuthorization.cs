using System.Net.Http.Headers;

namespace ImageScan.Core.Images.Registries;

/// <summary>What opens a repository.</summary>
/// <param name="header">The header to send.</param>
/// <param name="isOfLogin">Whether it was got with a login although others may come in without one.</param>
internal sealed class RegistryAuthorization(AuthenticationHeaderValue header, bool isOfLogin)
{
    public AuthenticationHeaderValue Header => header;

    public bool IsOfLogin => isOfLogin;
}
