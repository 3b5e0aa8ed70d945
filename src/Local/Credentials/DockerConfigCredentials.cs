using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Local.Credentials;

/// <summary>
/// The credentials that <c>docker login</c> or <c>podman login</c> left on this machine. Only for the command line, or where the operator
/// asked for it: an API that uses its host's own logins would lend them to every caller.
/// </summary>
/// <param name="files">Where to look, in order; the first that knows the registry answers.</param>
/// <param name="helper">How helpers are asked.</param>
/// <param name="warn">Told, in a sentence, of a file or helper that could not be used; the registry is then asked anonymously.</param>
public sealed class DockerConfigCredentials(IReadOnlyList<string> files, CredentialHelper helper, Action<string> warn)
{
    /// <summary>
    /// Looks where Docker and podman do: <c>$DOCKER_CONFIG/config.json</c> or <c>~/.docker/config.json</c>, then <c>$REGISTRY_AUTH_FILE</c>,
    /// <c>$XDG_RUNTIME_DIR/containers/auth.json</c>, <c>~/.config/containers/auth.json</c>, and at last the <c>~/.dockercfg</c> of old.
    /// </summary>
    /// <param name="variable">The value of an environment variable; null if it is not set.</param>
    /// <param name="home">The user's home folder.</param>
    /// <param name="warn">Told of what could not be used.</param>
    public static DockerConfigCredentials ForUser(Func<string, string?> variable, string home, Action<string> warn)
    {
        List<string> files = [Path.Combine(NonEmpty(variable("DOCKER_CONFIG")) ?? Path.Combine(home, ".docker"), "config.json")];
        if (NonEmpty(variable("REGISTRY_AUTH_FILE")) is string named)
        {
            files.Add(named);
        }

        if (NonEmpty(variable("XDG_RUNTIME_DIR")) is string runtime)
        {
            files.Add(Path.Combine(runtime, "containers", "auth.json"));
        }

        files.Add(Path.Combine(NonEmpty(variable("XDG_CONFIG_HOME")) ?? Path.Combine(home, ".config"), "containers", "auth.json"));
        files.Add(Path.Combine(home, ".dockercfg"));
        return new DockerConfigCredentials(files, new CredentialHelper(variable("PATH") ?? "", TimeSpan.FromSeconds(30)), warn);
    }

    /// <summary>The credential for the repository; null if there is none. Fits <see cref="CredentialLookup"/>.</summary>
    public async Task<RegistryCredential?> FindAsync(string registry, string repository, CancellationToken cancellationToken)
    {
        foreach (string file in files)
        {
            if (await ReadAsync(file, cancellationToken) is { } config
                && await FindInAsync(config, registry, repository, cancellationToken) is { } credential)
            {
                return credential;
            }
        }

        return null;
    }

    private async Task<LoginFile?> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            if (!File.Exists(file))
            {
                return null;
            }

            if (new FileInfo(file).Length > LoginFile.MaxBytes)
            {
                warn($"{file} is longer than {LoginFile.MaxBytes} bytes and was not read.");
                return null;
            }

            return LoginFile.Parse(await File.ReadAllBytesAsync(file, cancellationToken));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            // Of a JSON error only the place is told: the text around it may be a password.
            warn($"{file} could not be read{(e is JsonException json ? $" (line {json.LineNumber + 1})" : "")}; its credentials were not used.");
            return null;
        }
    }

    // A registry's own helper stands before the general one, and both before what is written in the file, as in Docker.
    private async Task<RegistryCredential?> FindInAsync(LoginFile config, string registry, string repository, CancellationToken cancellationToken)
    {
        string suffix = config.HelperFor(registry) ?? config.Store;
        if (suffix.Length > 0)
        {
            try
            {
                string server = registry == DockerHub.Name ? LoginFile.DockerHubKey : registry;
                if (await helper.GetAsync(suffix, server, cancellationToken) is { } kept)
                {
                    return kept;
                }
            }
            catch (CredentialHelperException e)
            {
                warn($"{e.Message} Its credential for {registry} was not used.");
            }
        }

        return config.LoginFor(registry, repository);
    }

    private static string? NonEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
