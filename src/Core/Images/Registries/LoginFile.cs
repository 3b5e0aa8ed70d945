using System.IO.Enumeration;
using System.Text;
using System.Text.Json;

namespace ImageScan.Core.Images.Registries;

/// <summary>
/// One file of logins: Docker's config.json (https://docs.docker.com/reference/cli/docker/login/), podman's auth.json
/// (https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md), or what a pull secret of Kubernetes holds, a
/// <c>.dockerconfigjson</c> or an old <c>.dockercfg</c> (https://kubernetes.io/docs/concepts/containers/images/#config-json).
/// </summary>
public sealed class LoginFile
{
    /// <summary>The key that Docker has always used for Docker Hub, also towards its helpers.</summary>
    public const string DockerHubKey = $"https://{DockerHub.LegacyName}/v1/";

    /// <summary>The longest file that is read.</summary>
    public const int MaxBytes = 1024 * 1024;

    private readonly Dictionary<string, string> _helpers = new(StringComparer.OrdinalIgnoreCase);
    private readonly IReadOnlyList<Login> _logins;

    private LoginFile(string store, IEnumerable<Login> logins)
    {
        Store = store;

        // The longest path first; then a host that is written out before a pattern, and the longer pattern. Of two that are the same the first stands.
        _logins =
        [
            .. logins.OrderByDescending(login => login.Path.Length).ThenBy(login => login.IsPattern).ThenByDescending(login => login.Host.Length),
        ];
    }

    /// <summary>The suffix of the helper that keeps all logins; "" if there is none.</summary>
    public string Store { get; }

    /// <summary>Whether programs have to be asked for some of the logins.</summary>
    public bool HasHelpers => Store.Length > 0 || _helpers.Count > 0;

    /// <summary>Reads the file's text. Throws <see cref="JsonException"/> if it is no JSON object.</summary>
    public static LoginFile Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("it is no JSON object");
        }

        // A .dockercfg has no "auths": the hosts are its members.
        JsonElement auths = root.Member("auths");
        JsonElement keys = auths.ValueKind == JsonValueKind.Undefined ? root : auths;
        var file = new LoginFile(root.Member("credsStore").Text() ?? "", keys.Members().Select(LoginIn).OfType<Login>());
        foreach (JsonProperty helper in root.Member("credHelpers").Members())
        {
            // Keys are hosts (https://docs.docker.com/reference/cli/docker/login/#credential-helpers): one with a path is not meant for all of its host.
            if (helper.NameText() is { } key && helper.Value.Text() is { Length: > 0 } suffix && Split(key) is (var host, ""))
            {
                file._helpers.TryAdd(host, suffix);
            }
        }

        return file;
    }

    /// <summary>The suffix of the registry's own helper; null if it has none.</summary>
    public string? HelperFor(string registry) => _helpers.GetValueOrDefault(registry);

    /// <summary>
    /// The login for a repository: that of the longest path that leads to it, at last that of the registry; null without one. In a host
    /// <c>*</c> and <c>?</c> stand for characters of one label, and ports must be the same, as in Kubernetes
    /// (https://kubernetes.io/docs/concepts/containers/images/#config-json). A path counts by whole parts, as podman has it, where Kubernetes
    /// would also give the login of <c>/team</c> to <c>/teammate</c>.
    /// </summary>
    public RegistryCredential? LoginFor(string registry, string repository) =>
        _logins.FirstOrDefault(login => IsFor(login, registry) && IsWithin(repository, login.Path))?.Credential;

    private static bool IsWithin(string repository, string path) =>
        path.Length == 0 || repository == path || (repository.StartsWith(path, StringComparison.Ordinal) && repository[path.Length] == '/');

    private static bool IsFor(Login login, string registry)
    {
        if (!login.IsPattern)
        {
            return string.Equals(login.Host, registry, StringComparison.OrdinalIgnoreCase);
        }

        (string pattern, string port) = Ported(login.Host);
        (string host, string itsPort) = Ported(registry);
        string[] patterns = pattern.Split('.');
        string[] labels = host.Split('.');
        return port == itsPort
            && patterns.Length == labels.Length
            && patterns.Zip(labels).All(pair => FileSystemName.MatchesSimpleExpression(pair.First, pair.Second, ignoreCase: true));
    }

    private static (string Host, string Port) Ported(string host)
    {
        int colon = host.LastIndexOf(':');
        return colon > host.LastIndexOf(']') ? (host[..colon], host[(colon + 1)..]) : (host, "");
    }

    // Old clients wrote whole addresses: https://ghcr.io/v1/ is ghcr.io, and Docker Hub is docker.io in image names. What Kubernetes takes off
    // is said in https://github.com/kubernetes/kubernetes/blob/v1.34.0/pkg/credentialprovider/keyring.go (Add).
    private static (string Host, string Path) Split(string key)
    {
        int scheme = key.IndexOf("://", StringComparison.Ordinal);
        string[] parts = (scheme < 0 ? key : key[(scheme + 3)..]).Split('/', 2);
        string path = parts.Length == 2 ? parts[1].Trim('/') : "";
        bool hasVersion = path.StartsWith("v1/", StringComparison.Ordinal) || path.StartsWith("v2/", StringComparison.Ordinal);
        path = path is "v1" or "v2" ? "" : hasVersion ? path[3..] : path;
        return (DockerHub.IsAlias(parts[0]) ? DockerHub.Name : parts[0], path);
    }

    private static Login? LoginIn(JsonProperty entry)
    {
        if (entry.NameText() is not { } key || CredentialIn(entry.Value) is not { } credential)
        {
            return null;
        }

        (string host, string path) = Split(key);
        return host.Length > 0 ? new Login(host, path, credential) : null;
    }

    private static RegistryCredential? CredentialIn(JsonElement entry)
    {
        (string username, string password) = (TextOf(entry, "username"), TextOf(entry, "password"));
        string auth = TextOf(entry, "auth");
        byte[] decoded = new byte[auth.Length];
        if (Convert.TryFromBase64String(auth, decoded, out int length) && length > 0)
        {
            // Some writers pad the text with NULs.
            string[] pair = Encoding.UTF8.GetString(decoded, 0, length).TrimEnd('\0').Split(':', 2);
            (username, password) = pair.Length == 2 ? (pair[0], pair[1]) : (username, password);
        }

        string identityToken = TextOf(entry, "identitytoken");
        string registryToken = TextOf(entry, "registrytoken");
        registryToken = registryToken.All(c => c is > ' ' and < '\x7f') ? registryToken : "";
        return username.Length > 0 || identityToken.Length > 0 || registryToken.Length > 0
            ? new RegistryCredential(username, password, identityToken) { RegistryToken = registryToken }
            : null;
    }

    private static string TextOf(JsonElement entry, string name) => entry.Member(name).Text() ?? "";

    private sealed record Login(string Host, string Path, RegistryCredential Credential)
    {
        public bool IsPattern { get; } = Host.AsSpan().ContainsAny('*', '?');
    }
}
