using System.Text;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Local.Credentials;

/// <summary>
/// One file of credentials: Docker's config.json or podman's auth.json
/// (https://github.com/containers/image/blob/main/docs/containers-auth.json.5.md).
/// </summary>
internal sealed class DockerConfig
{
    /// <summary>The key that Docker has always used for Docker Hub, also towards its helpers.</summary>
    public const string DockerHubKey = $"https://{DockerHub.LegacyName}/v1/";

    private readonly Dictionary<string, RegistryCredential> _accounts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _helpers = new(StringComparer.OrdinalIgnoreCase);

    private DockerConfig(string store)
    {
        Store = store;
    }

    /// <summary>The suffix of the helper that keeps all credentials; "" if there is none.</summary>
    public string Store { get; }

    /// <summary>Reads the file's text. Throws <see cref="JsonException"/> if it is no JSON object.</summary>
    public static DockerConfig Parse(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException("it is no JSON object");
        }

        var config = new DockerConfig(Text(root, "credsStore"));
        foreach (JsonProperty account in Members(root, "auths"))
        {
            if (AccountOf(account.Value) is { } credential)
            {
                config._accounts.TryAdd(Normalize(account.Name), credential);
            }
        }

        foreach (JsonProperty helper in Members(root, "credHelpers"))
        {
            if (helper.Value.ValueKind == JsonValueKind.String)
            {
                config._helpers.TryAdd(Normalize(helper.Name), helper.Value.GetString()!);
            }
        }

        return config;
    }

    /// <summary>The suffix of the registry's own helper; null if it has none.</summary>
    public string? HelperFor(string registry) => _helpers.GetValueOrDefault(registry);

    /// <summary>The account for the repository: that of the longest path that leads to it, at last that of the registry; null without one.</summary>
    public RegistryCredential? AccountFor(string registry, string repository)
    {
        for (string key = $"{registry}/{repository}"; ; key = key[..key.LastIndexOf('/')])
        {
            if (_accounts.TryGetValue(key, out RegistryCredential? credential))
            {
                return credential;
            }

            if (!key.Contains('/'))
            {
                return null;
            }
        }
    }

    // Old clients wrote whole addresses: https://ghcr.io/v1/ is ghcr.io, and Docker Hub is docker.io in image names.
    private static string Normalize(string key)
    {
        int scheme = key.IndexOf("://", StringComparison.Ordinal);
        string bare = (scheme < 0 ? key : key[(scheme + 3)..]).TrimEnd('/');
        bare = bare.EndsWith("/v1", StringComparison.Ordinal) || bare.EndsWith("/v2", StringComparison.Ordinal) ? bare[..^3] : bare;
        string host = bare.Split('/', 2)[0];
        return DockerHub.IsAlias(host) ? $"{DockerHub.Name}{bare[host.Length..]}" : bare;
    }

    private static RegistryCredential? AccountOf(JsonElement account)
    {
        if (account.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        (string username, string password) = (Text(account, "username"), Text(account, "password"));
        byte[] decoded = new byte[Text(account, "auth").Length];
        if (Convert.TryFromBase64String(Text(account, "auth"), decoded, out int length) && length > 0)
        {
            // Some writers pad the text with NULs.
            string[] pair = Encoding.UTF8.GetString(decoded, 0, length).TrimEnd('\0').Split(':', 2);
            (username, password) = pair.Length == 2 ? (pair[0], pair[1]) : (username, password);
        }

        string identityToken = Text(account, "identitytoken");
        return username.Length > 0 || identityToken.Length > 0 ? new RegistryCredential(username, password, identityToken) : null;
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.String ? member.GetString()! : "";

    private static JsonElement.ObjectEnumerator Members(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement member) && member.ValueKind == JsonValueKind.Object ? member.EnumerateObject() : default;
}
