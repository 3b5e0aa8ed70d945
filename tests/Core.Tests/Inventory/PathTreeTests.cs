using CsCheck;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Inventory;

public sealed class PathTreeTests
{
    private static readonly Gen<string> Paths = Gen.OneOf("a", "b", "ab").Array[1, 4].Select(names => string.Join('/', names));

    [Fact]
    public void HoldsWhatAListOfPathsWouldHold() =>
        Gen.Select(Gen.Int[0, 3], Paths).Array[1, 30].Sample(steps =>
        {
            var tree = new PathTree<string>();
            var paths = new HashSet<string>();
            foreach ((int step, string path) in steps)
            {
                switch (step)
                {
                    case 0:
                        tree.Set(path, path);
                        paths.Add(path);
                        break;
                    case 1:
                        tree.Remove(path);
                        paths.RemoveWhere(known => IsAtOrBelow(known, path));
                        break;
                    case 2:
                        tree.DropValues(PathSet.Of([path, "b/b"]), value => value != "a/b");
                        paths.RemoveWhere(known => known != "a/b" && (known == path || known == "b/b"));
                        break;
                    default:
                        tree.RemoveAll(PathSet.Of([path, "b/b"]));
                        paths.RemoveWhere(known => IsAtOrBelow(known, path) || IsAtOrBelow(known, "b/b"));
                        break;
                }
            }

            Assert.Equal(paths.Order(StringComparer.Ordinal), tree.All().Select(found => found.Path).Order(StringComparer.Ordinal));
            Assert.All(paths, path => Assert.Equal(path, tree.Find(path)));
            Assert.All(
                new[] { "a", "a/b", "b" },
                folder => Assert.Equal(paths.Any(path => path != folder && IsAtOrBelow(path, folder)), tree.HasBelow(folder)));
        });

    [Fact]
    public void CostsWhatADeepPathIsLong()
    {
        // Each of 2,000 paths has 250 folders of its own: 7 million characters of names, but 920 million if every folder kept its path.
        string[] paths = [.. Enumerable.Range(0, 2000).Select(i => string.Join('/', Enumerable.Repeat("folder-of-14-c", 249).Prepend($"{i}")))];
        var tree = new PathTree<string>();
        long before = GC.GetAllocatedBytesForCurrentThread();

        Array.ForEach(paths, path => tree.Set(path, "x"));
        tree.RemoveAll(PathSet.Of([paths[7], paths[8][..1000]]));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200L << 20);
        Assert.Null(tree.Find(paths[7]));
        Assert.Equal(paths.Length - 1, tree.All().Count());
        Assert.Contains(paths[9], tree.All().Select(found => found.Path));
    }

    [Fact]
    public void LosesEverythingWithItsRoot()
    {
        var tree = new PathTree<string>();
        tree.Set("a/b", "x");

        tree.Remove("");

        Assert.Empty(tree.All());
        Assert.Null(tree.Find("a/b"));
    }

    private static bool IsAtOrBelow(string path, string folder) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);
}
