using ImageScan.Core.Images;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>The registries that a webhook may speak for.</summary>
internal sealed class WebhookRegistries
{
    private readonly HashSet<string> _hosts;

    /// <summary>Throws <see cref="SettingException"/>, naming the setting, for a host that cannot be one.</summary>
    /// <param name="provider">The webhook.</param>
    /// <param name="settings">What the operator says of it.</param>
    public WebhookRegistries(IWebhookProvider provider, WebhookSettings settings)
    {
        string[] listed = settings.Registries.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (listed.FirstOrDefault(host => !IsHost(host)) is { } wrong)
        {
            throw new SettingException(
                $"Webhooks__{provider.Name}__Registries has {HostileText.Quote(wrong)}; each must be a host with an optional port, as in image names.");
        }

        string[] hosts = listed.Length == 0 && provider.Registry.Length > 0 ? [provider.Registry] : listed;
        _hosts = [.. hosts.Select(PlainOf)];
        Only = _hosts.Count == 1 ? _hosts.First() : null;
    }

    /// <summary>The one there is, for events that do not say of which registry they are; null if there is none, or several.</summary>
    public string? Only { get; }

    public bool IsEmpty => _hosts.Count == 0;

    /// <summary>The host as in image names if the webhook may speak for it; null if not. An event without a host is of the only registry.</summary>
    public string? Find(string host)
    {
        string plain = host.Length == 0 ? Only ?? "" : PlainOf(host);
        return _hosts.Contains(plain) ? plain : null;
    }

    public override string ToString() => string.Join(", ", _hosts.Order(StringComparer.Ordinal));

    // Hosts know no case, 443 is what is meant without a port, and Docker Hub has several names.
    private static string PlainOf(string host)
    {
        string plain = host.ToLowerInvariant();
        plain = plain.EndsWith(":443", StringComparison.Ordinal) ? plain[..^":443".Length] : plain;
        return DockerHub.IsAlias(plain) ? DockerHub.Name : plain;
    }

    private static bool IsHost(string text) =>
        !text.Contains('/') && ImageReference.TryParse($"{text.ToLowerInvariant()}/image", out ImageReference? image, out _)
        && (image.Registry == PlainOf(text) || image.Registry.Equals(text, StringComparison.OrdinalIgnoreCase));
}
