using ImageScan.Core.Access;

namespace ImageScan.Core.Tests.Access;

public sealed class CallerAllowanceTests
{
    [Fact]
    public void CountEachCallerByItself()
    {
        using var limits = new CallerAllowance(new AccessSettings { RequestsPerMinute = 2 });

        Assert.Null(limits.Add("token:a"));
        Assert.Null(limits.Add("token:a"));
        TimeSpan wait = Assert.NotNull(limits.Add("token:a"));
        Assert.InRange(wait, TimeSpan.FromMilliseconds(1), CallerAllowance.Window);
        Assert.Null(limits.Add("token:b"));
    }

    [Fact]
    public void AreOffUnlessSet()
    {
        using var limits = new CallerAllowance(new AccessSettings());

        Assert.All(Enumerable.Range(0, 1_000), _ => Assert.Null(limits.Add("token:a")));
    }
}
