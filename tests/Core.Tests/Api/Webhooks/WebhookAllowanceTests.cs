using ImageScan.Core.Api.Webhooks;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Api.Webhooks;

public sealed class WebhookAllowanceTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void LetsEachSenderSendSoManyInAMinute()
    {
        var allowance = new WebhookAllowance(new WebhookLimits { RequestsPerMinute = 2 }, _time);

        Assert.Equal([null, null, TimeSpan.FromMinutes(1)], new[] { allowance.Add("a"), allowance.Add("a"), allowance.Add("a") });
        Assert.Null(allowance.Add("b"));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(TimeSpan.FromSeconds(1), allowance.Add("a"));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(allowance.Add("a"));
    }

    [Fact]
    public void LetsAllSendWithoutABound()
    {
        var allowance = new WebhookAllowance(new WebhookLimits(), _time);

        Assert.All(Enumerable.Range(0, 1_000), _ => Assert.Null(allowance.Add("a")));
    }
}
