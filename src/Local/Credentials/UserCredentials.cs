using ImageScan.Core.Images.Registries;
using ImageScan.Local.Output;

namespace ImageScan.Local.Credentials;

/// <summary>The docker and podman credentials of whoever runs this program.</summary>
internal static class UserCredentials
{
    /// <summary>Looks them up when a registry asks; what cannot be read is said on stderr.</summary>
    public static CredentialLookup Lookup() => DockerConfigCredentials.ForUser(
        Environment.GetEnvironmentVariable, Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), Terminal.Say).FindAsync;
}
