using Microsoft.Extensions.Logging;

namespace ImageScan.Core.Images.Registries;

/// <summary>What an operator should know although all went well: said once an hour of each registry, however often it happens.</summary>
internal sealed class RegistryNotices(ILogger logger, TimeProvider time)
{
    private readonly RecentKeys _said = new(time, TimeSpan.FromHours(1));

    /// <summary>A registry refused a login and was read without one.</summary>
    public void LoginRefused(RegistryEndpoint registry, RegistryException refusal)
    {
        if (_said.Add($"login {registry.Name}"))
        {
            logger.LogWarning(
                "Registry login refused {Registry}, read without it: {Reason}", HostileText.Plain(registry.Name), refusal.Message);
        }
    }

    /// <summary>A mirror failed otherwise than by not having what was asked for.</summary>
    public void MirrorFailed(string mirror, RegistryException failure)
    {
        if (_said.Add($"mirror {mirror}"))
        {
            logger.LogWarning("Registry mirror failed {Mirror}, gone on without it: {Reason}", HostileText.Plain(mirror), failure.Message);
        }
    }

    /// <summary>A cloud refused a login, with words that are the operator's alone to read.</summary>
    public void CloudRefused(string what, string message)
    {
        if (_said.Add($"cloud {what} {message}"))
        {
            logger.LogWarning("Cloud login refused {What}: {Message}", what, message);
        }
    }

    /// <summary>Little is left of what a registry allows.</summary>
    public void LittleLeft(RegistryRateLimit limit)
    {
        if (_said.Add($"limit {limit.Registry}"))
        {
            logger.LogWarning(
                "Registry rate limit near {Registry}: {Remaining} of {Limit} left, counted for {Source} over {Window}",
                HostileText.Plain(limit.Registry),
                limit.Remaining,
                limit.Limit,
                limit.Source.Length > 0 ? limit.Source : "us",
                limit.Window);
        }
    }
}
