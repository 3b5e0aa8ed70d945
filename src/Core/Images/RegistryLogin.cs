namespace ImageScan.Core.Images;

/// <summary>What proves who we are at a registry.</summary>
public enum RegistryLogin
{
    /// <summary>A user name with a password; without them nothing does.</summary>
    Password,

    /// <summary>An identity of Azure, at Azure Container Registry.</summary>
    Azure,

    /// <summary>Keys or a role of AWS, at Amazon ECR.</summary>
    Aws,

    /// <summary>A credential configuration of Google Cloud, at Artifact Registry.</summary>
    Google,
}
