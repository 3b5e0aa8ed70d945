using CsCheck;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;

namespace ImageScan.Core.Tests.Storage;

public sealed class ScanMessageTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public void AreReferencesAndNothingElse()
    {
        Assert.Equal("""{"jobId":"j1"}""", new ScanMessage("j1").ToJson());
        Assert.Equal("""{"jobId":"j1","layer":"sha256:00"}""", new LayerMessage("j1", "sha256:00").ToJson());
    }

    [Fact]
    public void AreReadAsTheyWereWritten()
    {
        Gen.Select(Gen.String, Gen.String).Sample((id, layer) =>
        {
            Assert.True(ScanMessage.TryParse(new ScanMessage(id).ToJson(), out ScanMessage? scan));
            Assert.True(LayerMessage.TryParse(new LayerMessage(id, layer).ToJson(), out LayerMessage? part));
            Assert.Equal(new ScanMessage(id), scan);
            Assert.Equal(new LayerMessage(id, layer), part);
        });
    }

    [Fact]
    public void SayWhichSpanHasSentThemAndWhen()
    {
        DateTimeOffset sentAt = new(2026, 11, 26, 10, 0, 0, TimeSpan.Zero);
        var scan = new ScanMessage("j1") { Traceparent = Parent, Tracestate = "v=1", SentAt = sentAt };
        var layer = new LayerMessage("j1", "sha256:00") { Traceparent = Parent, SentAt = sentAt };

        Assert.Equal($$"""{"jobId":"j1","traceparent":"{{Parent}}","tracestate":"v=1","sentAt":"2026-11-26T10:00:00+00:00"}""", scan.ToJson());
        Assert.True(ScanMessage.TryParse(scan.ToJson(), out ScanMessage? read));
        Assert.True(LayerMessage.TryParse(layer.ToJson(), out LayerMessage? part));
        Assert.Equal((scan, layer), (read, part));
        Assert.Equal(new MessageTrace(Parent, "v=1"), read.Trace);
    }

    // Such as an earlier version has left in the queue, or a later one.
    [Theory]
    [InlineData("""{"jobId":"j1"}""")]
    [InlineData("""{"jobId":"j1","color":"red"}""")]
    [InlineData("""{"jobId":"j1","traceparent":"00-zz-1"}""")]
    public void AreReadWithoutATrace(string text)
    {
        Assert.True(ScanMessage.TryParse(text, out ScanMessage? message));
        Assert.Equal("j1", message.JobId);
        Assert.Equal(default, message.Trace.ToContext());
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"jobId\":null,\"layer\":\"l\"}")]
    [InlineData("{\"jobId\":\"\\ud800\",\"layer\":\"l\"}")]
    public void RefuseWhatIsNone(string text)
    {
        Assert.False(ScanMessage.TryParse(text, out _));
        Assert.False(LayerMessage.TryParse(text, out _));
    }

    [Fact]
    public void ALayerMessageNamesALayer() => Assert.False(LayerMessage.TryParse(new ScanMessage("j1").ToJson(), out _));

    [Fact]
    public void ThrowNothingOnMutatedText()
    {
        string json = new LayerMessage("j", "l").ToJson();

        Gen.Select(Gen.Int[0, json.Length - 1], Gen.Char).Sample((at, c) =>
        {
            bool read = LayerMessage.TryParse($"{json[..at]}{c}{json[(at + 1)..]}", out LayerMessage? message);

            Assert.Equal(read, message is not null);
        });
    }
}
