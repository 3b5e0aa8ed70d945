using ImageScan.Core.Access.Issuers;
using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>The webhooks as the settings have them, by their names in the route.</summary>
public sealed class WebhookSources : IDisposable
{
    private readonly Dictionary<string, WebhookSource> _sources = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<IssuerTokens> _issuers = [];

    /// <summary>Throws <see cref="SettingException"/> or <see cref="FormatException"/>, naming the setting, for one that cannot be.</summary>
    public WebhookSources(
        IReadOnlyList<IWebhookProvider> providers,
        IReadOnlyDictionary<string, WebhookSettings> settings,
        WebhookLimits limits,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        ILogger logger = loggers.CreateLogger<WebhookSources>();
        var replays = new WebhookReplays(TimeSpan.FromSeconds(limits.ReplaySeconds), time);
        foreach (IWebhookProvider provider in providers)
        {
            WebhookSettings own = settings.GetValueOrDefault(provider.Name, new WebhookSettings());
            var issuers = new IssuerTokens(
                [.. own.Issuers.Select(issuer => issuer.ToAccess())], $"Webhooks__{provider.Name}__Issuers", time, loggers.CreateLogger<IssuerTokens>());
            _issuers.Add(issuers);
            var source = new WebhookSource(provider, own, issuers, replays);
            _sources[provider.Name] = source;
            Warn(source, logger);
        }
    }

    /// <summary>The webhook of that name; null if there is no such kind of sender.</summary>
    internal WebhookSource? Find(string? name) => name is null ? null : _sources.GetValueOrDefault(name);

    public void Dispose()
    {
        foreach (IssuerTokens issuers in _issuers)
        {
            issuers.Dispose();
        }
    }

    private static void Warn(WebhookSource source, ILogger logger)
    {
        string name = source.Provider.Name;
        if (source.IsUnproven)
        {
            logger.LogWarning("Webhook {Webhook} is open to everybody, since AllowUnauthenticated says so", name);
        }

        if (source.IsOpen && source.Registries.IsEmpty)
        {
            logger.LogWarning("Webhook {Webhook} believes nothing, since its Registries name none", name);
        }

        if (source.HasIdleIssuers)
        {
            logger.LogWarning("Webhook {Webhook} has Issuers, and its sender has no JWTs", name);
        }

        if (source.Settings.Secret.Length > 0 && !source.IsOpen)
        {
            logger.LogWarning("Webhook {Webhook} stays closed, since its sender has no use for a Secret", name);
        }
    }
}
