using System.Text.Json;
using CsCheck;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Tests.Storage;

public sealed class ScanMessageTests
{
    [Fact]
    public void IsSmallJson()
    {
        string json = new ScanMessage("j1", "nginx", "linux/amd64", true).ToJson();

        Assert.Equal("""{"jobId":"j1","image":"nginx","platform":"linux/amd64","force":true}""", json);
    }

    [Fact]
    public void ReadsWhatItWrote()
    {
        Gen.Select(Gen.String, Gen.String, Gen.String, Gen.Bool).Select((id, image, platform, force) => new ScanMessage(id, image, platform, force)).Sample(message =>
        {
            Assert.True(ScanMessage.TryParse(message.ToJson(), out ScanMessage? read));
            Assert.Equal(message, read);
        });
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"jobId\":\"j\",\"image\":null,\"platform\":\"p\",\"force\":false}")]
    [InlineData("{\"jobId\":\"\\ud800\",\"image\":\"i\",\"platform\":\"p\",\"force\":false}")]
    [InlineData("{\"jobId\":\"j\",\"image\":\"i\",\"platform\":\"p\"}")]
    public void RefusesWhatIsNoMessage(string text) => Assert.False(ScanMessage.TryParse(text, out _));

    [Fact]
    public void ThrowsNothingOnMutatedText()
    {
        string json = JsonSerializer.Serialize(new { jobId = "j", image = "i", platform = "p", force = true });

        Gen.Select(Gen.Int[0, json.Length - 1], Gen.Char).Sample((at, c) =>
        {
            bool read = ScanMessage.TryParse($"{json[..at]}{c}{json[(at + 1)..]}", out ScanMessage? message);

            Assert.Equal(read, message is not null);
        });
    }
}
