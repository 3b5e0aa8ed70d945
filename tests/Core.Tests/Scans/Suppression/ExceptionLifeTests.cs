using ImageScan.Core.Results;
using ImageScan.Core.Scans.Suppression;
using static ImageScan.Core.Tests.Scans.Suppression.MadeExceptions;

namespace ImageScan.Core.Tests.Scans.Suppression;

public sealed class ExceptionLifeTests
{
    private static readonly VulnerabilityException InForce = Deferral("1", ExceptionScope.AllImages, "CVE-1");
    private static readonly ExceptionUpdate Update = new(["CVE-2"], new ExceptionExpiry(ExceptionExpiryKind.AnyCveFixable));

    [Fact]
    public void IsApprovedByWhoApproves()
    {
        VulnerabilityException approved = (InForce with { Status = ExceptionStatus.Pending }).Approved("fine", Bob, Now);

        Assert.Equal((ExceptionStatus.Approved, false, Now), (approved.Status, approved.IsExpired, approved.LastUpdated));
        Assert.Equal([Bob], approved.Approvers);
        Assert.Equal([("fine", Bob, Now)], approved.Comments.Select(comment => (comment.Message, comment.Author, comment.CreatedAt)));
    }

    [Fact]
    public void TakesTheValuesOfAnUpdateOnceThatIsApproved()
    {
        VulnerabilityException approved = InForce.Updated(Update, "more", Ann, Now).Approved("fine", Bob, Now);

        Assert.Equal((ExceptionStatus.Approved, Update.Expiry, null), (approved.Status, approved.Expiry, approved.Update));
        Assert.Equal(["CVE-2"], approved.Cves);
    }

    [Fact]
    public void KeepsItsValuesWhereAnUpdateIsDenied()
    {
        VulnerabilityException denied = InForce.Updated(Update, "more", Ann, Now).Denied("no", Bob, Now);

        Assert.Equal((ExceptionStatus.Approved, false, InForce.Expiry, null), (denied.Status, denied.IsExpired, denied.Expiry, denied.Update));
        Assert.Equal(["CVE-1"], denied.Cves);
        Assert.Equal([Bob], denied.Approvers);
    }

    [Fact]
    public void IsHistoryOnceItIsDenied()
    {
        VulnerabilityException denied = (InForce with { Status = ExceptionStatus.Pending }).Denied("no", Bob, Now);

        Assert.Equal((ExceptionStatus.Denied, true), (denied.Status, denied.IsExpired));
    }

    [Fact]
    public void IsChangedAtOnceWhileItIsPending()
    {
        VulnerabilityException updated = (InForce with { Status = ExceptionStatus.Pending }).Updated(Update, "more", Ann, Now);

        Assert.Equal((ExceptionStatus.Pending, Update.Expiry, null), (updated.Status, updated.Expiry, updated.Update));
        Assert.Equal(["CVE-2"], updated.Cves);
    }

    [Fact]
    public void ReplacesAnUpdateThatIsPendingByALaterOne()
    {
        var later = new ExceptionUpdate(["CVE-3"], null);

        VulnerabilityException updated = InForce.Updated(Update, "more", Ann, Now).Updated(later, "less", Ann, Now);

        Assert.Equal((ExceptionStatus.ApprovedPendingUpdate, later), (updated.Status, updated.Update));
        Assert.Equal(["CVE-1"], updated.Cves);
    }

    [Fact]
    public void CountsAsExpiredFromTheMomentOfItsEndIfItActs()
    {
        VulnerabilityException timed = InForce with { Expiry = new ExceptionExpiry(ExceptionExpiryKind.Time, Now) };

        Assert.False(timed.At(Now.AddTicks(-1)).IsExpired);
        Assert.True(timed.At(Now).IsExpired);
        Assert.False((timed with { Status = ExceptionStatus.Pending }).At(Now).IsExpired);
    }

    [Fact]
    public void TellsAnUpdateThatChangesNothing()
    {
        VulnerabilityException two = InForce with { Cves = ["CVE-1", "CVE-2"] };

        Assert.True(new ExceptionUpdate(["CVE-2", "CVE-1"], two.Expiry).IsSameAs(two));
        Assert.False(new ExceptionUpdate(["CVE-1"], two.Expiry).IsSameAs(two));
        Assert.False(new ExceptionUpdate(["CVE-1", "CVE-2"], new ExceptionExpiry(ExceptionExpiryKind.Time, Now)).IsSameAs(two));
    }
}
