using ImageScan.Core.Inventory.Versions;
using ImageScan.Core.Vulnerabilities;
using static ImageScan.Core.Vulnerabilities.RangeEventKind;

namespace ImageScan.Core.Tests.Vulnerabilities;

public sealed class VersionRangeTests
{
    private static readonly VersionScheme SemVer = VersionSchemes.For("crates.io")!;

    private static (RangeVerdict Verdict, string? FixedBy) Ask(string version, params RangeEvent[] events)
    {
        var verdict = new VersionRange(RangeOrder.SemVer, events).Holds(version, SemVer, out string? fixedBy);
        return (verdict, fixedBy);
    }

    [Theory]
    [InlineData("0.9.9", RangeVerdict.NotAffected, null)]
    [InlineData("1.0.0", RangeVerdict.Affected, "1.2.0")]
    [InlineData("1.1.9", RangeVerdict.Affected, "1.2.0")]
    [InlineData("1.2.0", RangeVerdict.NotAffected, null)]
    [InlineData("2.0.0", RangeVerdict.Affected, "2.3.0")]
    [InlineData("2.3.0", RangeVerdict.NotAffected, null)]
    public void FixedIsTheEndOfTheSpanThatHoldsTheVersion(string version, RangeVerdict verdict, string? fixedBy)
    {
        var answer = Ask(
            version,
            new RangeEvent(Introduced, "1.0.0"),
            new RangeEvent(Fixed, "1.2.0"),
            new RangeEvent(Introduced, "2.0.0"),
            new RangeEvent(Fixed, "2.3.0"));

        Assert.Equal((verdict, fixedBy), answer);
    }

    [Fact]
    public void SortsEventsBeforeItReadsThem()
    {
        RangeEvent[] events =
        [
            new(Introduced, "2.0.0"),
            new(Fixed, "2.0.6"),
            new(Introduced, "0"),
            new(Fixed, "1.26.17"),
        ];

        Assert.Equal((RangeVerdict.Affected, "1.26.17"), Ask("1.26.0", events));
        Assert.Equal((RangeVerdict.NotAffected, null), Ask("1.26.17", events));
        Assert.Equal((RangeVerdict.Affected, "2.0.6"), Ask("2.0.5", events));
        Assert.Equal((RangeVerdict.NotAffected, null), Ask("2.0.6", events));
    }

    [Fact]
    public void ZeroIsBeforeEveryVersion()
    {
        Assert.Equal((RangeVerdict.Affected, null), Ask("0.0.0-alpha", new RangeEvent(Introduced, "0")));
    }

    [Theory]
    [InlineData("1.4.9", RangeVerdict.Affected)]
    [InlineData("1.5.0", RangeVerdict.Affected)]
    [InlineData("1.5.1", RangeVerdict.NotAffected)]
    public void LastAffectedIsAffectedItselfAndNamesNoFix(string version, RangeVerdict verdict)
    {
        var answer = Ask(version, new RangeEvent(Introduced, "0"), new RangeEvent(LastAffected, "1.5.0"));

        Assert.Equal((verdict, null), answer);
    }

    [Fact]
    public void AFixBeyondTheLastAffectedVersionIsNotThisSpans()
    {
        var answer = Ask(
            "1.2.0",
            new RangeEvent(Introduced, "0"),
            new RangeEvent(LastAffected, "1.5.0"),
            new RangeEvent(Introduced, "2.0.0"),
            new RangeEvent(Fixed, "2.3.0"));

        Assert.Equal((RangeVerdict.Affected, null), answer);
    }

    [Theory]
    [InlineData("1.0.0", RangeVerdict.Affected)]
    [InlineData("2.0.0", RangeVerdict.NotAffected)]
    [InlineData("3.0.0", RangeVerdict.NotAffected)]
    public void NothingFromTheLimitOnIsAffected(string version, RangeVerdict verdict)
    {
        Assert.Equal(verdict, Ask(version, new RangeEvent(Introduced, "0"), new RangeEvent(Limit, "2.0.0")).Verdict);
    }

    [Fact]
    public void AStarIsNoLimit()
    {
        Assert.Equal(RangeVerdict.Affected, Ask("9.0.0", new RangeEvent(Introduced, "0"), new RangeEvent(Limit, "*")).Verdict);
    }

    [Fact]
    public void NothingIsAffectedWithoutAnIntroduction()
    {
        Assert.Equal(RangeVerdict.NotAffected, Ask("1.0.0", new RangeEvent(Fixed, "2.0.0")).Verdict);
        Assert.Equal(RangeVerdict.NotAffected, Ask("1.0.0").Verdict);
    }

    [Fact]
    public void CannotTellWhereAnEventIsNoVersion()
    {
        var answer = Ask("1.0.0", new RangeEvent(Introduced, "0"), new RangeEvent(Fixed, "after the rewrite"));

        Assert.Equal((RangeVerdict.CannotTell, null), answer);
    }

    [Fact]
    public void CannotTellWhereTheLimitIsNoVersion()
    {
        Assert.Equal(RangeVerdict.CannotTell, Ask("1.0.0", new RangeEvent(Introduced, "0"), new RangeEvent(Limit, "?")).Verdict);
    }

    [Fact]
    public void SortsVeryManyEventsInReasonableTime()
    {
        // Backwards, the worst order for a sort that inserts: 50 million comparisons.
        RangeEvent[] events = [.. Enumerable.Range(0, 10_000).Select(i => new RangeEvent(i % 2 == 0 ? Fixed : Introduced, $"{10_000 - i}.0.0"))];
        var counting = new Counting();

        var verdict = new VersionRange(RangeOrder.SemVer, events).Holds("9.1.0", counting, out string? fixedBy);

        Assert.Equal((RangeVerdict.Affected, "10.0.0"), (verdict, fixedBy));
        Assert.InRange(counting.Comparisons, 10_000, 1_000_000);
    }

    private sealed class Counting : VersionScheme
    {
        public int Comparisons { get; private set; }

        public override bool TryCompare(string left, string right, out int order)
        {
            Comparisons++;
            return SemVer.TryCompare(left, right, out order);
        }
    }

    // apk itself looks no further than the first difference; who wrote it may have meant anything.
    [Theory]
    [InlineData("1.0-r0", "2.0.-r1", RangeVerdict.CannotTell)]
    [InlineData("1.0-r0", "2.0-r1", RangeVerdict.Affected)]
    [InlineData("2.0-r1", "2.0-r1", RangeVerdict.NotAffected)]
    [InlineData("1.0_x", "1.0-r1", RangeVerdict.CannotTell)]
    public void AFixThatIsNoVersionIsNoneWhateverTheFirstDifference(string version, string fix, RangeVerdict verdict)
    {
        var range = new VersionRange(RangeOrder.Ecosystem, [new RangeEvent(Introduced, "0"), new RangeEvent(Fixed, fix)]);

        Assert.Equal(verdict, range.Holds(version, VersionSchemes.For("Alpine")!, out string? fixedBy));
        Assert.Equal(verdict == RangeVerdict.Affected ? fix : null, fixedBy);
    }
}
