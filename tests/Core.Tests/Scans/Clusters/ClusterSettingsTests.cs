using ImageScan.Core.Results;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Tests.Scans.Clusters;

public sealed class ClusterSettingsTests
{
    [Theory]
    [InlineData("e")]
    [InlineData("edge-1")]
    [InlineData("7")]
    [InlineData("poison-1")]
    [InlineData("background-1")]
    [InlineData("abcdefghij-abcdefghij-abcdefghij-abcdefg")]
    public void TakeANameFromWhichAQueueCanBeMade(string name)
    {
        var settings = new ClusterSettings { Name = name };

        Assert.Same(settings, settings.Checked(boundQueue: null));
        Assert.InRange((QueueNames.BackgroundOfCluster(name) + QueueNames.PoisonSuffix).Length, 3, 63);
    }

    [Theory]
    [InlineData("Edge")]
    [InlineData("edge_1")]
    [InlineData("edge.1")]
    [InlineData("-edge")]
    [InlineData("edge-")]
    [InlineData("edge--1")]
    [InlineData("kante-ä")]
    [InlineData("٣")]
    [InlineData(" ")]
    [InlineData("abcdefghij-abcdefghij-abcdefghij-abcdefgh")]
    public void RefuseANameThatNoQueueMayHave(string name)
    {
        SettingException refusal = Assert.Throws<SettingException>(() => new ClusterSettings { Name = name }.Checked(boundQueue: null));

        Assert.StartsWith($"Cluster__Name is '{name}'; it must be up to 40 small letters, ", refusal.Message, StringComparison.Ordinal);
    }

    // The queue of "edge-poison" is where the host puts what failed for "edge".
    [Theory]
    [InlineData("edge-poison")]
    [InlineData("edge-background")]
    [InlineData("edge-background-poison")]
    public void RefuseANameWhoseQueueIsOneOfAnother(string name) =>
        Assert.Throws<SettingException>(() => new ClusterSettings { Name = name }.Checked(boundQueue: null));

    [Fact]
    public void RefuseATriggerThatIsBoundToAnotherQueue()
    {
        SettingException refusal = Assert.Throws<SettingException>(() => new ClusterSettings { Name = "edge" }.Checked("no-cluster"));

        Assert.Equal("ClusterQueue is 'no-cluster'; with Cluster__Name 'edge' it must be scan-edge.", refusal.Message);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("", "no-cluster")]
    [InlineData("edge", "")]
    [InlineData("edge", "scan-edge")]
    public void TakeATriggerThatIsBoundToNoneOrTheRightOne(string name, string? boundQueue) =>
        Assert.Equal(name, new ClusterSettings { Name = name }.Checked(boundQueue).Name);

    // No cluster can take the queue that the sample names for a deployment that is none.
    [Fact]
    public void LeaveTheQueueOfNoClusterToNobody() => Assert.False("no-cluster".StartsWith(QueueNames.OfCluster(""), StringComparison.Ordinal));

    [Theory]
    [InlineData(0, true)]
    [InlineData(180, true)]
    [InlineData(181, false)]
    public void CountAClusterAsConnectedForThreeMinutesAfterAHeartbeat(int seconds, bool isConnected) =>
        Assert.Equal(
            isConnected,
            new ClusterSettings().IsConnected(new Cluster("1", "edge", DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(seconds), "0.1.0", 1)));

    [Fact]
    public void BeatThreeTimesInThatTime() => Assert.Equal(TimeSpan.FromMinutes(1), new ClusterSettings().BeatEvery);
}
