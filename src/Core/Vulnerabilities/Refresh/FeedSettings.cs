namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>The settings <c>Feeds__NAME__*</c> of one feed; NAME is <see cref="Feeds.FeedDescription.Name"/>.</summary>
public sealed record FeedSettings
{
    /// <summary>Another http(s) address, a folder with copies, or a file; null or "" for the feed's own address.</summary>
    public string? Url { get; init; }

    /// <summary>Whether it is read; null for what the feed itself says.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Whether to take it although it has lost more than half of its records.</summary>
    public bool AcceptShrink { get; init; }
}
