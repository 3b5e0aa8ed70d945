namespace ImageScan.Core.Scans.Integrations;

/// <summary>An integration cannot be made, changed or used as somebody asks; the message says why, without any secret.</summary>
public sealed class ImageIntegrationRefusedException(ImageIntegrationRefusal refusal, string message) : Exception(message)
{
    public ImageIntegrationRefusal Refusal { get; } = refusal;
}

public enum ImageIntegrationRefusal
{
    /// <summary>What was asked cannot be.</summary>
    Wrong,

    /// <summary>There is no such integration.</summary>
    Unknown,

    /// <summary>What is kept cannot be used as it is: a key of the settings is missing.</summary>
    Sealed,
}
