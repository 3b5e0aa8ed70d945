using System.CommandLine;
using ImageScan.Core.Vulnerabilities.Refresh;
using ImageScan.Local.Output;

namespace ImageScan.Local.Commands;

/// <summary><c>imagescan advisories feeds</c>: which feeds there are, whose data they are, and how fresh what is kept of them.</summary>
internal static class AdvisoriesFeeds
{
    public static Command Create()
    {
        Option<string> cache = FeedOptions.Cache();
        Option<string> format = ImageOptions.Format();
        var command = new Command("feeds", "Lists the feeds: licence, address, on or off, freshness.") { cache, format };
        command.SetAction(CommandLine.Guarded(async (arguments, cancellationToken) =>
        {
            var packs = new FeedPacks(new FolderFeedFiles(arguments.GetValue(cache)!));
            var feeds = new List<(FeedChoice Feed, FeedState? State)>();
            foreach (FeedChoice feed in CommandServices.FeedChoices().All)
            {
                feeds.Add((feed, await packs.FindAsync(feed.Name, cancellationToken)));
            }

            if (arguments.GetValue(format) == "json")
            {
                FeedTable.WriteJson(feeds);
            }
            else
            {
                FeedTable.Write(feeds);
            }

            return CommandLine.Clean;
        }));
        return command;
    }
}
