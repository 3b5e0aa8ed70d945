using System.Diagnostics;
using ImageScan.Core.Telemetry;

namespace ImageScan.Core.Tests.Telemetry;

public sealed class MessageTraceTests
{
    private const string Begun = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void IsNoneWhereNoSpanIsOpen() => Assert.Equal(default, MessageTrace.Current);

    [Fact]
    public void IsTheSpanThatIsOpen()
    {
        using Activity span = new Activity("here").SetIdFormat(ActivityIdFormat.W3C).Start();
        span.TraceStateString = "vendor=1";

        MessageTrace sent = MessageTrace.Current;

        Assert.Equal(new MessageTrace(span.Id, "vendor=1"), sent);
        Assert.Equal((span.TraceId, span.SpanId, true), (sent.ToContext().TraceId, sent.ToContext().SpanId, sent.ToContext().IsRemote));
    }

    // The state is a stranger's text.
    [Fact]
    public void DropsAStateThatIsTooLong()
    {
        using Activity span = new Activity("here").SetIdFormat(ActivityIdFormat.W3C).Start();
        span.TraceStateString = $"vendor={new string('x', 600)}";

        Assert.Equal(new MessageTrace(span.Id, null), MessageTrace.Current);
    }

    [Fact]
    public void StaysInTheTraceOfItsJobWhoeverTakesItUp()
    {
        using Activity timer = new Activity("timer").SetIdFormat(ActivityIdFormat.W3C).Start();

        Assert.Equal(new MessageTrace(Begun, null), MessageTrace.Within(Begun));
        Assert.Equal(new MessageTrace(timer.Id, null), MessageTrace.Within(null));
    }

    [Fact]
    public void GoesOnFromTheSpanThatIsOpenInTheTraceOfItsJob()
    {
        using Activity step = new Activity("step").SetIdFormat(ActivityIdFormat.W3C).SetParentId(Begun).Start();

        Assert.Equal(step.Id, MessageTrace.Within(Begun).Parent);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    public void OfAnUnreadableTextIsNone(string? text) => Assert.Equal(default, new MessageTrace(text, null).ToContext());
}
