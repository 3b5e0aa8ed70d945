using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>All feeds with what the settings make of them.</summary>
/// <param name="feeds">The feeds, in the order in which they are read.</param>
/// <param name="settings">Settings by name of the feed; a feed without any is as it says itself.</param>
public sealed class FeedChoices(IReadOnlyList<IAdvisoryFeed> feeds, IReadOnlyDictionary<string, FeedSettings> settings)
{
    public IReadOnlyList<FeedChoice> All { get; } =
        [.. feeds.Select(feed => new FeedChoice(feed, settings.GetValueOrDefault(feed.Description.Name) ?? new FeedSettings()))];

    /// <summary>The feeds that a run reads. Throws <see cref="FeedException"/> for a name that is none.</summary>
    public IReadOnlyList<FeedChoice> Of(RefreshChoice choice)
    {
        ArgumentNullException.ThrowIfNull(choice);
        string[] names = [.. All.Select(feed => feed.Name)];
        if ((choice.Feeds ?? []).Concat(choice.AcceptShrink).FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new FeedException($"'{unknown}' is no feed; there are {string.Join(", ", names)}.");
        }

        return
        [
            .. All.Where(feed => choice.Feeds?.Contains(feed.Name) ?? feed.IsOn)
                .Select(feed => choice.AcceptShrink.Contains(feed.Name) ? feed with { Settings = feed.Settings with { AcceptShrink = true } } : feed),
        ];
    }
}

/// <summary>A feed with its settings.</summary>
public sealed record FeedChoice(IAdvisoryFeed Feed, FeedSettings Settings)
{
    public string Name => Feed.Description.Name;

    /// <summary>Where it is read from; "" if neither the settings nor the feed itself say.</summary>
    public string Location => string.IsNullOrEmpty(Settings.Url) ? Feed.Description.Address : Settings.Url;

    /// <summary>Why it is not read; null if it is.</summary>
    public string? OffBecause => Settings.Enabled switch
    {
        true => null,
        false => $"Feeds__{Name}__Enabled is false",
        // Whoever says where it is wants it.
        null => string.IsNullOrEmpty(Settings.Url) ? Feed.Description.OffBecause : null,
    };

    public bool IsOn => OffBecause is null;
}
