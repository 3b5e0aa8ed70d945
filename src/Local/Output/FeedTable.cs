using ImageScan.Core.Vulnerabilities.Refresh;
using static ImageScan.Local.Output.LabelledLines;

namespace ImageScan.Local.Output;

/// <summary>Writes which feeds there are and what is kept of them.</summary>
internal static class FeedTable
{
    public static void Write(IReadOnlyList<(FeedChoice Feed, FeedState? State)> feeds)
    {
        foreach ((FeedChoice feed, FeedState? state) in feeds)
        {
            Terminal.Line($"{feed.Name}: {feed.Feed.Description.Title}");
            LabelledLines.Write("  licence", feed.Feed.Description.Licence);
            LabelledLines.Write("  address", feed.Location.Length > 0 ? feed.Location : "none");
            LabelledLines.Write("  read", feed.IsOn ? "yes" : $"no: {feed.OffBecause}");
            if (state?.CheckedAt is not null || state?.Records > 0)
            {
                LabelledLines.Write("  kept", $"{Number(state.Records)} records, newest {Day(state.NewestRecord)}, changed {Minute(state.ChangedAt)}");
                LabelledLines.Write("  complete", Minute(state.CheckedAt));
            }

            if (state?.LastFailure is { } failure)
            {
                LabelledLines.Write("  failed", $"{Minute(failure.At)} {failure.Reason}");
            }

            foreach (RefusedShrink refused in state?.Refused ?? [])
            {
                LabelledLines.Write("  refused", $"{refused.Document ?? feed.Name}: {Number(refused.Is)} records where there were {Number(refused.Was)}");
            }
        }
    }

    public static void WriteJson(IReadOnlyList<(FeedChoice Feed, FeedState? State)> feeds) => JsonResult.Write(feeds.Select(feed => new
    {
        feed.Feed.Name,
        feed.Feed.Feed.Description.Title,
        feed.Feed.Feed.Description.Licence,
        address = feed.Feed.Location,
        feed.Feed.IsOn,
        feed.Feed.OffBecause,
        feed.State?.Records,
        feed.State?.NewestRecord,
        feed.State?.CheckedAt,
        feed.State?.ChangedAt,
        feed.State?.LastFailure,
        refused = feed.State?.Refused ?? [],
    }));
}
