namespace ImageScan.Core.Images.Registries;

/// <summary>What proves who we are to one registry: a name with a password, or an identity token that is exchanged for access tokens.</summary>
public sealed record RegistryCredential(string Username, string Password, string IdentityToken = "")
{
    /// <summary>
    /// A token that the registry itself takes, sent as it is and exchanged for nothing (<c>registrytoken</c> of Docker's configuration,
    /// https://github.com/google/go-containerregistry/blob/main/pkg/authn/README.md); "" for none.
    /// </summary>
    public string RegistryToken { get; init; } = "";

    // A record would print its members into any log line that mentions it.
    public override string ToString() => "RegistryCredential";
}

/// <summary>
/// The credential for a registry (host as in image names, <c>docker.io</c> for Docker Hub) and a repository in it; null for anonymous access.
/// Asked only when the registry demands one and the settings have none.
/// </summary>
public delegate Task<RegistryCredential?> CredentialLookup(string registry, string repository, CancellationToken cancellationToken);
