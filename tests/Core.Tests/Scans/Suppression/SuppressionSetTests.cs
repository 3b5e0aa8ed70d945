using CsCheck;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using static ImageScan.Core.Tests.Scans.Suppression.MadeExceptions;

namespace ImageScan.Core.Tests.Scans.Suppression;

public sealed class SuppressionSetTests
{
    private const ExceptionTarget Deferred = ExceptionTarget.Deferred;
    private const ExceptionTarget FalsePositive = ExceptionTarget.FalsePositive;

    private static readonly ImageReference Image = MadeScan.Reference("quay", "app", "1");

    [Fact]
    public void DefersWhatIsSnoozedInAnyImage()
    {
        var snooze = new Snooze("CVE-1", Now.AddHours(-1), Now.AddHours(1));
        var set = new SuppressionSet([snooze], []);

        Assert.Equal(new CveSuppression(snooze, Deferred), set.For(Image, Now).Of("CVE-1"));
        Assert.Equal(new CveSuppression(snooze, Deferred), set.For(null, Now).Of("CVE-1"));
        Assert.Equal(default, set.For(Image, Now).Of("CVE-2"));
    }

    [Fact]
    public void SeesAgainWhatWasSnoozedFromTheMomentOfItsExpiry()
    {
        var set = new SuppressionSet([new Snooze("CVE-1", Now.AddHours(-1), Now)], []);

        Assert.NotNull(set.For(Image, Now.AddTicks(-1)).Of("CVE-1").Snooze);
        Assert.Equal(default, set.For(Image, Now).Of("CVE-1"));
    }

    [Theory]
    [InlineData("quay/app:1", true)]
    [InlineData("quay/app:.*", true)]
    [InlineData(".*/.*:.*", true)]
    [InlineData("quay/.*:.*", true)]
    [InlineData(".*/app:.*", true)]
    [InlineData("quay/app:2", false)]
    [InlineData("quay/app:", false)]
    [InlineData("quay/ap:.*", false)]
    [InlineData("qua/app:1", false)]
    [InlineData("QUAY/app:1", false)]
    [InlineData("qu.*/app:1", false)]
    public void TakesAnExceptionForTheImagesOfItsScope(string scope, bool means)
    {
        var set = new SuppressionSet([], [FalsePositive("1", Scope(scope), "CVE-1")]);

        Assert.Equal(means ? FalsePositive : null, set.For(Image, Now).Of("CVE-1").State);
        Assert.Equal(means, Scope(scope).Means(Image));
    }

    [Fact]
    public void TakesAnEmptyTagForThatOfAnImageWithoutOne()
    {
        var set = new SuppressionSet([], [FalsePositive("1", Scope("quay/app:"), "CVE-1")]);

        Assert.Equal(FalsePositive, set.For(MadeScan.Reference("quay", "app", "", MadeScan.DigestOf("x")), Now).Of("CVE-1").State);
    }

    [Fact]
    public void TakesExceptionsForAllImagesAlsoForOneWithoutAName() =>
        Assert.Equal(FalsePositive, new SuppressionSet([], [FalsePositive("1", ExceptionScope.AllImages, "CVE-1")]).For(null, Now).Of("CVE-1").State);

    [Theory]
    [InlineData(".*/.*:.*", "quay/app:.*")]
    [InlineData("quay/app:.*", "quay/app:1")]
    [InlineData(".*/.*:.*", "quay/app:1")]
    [InlineData("quay/.*:.*", "quay/app:.*")]
    [InlineData("quay/.*:.*", ".*/app:.*")]
    public void LetsTheNarrowestScopeWinWhateverCameFirst(string wide, string narrow)
    {
        VulnerabilityException[] both = [Deferral("1", Scope(wide), "CVE-1", "CVE-2"), FalsePositive("2", Scope(narrow), "CVE-1")];

        foreach (VulnerabilityException[] order in new[] { both, [both[1], both[0]] })
        {
            ImageSuppression image = new SuppressionSet([], order).For(Image, Now);

            Assert.Equal((FalsePositive, Deferred), (image.Of("CVE-1").State, image.Of("CVE-2").State));
        }
    }

