namespace ImageScan.EndToEnd.Registry;

/// <summary>How a <see cref="DockerRegistry"/> is set up; as it comes unless told otherwise.</summary>
public sealed record DockerRegistrySetup
{
    /// <summary>The port of 127.0.0.1 that it listens on; 0 for any.</summary>
    public int Port { get; init; }

    /// <summary>Where it tells of what happens in it, in the form of its own documentation; null to tell nobody.</summary>
    public Uri? TellsTo { get; init; }

    /// <summary>What it proves itself with there: <c>Authorization: Bearer</c>.</summary>
    public string Secret { get; init; } = "";

    /// <summary>The people it lets in, as in a file of htpasswd; "" to let in everybody.</summary>
    public string Users { get; init; } = "";

    /// <summary>What it shows and wants to be shown; null for plain http.</summary>
    public DockerRegistryTls? Tls { get; init; }

    /// <summary>Who gives out the tokens that it takes; null if it takes none.</summary>
    internal RegistryTokenServer? Tokens { get; init; }

    /// <summary>Its configuration (https://distribution.github.io/distribution/about/configuration/).</summary>
    /// <param name="folder">Where its data and its files lie.</param>
    public string ConfigurationIn(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "htpasswd"), $"{Users}\n");
        string configuration = $"""
            version: 0.1
            storage:
              filesystem:
                rootdirectory: {Path.Combine(folder, "data")}
              delete:
                enabled: true
            http:
              addr: 127.0.0.1:{Port}

            """;
        return configuration + Encryption() + Notifications() + Authentication(folder);
    }

    private string Encryption() => Tls is null ? "" : $"""
          tls:
            certificate: {Tls.Certificate}
            key: {Tls.Key}
            clientcas: [{Tls.ClientAuthority}]

        """;

    private string Notifications() => TellsTo is null ? "" : $"""
        notifications:
          endpoints:
            - name: imagescan
              url: {TellsTo}
              headers:
                Authorization: [Bearer {Secret}]
              timeout: 5s
              threshold: 3
              backoff: 500ms

        """;

    private string Authentication(string folder) => Tokens?.WriteConfiguration(folder) ?? (Users.Length == 0 ? "" : $"""
        auth:
          htpasswd:
            realm: test
            path: {Path.Combine(folder, "htpasswd")}

        """);
}

/// <summary>Files in PEM of a registry that lets nobody in without a certificate.</summary>
/// <param name="Certificate">Its own.</param>
/// <param name="Key">The key of it.</param>
/// <param name="ClientAuthority">Who must have signed those of its clients.</param>
public sealed record DockerRegistryTls(string Certificate, string Key, string ClientAuthority);
