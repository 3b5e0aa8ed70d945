using System.Net.Http.Headers;

namespace ImageScan.Core.Images.Registries;

/// <summary>What opens a repository.</summary>
/// <param name="header">The header to send.</param>
/// <param name="challenge">What it answers.</param>
/// <param name="credential">What it was got with; null for nothing.</param>
internal sealed class RegistryAuthorization(AuthenticationHeaderValue header, RegistryChallenge challenge, RegistryCredential? credential)
{
    public AuthenticationHeaderValue Header => header;

    public RegistryChallenge Challenge => challenge;

    public RegistryCredential? Credential => credential;

    /// <summary>
    /// Whether it was got with a login although others may come in without one: who demands Basic of somebody without a login lets nobody in.
    /// </summary>
    public bool IsOfLogin => credential is not null && challenge.Scheme == ChallengeScheme.Bearer;
}
