using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Grpc;
using ImageScan.Core.Api.Grpc.Messages;
using ImageScan.Core.Api.Wire;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Grpc;

public sealed class ProtoFormTests
{
    public static TheoryData<ApiLevel> Levels => [.. Enum.GetValues<ApiLevel>()];

    [Theory]
    [MemberData(nameof(Levels))]
    public void SaysWhatJsonSays(ApiLevel level)
    {
        var image = (WireImage)new FilledMessage().Of(typeof(WireImage));

        Image read = Image.Parser.ParseFrom(BytesOf(image, level));

        JsonElement json = JsonOf(image, level);
        Assert.True(ProtoAgainstJson.CountOf(json) > 300);
        Assert.Empty(ProtoAgainstJson.Differences(read, json));
    }

    [Theory]
    [MemberData(nameof(Levels))]
    public void HasAPlaceForEveryFieldOfEveryAnswer(ApiLevel level) => Assert.All(ProtoMessages.All.Keys, answer =>
    {
        object message = answer == typeof(WirePing) ? new WirePing() : new FilledMessage().Of(answer);

        IMessage read = ProtoMessages.All[answer].Parser.ParseFrom(BytesOf(message, level));

        Assert.NotEqual(0, read.CalculateSize());
    });

    [Fact]
    public void WritesTheBytesOfGoogleProtobuf()
    {
        WireImage image = ((WireImage)new FilledMessage().Of(typeof(WireImage))) with { Metadata = null };
        byte[] written = BytesOf(image, ApiLevel.Latest);

        Assert.Equal(Image.Parser.ParseFrom(written).ToByteArray(), written);
    }

    [Fact]
    public void WritesNothingOfAnEmptyMessage() => Assert.Empty(BytesOf(new WireImage(), ApiLevel.Latest));

    [Fact]
    public void KeepsAZeroThatIsSet()
    {
        var image = new WireImage { Components = 0, TopCvss = 0, Scan = new WireScan { Components = [new WireComponent { LayerIndex = 0, Vulns = [new WireVulnerability { FixedBy = "" }] }] } };

        Image read = Image.Parser.ParseFrom(BytesOf(image, ApiLevel.Release45));

        EmbeddedImageScanComponent component = Assert.Single(read.Scan.Components);
        Assert.True(read.HasComponents && read.HasTopCvss && component.HasLayerIndex && Assert.Single(component.Vulns).HasFixedBy);
        Assert.False(read.HasCves || read.HasFixableCves || component.HasTopCvss || read.Scan.HasHash);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(126)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(3_000_000)]
    public void WritesLengthsOfAnySize(int length)
    {
        var image = new WireImage { Id = "after", Name = new WireImageName { Registry = new string('x', length) }, Names = [new WireImageName { Tag = "later" }] };

        Image read = Image.Parser.ParseFrom(BytesOf(image, ApiLevel.Release45));

        Assert.Equal((length, "after", "later"), (read.Name.Registry.Length, read.Id, Assert.Single(read.Names).Tag));
    }

    [Fact]
    public void WritesTimesBeforeTheirBeginning()
    {
        var image = new WireImage { LastUpdated = DateTimeOffset.UnixEpoch.AddTicks(-1) };

        Image read = Image.Parser.ParseFrom(BytesOf(image, ApiLevel.Release45));

        Assert.Equal((-1, 999_999_900), (read.LastUpdated.Seconds, read.LastUpdated.Nanos));
    }

    // Ten thousand findings are the largest answers that are met. Bytes of this thread, since they are the same at every run; what JSON takes for the
    // same depends on what lies in the pool of arrays.
    [Fact]
    public void TakesNoMoreMemoryThanEightTimesWhatItWrites()
    {
        var filled = new FilledMessage();
        WireComponent[] components =
        [
            .. Enumerable.Range(0, 1_000).Select(_ => ((WireComponent)filled.Of(typeof(WireComponent))) with
            {
                Vulns = [.. Enumerable.Range(0, 10).Select(_ => (WireVulnerability)filled.Of(typeof(WireVulnerability)))],
            }),
        ];
        var image = new WireImage { Scan = new WireScan { Components = components } };
        BytesOf(image with { Scan = new WireScan { Components = components[..1] } }, ApiLevel.Latest);

        var buffer = new ProtoBuffer();
        long before = GC.GetAllocatedBytesForCurrentThread();
        ProtoMessages.Write(image, ApiLevel.Latest, buffer);
        long took = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(buffer.Length > 1_000_000);
        Assert.True(took < 8L * buffer.Length, $"{took} bytes for {buffer.Length}");
    }

    [Fact]
    public void RefusesAFieldThatHasNoNumber()
    {
        MessageDescriptor other = PongMessage.Descriptor;

        NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => ProtoForm.Of(typeof(WireImageName), other, ApiLevel.Release45));

        Assert.Equal("v1.PongMessage has no field registry.", refusal.Message);
    }

    private static byte[] BytesOf(object message, ApiLevel level)
    {
        var buffer = new ProtoBuffer();
        ProtoMessages.Write(message, level, buffer);
        return buffer.Written.ToArray();
    }

    private static JsonElement JsonOf(WireImage image, ApiLevel level) => JsonDocument.Parse(WireJson.BytesOf(image, WireLayout.Compact, level)).RootElement;
}
