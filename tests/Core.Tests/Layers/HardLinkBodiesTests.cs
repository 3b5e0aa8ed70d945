using System.Text;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Layers;

public sealed class HardLinkBodiesTests
{
    [Fact]
    public void ReadsTheFileThatALinkNames()
    {
        TarBuilder tar = new TarBuilder()
            .File("store/status", "Package: a", change: header => TarBuilder.Put(header, 100, "0000755"))
            .File("other", "x")
            .Header("wanted", 0, '1', "./store/status", header => TarBuilder.Put(header, 100, "0000755"));

        Result result = Read(tar);

        Assert.Equal([new LayerEntry("wanted", LayerEntryKind.File, 10, IsExecutable: true)], result.Entries);
        Assert.Equal(["Package: a"], result.Contents);
        Assert.Empty(result.Missing);
    }

    [Fact]
    public void ReadsTheFileAsItWasBeforeTheLink()
    {
        TarBuilder tar = new TarBuilder().File("a", "first").File("a", "second").HardLink("wanted", "a").File("a", "third");

        Assert.Equal(["second"], Read(tar).Contents);
    }

    [Fact]
    public void FollowsChainsOfLinks()
    {
        TarBuilder tar = new TarBuilder()
            .File("a", "text")
            .HardLink("b", "a")
            .HardLink("c", "b")
            .File("b", "replaced")
            .HardLink("wanted1", "c")
            .HardLink("wanted2", "wanted1");

        Assert.Equal(["text", "text"], Read(tar).Contents);
    }

    [Fact]
    public void EndsAtLoopsAndSaysWhatIsMissing()
    {
        TarBuilder tar = new TarBuilder()
            .HardLink("wanted", "wanted")
            .HardLink("wanted1", "b").HardLink("b", "wanted1").HardLink("wanted1", "b")
            .HardLink("wanted2", "lower/layer")
            .File("lower/layer", "too late");

        Result result = Read(tar);

        Assert.Empty(result.Entries);
        Assert.Equal(["wanted", "wanted1", "wanted1", "wanted2"], result.Missing.Select(missing => missing.Path));
        Assert.Contains("'lower/layer'", result.Missing[^1].Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('2')]
    [InlineData('5')]
    [InlineData('6')]
    public void KnowsThatSomethingElseTookTheFilesPlace(char type)
    {
        TarBuilder tar = new TarBuilder().File("a", "text").Link("a", "x", type).HardLink("wanted", "a");

        Assert.Equal("wanted", Assert.Single(Read(tar).Missing).Path);
    }

    [Fact]
    public void TakesAWhiteoutForOneOfLowerLayers()
    {
        TarBuilder tar = new TarBuilder().File("a", "text").File(".wh.a", "").HardLink("wanted", "a");

        Assert.Equal(["text"], Read(tar).Contents);
    }

    [Fact]
    public void ReadsSparseFiles()
    {
        TarBuilder tar = new TarBuilder()
            .Pax(("GNU.sparse.size", "5"), ("GNU.sparse.map", "1,2")).File("a", "xy").HardLink("wanted", "a");

        Assert.Equal(["\0xy\0\0"], Read(tar).Contents);
    }

    [Fact]
    public void HoldsNoMoreThanTheLimit()
    {
        TarBuilder tar = new TarBuilder()
            .File("a", new byte[600]).File("b", new byte[600]).File("c", new byte[300])
            .HardLink("wanted1", "a").HardLink("wanted2", "b").HardLink("wanted3", "c");

        Result result = Read(tar, new LayerLimits { LinkedBytes = 1000 });

        Assert.Equal(["wanted1", "wanted3"], result.Entries.Select(entry => entry.Path));
        Assert.Contains("Limits__LinkedBytes", Assert.Single(result.Missing).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void HoldsNoMoreNamesThanTheLimit()
    {
        TarBuilder tar = new TarBuilder().HardLink("wanted1", "a").HardLink("wanted2", "a");

        var error = Assert.Throws<LayerLimitException>(() => Read(tar, new LayerLimits { LinkedBytes = 20 }));

        Assert.Equal(nameof(LayerLimits.LinkedBytes), error.Limit);
    }

    [Fact]
    public void ReadsTheBlobToItsEndBothTimes()
    {
        byte[] tar = new TarBuilder().File("a", "text").HardLink("wanted", "a").File("b", CompressionTests.Noise(500_000)).ToArray();
        byte[] blob = Walked.Gzip(tar);
        HardLinkBodies links = FirstWalk(new MemoryStream(blob), new LayerLimits());
        var again = new MemoryStream(blob);
        using var walker = new LayerWalker(again, "", new LayerLimits());

        Assert.Single(links.Read(walker).ToList());

        Assert.Equal(blob.Length, again.Position);
    }

    [Fact]
    public void SaysSoIfTheSecondWalkSeesAnotherLayer()
    {
        byte[] first = new TarBuilder().File("a", "text").HardLink("wanted", "a").ToArray();
        HardLinkBodies links = FirstWalk(new MemoryStream(first), new LayerLimits());
        byte[] other = new TarBuilder().File("a", "text").HardLink("wanted", "b").ToArray();
        using var walker = new LayerWalker(new MemoryStream(other), "", new LayerLimits());

        Assert.Empty(links.Read(walker).ToList());
        Assert.Equal("wanted", Assert.Single(links.Missing).Path);
    }

    [Fact]
    public void NeedsNoSecondWalkWithoutWantedLinks()
    {
        byte[] tar = new TarBuilder().File("a", "text").HardLink("b", "a").ToArray();

        Assert.False(FirstWalk(new MemoryStream(tar), new LayerLimits()).Any);
    }

    private static Result Read(TarBuilder tar, LayerLimits? limits = null)
    {
        limits ??= new LayerLimits();
        byte[] blob = tar.ToArray();
        HardLinkBodies links = FirstWalk(new MemoryStream(blob), limits);
        using var walker = new LayerWalker(new MemoryStream(blob), "", limits);
        var entries = new List<LayerEntry>();
        var contents = new List<string>();
        foreach (LinkedBody body in links.Read(walker))
        {
            entries.Add(body.Entry);
            using var reader = new StreamReader(body.Content, Encoding.UTF8);
            contents.Add(reader.ReadToEnd());
        }

        return new Result(entries, contents, links.Missing);
    }

    private static HardLinkBodies FirstWalk(Stream blob, LayerLimits limits)
    {
        using var walker = new LayerWalker(blob, "", limits);
        var links = new HardLinkBodies(limits);
        while (walker.MoveNext())
        {
            if (walker.Current.Kind != LayerEntryKind.HardLink)
            {
                continue;
            }

            if (walker.Current.Path.StartsWith("wanted", StringComparison.Ordinal))
            {
                links.Want(walker.Current, walker.Position);
            }
            else
            {
                links.See(walker.Current);
            }
        }

        return links;
    }

    private sealed record Result(IReadOnlyList<LayerEntry> Entries, IReadOnlyList<string> Contents, IReadOnlyList<LayerWarning> Missing);
}
