using CsCheck;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Tests.Storage;

public sealed class ScanMessageTests
{
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