    [Fact]
    public void LetsTheNewestWinInOneScope()
    {
        VulnerabilityException older = Deferral("1", Scope("quay/app:1"), "CVE-1");
        VulnerabilityException newer = FalsePositive("2", Scope("quay/app:1"), "CVE-1") with { CreatedAt = older.CreatedAt.AddSeconds(1) };

        Assert.Equal(FalsePositive, new SuppressionSet([], [newer, older]).For(Image, Now).Of("CVE-1").State);
        Assert.Equal(FalsePositive, new SuppressionSet([], [older, newer]).For(Image, Now).Of("CVE-1").State);
    }

    // What StackRox does with what is snoozed in an image that any exception means.
    [Fact]
    public void TakesAllStatesFromExceptionsWhereOneMeansTheImage()
    {
        var snooze = new Snooze("CVE-1", Now.AddHours(-1), Now.AddHours(1));
        var set = new SuppressionSet([snooze], [Deferral("1", Scope("quay/app:.*"), "CVE-9")]);

        Assert.Equal(new CveSuppression(snooze, null), set.For(Image, Now).Of("CVE-1"));
        Assert.Equal(new CveSuppression(snooze, Deferred), set.For(MadeScan.Reference("quay", "other", "1"), Now).Of("CVE-1"));
    }

    [Fact]
    public void LeavesAnExceptionOutFromTheMomentOfItsEnd()
    {
        VulnerabilityException deferral = Deferral("1", Scope("quay/app:1"), "CVE-1") with { Expiry = new ExceptionExpiry(ExceptionExpiryKind.Time, Now) };
        var set = new SuppressionSet([new Snooze("CVE-2", Now.AddDays(-1), Now.AddDays(1))], [deferral, FalsePositive("2", ExceptionScope.AllImages, "CVE-1")]);

        Assert.Equal(Deferred, set.For(Image, Now.AddTicks(-1)).Of("CVE-1").State);
        Assert.Equal(FalsePositive, set.For(Image, Now).Of("CVE-1").State);
    }

    [Fact]
    public void TakesAnImageForUnmeantOnceAllItsExceptionsAreOver()
    {
        VulnerabilityException deferral = Deferral("1", Scope("quay/app:1"), "CVE-1") with { Expiry = new ExceptionExpiry(ExceptionExpiryKind.Time, Now) };
        var set = new SuppressionSet([new Snooze("CVE-2", Now.AddDays(-1), Now.AddDays(1))], [deferral]);

        Assert.Null(set.For(Image, Now.AddTicks(-1)).Of("CVE-2").State);
        Assert.Equal(Deferred, set.For(Image, Now).Of("CVE-2").State);
    }

    [Theory]
    [InlineData(ExceptionExpiryKind.Time)]
    [InlineData(ExceptionExpiryKind.AllCveFixable)]
    [InlineData(ExceptionExpiryKind.AnyCveFixable)]
    public void KeepsAnExceptionWithoutAnEndInTime(ExceptionExpiryKind kind)
    {
        VulnerabilityException deferral = Deferral("1", Scope("quay/app:1"), "CVE-1") with { Expiry = new ExceptionExpiry(kind) };

        Assert.Equal(Deferred, new SuppressionSet([], [deferral]).For(Image, DateTimeOffset.MaxValue).Of("CVE-1").State);
    }

    [Theory]
    [InlineData(ExceptionStatus.Pending, false, false)]
    [InlineData(ExceptionStatus.Approved, false, true)]
    [InlineData(ExceptionStatus.ApprovedPendingUpdate, false, true)]
    [InlineData(ExceptionStatus.Denied, false, false)]
    [InlineData(ExceptionStatus.Denied, true, false)]
    [InlineData(ExceptionStatus.Approved, true, false)]
    [InlineData(ExceptionStatus.ApprovedPendingUpdate, true, false)]
    public void TakesOnlyWhatIsInForce(ExceptionStatus status, bool isExpired, bool acts)
    {
        VulnerabilityException exception = FalsePositive("1", ExceptionScope.AllImages, "CVE-1") with { Status = status, IsExpired = isExpired };

        Assert.Equal(acts, new SuppressionSet([], [exception]).For(Image, Now).Of("CVE-1").State is not null);
    }

