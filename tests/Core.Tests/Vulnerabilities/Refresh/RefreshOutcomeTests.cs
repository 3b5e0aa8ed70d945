using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Refresh;

namespace ImageScan.Core.Tests.Vulnerabilities.Refresh;

public sealed class RefreshOutcomeTests
{
    private static RefreshOutcome Of(params FeedOutcome[] feeds)
    {
        using var snapshot = TestSnapshot.Of(Array.Empty<string>());
        return new RefreshOutcome
        {
            Feeds = feeds,
            Path = "x.snap",
            Description = snapshot.Database.Description,
            Skipped = snapshot.Skipped,
            FileBytes = 1,
            Elapsed = TimeSpan.Zero,
        };
    }

    private static FeedOutcome Feed(string name, int records, bool isBegun = false) => new()
    {
        Feed = new FeedDescription { Name = name, Title = name, Licence = "none", Address = "" },
        Location = "",
        Failed = records == 0 ? [new FailedSource("", "nobody answers.")] : [],
        IsBegun = isBegun,
        State = new FeedState { Records = records },
    };

    [Fact]
    public void IsNotPublishedWhileOsvHasNeverBeenReadWhole()
    {
        var refused = Assert.Throws<AdvisoryDatabaseException>(() => Of(Feed("osv", 0), Feed("debian", 5)).EnsurePublishable());

        Assert.Contains("nobody answers.", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Feeds__osv__Enabled", refused.Message, StringComparison.Ordinal);
        Assert.Throws<AdvisoryDatabaseException>(() => Of(Feed("osv", 5, isBegun: true)).EnsurePublishable());
    }

    [Fact]
    public void IsPublishedWithoutAnotherFeedOrWithOsvTurnedOff()
    {
        Of(Feed("osv", 5), Feed("debian", 0)).EnsurePublishable();
        Of(Feed("debian", 5)).EnsurePublishable();
    }
}
