using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Inventory;

public sealed class PathSetTests
{
    [Fact]
    public void TellsPathsOfTheSameLettersApart()
    {
        var set = PathSet.Of(["a/b", "ab/c", "é/a"]);

        Assert.All(new[] { "a/b", "ab/c", "é/a" }, path => Assert.True(set.Contains(path)));
        Assert.All(new[] { "", "a", "b", "ab", "b/a", "a/bc", "a/b/c", "/a/b", "e/a" }, path => Assert.False(set.Contains(path)));
    }

    [Fact]
    public void HashesAPathAsAWalkDownItsFoldersDoes()
    {
        string longName = new('ü', 300);

        ulong walked = PathSet.HashOf(PathSet.HashOf(PathSet.HashOf(PathSet.Start, "usr"), longName), "x");

        Assert.Equal(walked, PathSet.HashOf($"usr/{longName}/x"));
    }

    [Fact]
    public void ComesBackFromItsBytes()
    {
        var set = PathSet.Of(["a/b", "c"]);

        Assert.True(PathSet.FromBytes(set.ToBytes()).Contains("a/b"));
        Assert.Throws<FormatException>(() => PathSet.FromBytes([1, 2, 3]));
    }
}
