namespace ImageScan.Core.Api.Webhooks;

/// <summary>What happened to an image in a registry, as that registry says. All of it is hostile until it has passed the receiver.</summary>
/// <param name="Action">What happened.</param>
/// <param name="Host">The registry's host and, if not 443, port, as in image names; "" if the event does not say.</param>
/// <param name="Repository">The repository there.</param>
public sealed record RegistryEvent(RegistryAction Action, string Host, string Repository)
{
    /// <summary>The tag; "" for none.</summary>
    public string Tag { get; init; } = "";

    /// <summary>The manifest's digest; "" if the event does not say.</summary>
    public string Digest { get; init; } = "";
}

public enum RegistryAction
{
    /// <summary>An image is there, or is there again.</summary>
    Push,

    /// <summary>An image, or a tag of one, is gone.</summary>
    Delete,

    /// <summary>An image waits to be let out of quarantine (https://github.com/Azure/acr/blob/main/docs/preview/quarantine/readme.md).</summary>
    Quarantine,
}
