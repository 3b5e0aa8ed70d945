using System.Net;
using ImageScan.Core.Access;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.Core.Tests.Access;

public sealed class FailedAttemptsTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void SaysHowLongToWaitAfterTooMany()
    {
        var attempts = new FailedAttempts(_time);

        AddUpToTheLimit(attempts, "192.0.2.1");
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal(TimeSpan.FromSeconds(40), attempts.Add(IPAddress.Parse("192.0.2.1")));
        Assert.Null(attempts.Add(IPAddress.Parse("192.0.2.2")));
    }

    [Fact]
    public void ForgetsAfterAWindow()
    {
        var attempts = new FailedAttempts(_time);

        AddUpToTheLimit(attempts, "192.0.2.1");
        _time.Advance(FailedAttempts.Window);

        Assert.Null(attempts.Add(IPAddress.Parse("192.0.2.1")));
    }

    [Theory]
    [InlineData("2001:db8::1", "2001:db8::ffff")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    public void TakesANetworkForOneAddress(string first, string second)
    {
        var attempts = new FailedAttempts(_time);

        AddUpToTheLimit(attempts, first);

        Assert.NotNull(attempts.Add(IPAddress.Parse(second)));
    }

    [Fact]
    public void CountsUnknownAddressesTogether()
    {
        var attempts = new FailedAttempts(_time);

        for (int i = 0; i < FailedAttempts.MaxPerWindow; i++)
        {
            Assert.Null(attempts.Add(null));
        }

        Assert.NotNull(attempts.Add(null));
    }

    [Fact]
    public void RemembersABoundedNumberOfAddresses()
    {
        var attempts = new FailedAttempts(_time);

        TimeSpan? last = null;
        for (uint i = 0; i < FailedAttempts.MaxAddresses + 100; i++)
        {
            last = attempts.Add(new IPAddress(BitConverter.GetBytes(i)));
        }

        Assert.InRange(attempts.Count, FailedAttempts.MaxAddresses, FailedAttempts.MaxAddresses + 1);
        Assert.NotNull(last);

        _time.Advance(FailedAttempts.Window);
        attempts.Add(IPAddress.Parse("203.0.113.9"));

        Assert.Equal(1, attempts.Count);
    }

    private static void AddUpToTheLimit(FailedAttempts attempts, string address)
    {
        for (int i = 0; i < FailedAttempts.MaxPerWindow; i++)
        {
            Assert.Null(attempts.Add(IPAddress.Parse(address)));
        }
    }
}