    [Fact]
    public void KeepsTheOldValuesWhileAnUpdateIsPending()
    {
        VulnerabilityException exception = FalsePositive("1", ExceptionScope.AllImages, "CVE-1") with
        {
            Status = ExceptionStatus.ApprovedPendingUpdate,
            Update = new ExceptionUpdate(["CVE-2"], null),
        };
        ImageSuppression image = new SuppressionSet([], [exception]).For(Image, Now);

        Assert.Equal((FalsePositive, null), (image.Of("CVE-1").State, image.Of("CVE-2").State));
    }

    // The index against the rules said one by one.
    [Fact]
    public void FindsWhatGoingThroughAllExceptionsWouldFind()
    {
        Gen<string> part = Gen.OneOf(Gen.Const("a"), Gen.Const("b"), Gen.Const(".*"));
        Gen<string> cve = Gen.OneOf(Gen.Const("CVE-1"), Gen.Const("CVE-2"), Gen.Const("CVE-3"));
        Gen<VulnerabilityException> exception = Gen.Select(part, part, part, cve, Gen.Bool, Gen.Int[-2, 2], Gen.Int[0, 3]).Select(
            (registry, remote, tag, name, isDeferral, hours, age) => (isDeferral
                ? Deferral("", new ExceptionScope(registry, remote, tag), name) with
                {
                    Expiry = new ExceptionExpiry(ExceptionExpiryKind.Time, hours == 2 ? null : Now.AddHours(hours)),
                }
                : FalsePositive("", new ExceptionScope(registry, remote, tag), name)) with
            {
                CreatedAt = Now.AddDays(-age),
            });
        Gen.Select(exception.Array[0, 6], Gen.OneOf(Gen.Const("a"), Gen.Const("b")), Gen.OneOf(Gen.Const("a"), Gen.Const("b")), Gen.OneOf(Gen.Const("a"), Gen.Const(""))).Sample((made, registry, remote, tag) =>
        {
            VulnerabilityException[] all = [.. made.Select((one, i) => one with { Id = $"{i}" })];
            ImageReference name = MadeScan.Reference(registry, remote, tag, tag.Length == 0 ? MadeScan.DigestOf("x") : null);
            VulnerabilityException[] meant =
            [
                .. all.Where(one => one.Scope.Means(name) && !one.IsOverAt(Now))
                    .OrderByDescending(one => (one.Scope.Remote == name.Remote ? 4 : 0) + (one.Scope.Registry == name.Registry ? 2 : 0) + (one.Scope.Tag == name.Tag ? 1 : 0))
                    .ThenByDescending(one => one.CreatedAt).ThenBy(one => one.Id, StringComparer.Ordinal),
            ];
            ImageSuppression found = new SuppressionSet([], all).For(name, Now);

            Assert.Equal(meant.Length == 0, found.IsEmpty);
            foreach (string wanted in new[] { "CVE-1", "CVE-2", "CVE-3" })
            {
                Assert.Equal(meant.FirstOrDefault(one => one.Cves.Contains(wanted))?.Target, found.Of(wanted).State);
            }
        });
    }

    [Fact]
    public void CoversAScopeExactlyIfItMeansAllThatThatMeans()
    {
        Gen<string> part = Gen.OneOf(Gen.Const("a"), Gen.Const("b"), Gen.Const(".*"));
        Gen<ExceptionScope> scope = Gen.Select(part, part, part).Select((registry, remote, tag) => new ExceptionScope(registry, remote, tag));
        ImageReference[] names =
        [
            .. from registry in new[] { "a", "b", "c" }
               from remote in new[] { "a", "b", "c" }
               from tag in new[] { "a", "b", "c" }
               select MadeScan.Reference(registry, remote, tag),
        ];
        Gen.Select(scope, scope).Sample((wide, narrow) =>
            Assert.Equal(names.Where(name => narrow.Means(name)).All(name => wide.Means(name)), wide.Covers(narrow)));
    }
}
