namespace ImageScan.Core.Images;

/// <summary>Docker Hub, which answers to more than one name.</summary>
public static class DockerHub
{
    /// <summary>The registry in full image names; what names without a registry mean.</summary>
    public const string Name = "docker.io";

    /// <summary>Where its API lives.</summary>
    public const string ApiHost = "registry-1.docker.io";

    /// <summary>
    /// Its name of old, still in the key of its logins (legacyDefaultDomain of
    /// https://github.com/distribution/reference/blob/main/normalize.go).
    /// </summary>
    public const string LegacyName = "index.docker.io";

    /// <summary>Whether a host of settings or logins is Docker Hub under another name than that of images.</summary>
    public static bool IsAlias(string host) => host is LegacyName or ApiHost;
}
