using System.Text;
using CsCheck;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Layers;

public sealed class LayerPathTests
{
    [Theory]
    [InlineData("etc/passwd", "etc/passwd")]
    [InlineData("/etc/passwd", "etc/passwd")]
    [InlineData("./etc/passwd", "etc/passwd")]
    [InlineData(".//./etc//./passwd/", "etc/passwd")]
    [InlineData("etc/", "etc")]
    [InlineData("etc/.", "etc")]
    [InlineData("root/.profile", "root/.profile")]
    [InlineData(".dockerenv", ".dockerenv")]
    [InlineData("..data", "..data")]
    [InlineData("a/...", "a/...")]
    [InlineData("a/../b", "b")]
    [InlineData("../../etc/passwd", "etc/passwd")]
    [InlineData("a/b/../../../../c", "c")]
    [InlineData("a/..", "")]
    [InlineData("..", "")]
    [InlineData(".", "")]
    [InlineData("./", "")]
    [InlineData("/", "")]
    [InlineData("", "")]
    [InlineData("a\\..\\b", "a\\..\\b")]
    [InlineData("C:/x", "C:/x")]
    public void BringsEveryPathBelowTheRoot(string written, string path) =>
        Assert.Equal(path, LayerPath.Normalize(Encoding.UTF8.GetBytes(written), new LayerLimits()));

    [Fact]
    public void IsNeverRootedAndHasNoDots() => Gen.String[Gen.Char["./ab\uFFFD"], 0, 30].Sample(written =>
    {
        string path = LayerPath.Normalize(Encoding.UTF8.GetBytes(written), new LayerLimits());

        Assert.True(path.Length == 0 || path.Split('/').All(segment => segment is not ("" or "." or "..")), path);
        Assert.Equal(path, LayerPath.Normalize(Encoding.UTF8.GetBytes(path), new LayerLimits()));
    });
}
