using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using ImageScan.Core.Api.Description;

namespace ImageScan.Core.Tests.Api.Description;

public sealed partial class ReaderPageTests
{
    private static readonly string Page = Encoding.UTF8.GetString(ReaderPage.Page.Span);

    [Fact]
    public void LoadsNothingButItsOwnParts()
    {
        string[] parts = [.. Link().Matches(Page).Select(match => match.Groups[1].Value)];

        Assert.Equal(["docs/favicon.svg", "openapi.json", "docs/scalar.js", "docs/reader.js"], parts);
        Assert.All(parts.Where(part => part.StartsWith("docs/", StringComparison.Ordinal)), part => Assert.NotNull(ReaderPage.Find(part["docs/".Length..])));
    }

    [Fact]
    public void HasNoScriptAndNoStyleWithinIt()
    {
        Assert.DoesNotMatch("<script(?![^>]* src=)", Page);
        Assert.DoesNotMatch("<style|style=| on[a-z]+=", Page);
    }

    [Fact]
    public void TakesTheReaderFromItsPackage()
    {
        ReaderAsset reader = ReaderPage.Find("scalar.js")!;

        using var script = new StreamReader(new GZipStream(new MemoryStream(reader.Content.ToArray()), CompressionMode.Decompress));
        Assert.True(reader.IsGzip);
        Assert.Contains("createApiReference", script.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("SCALAR.JS")]
    [InlineData("../reader.js")]
    [InlineData("scalar.aspnetcore.js")]
    [InlineData("reader.html")]
    public void HasNoOtherPart(string name) => Assert.Null(ReaderPage.Find(name));

    [Fact]
    public void IsAllowedNothingFromElsewhere()
    {
        Dictionary<string, string> rules = ReaderPage.Policy.Split("; ").Select(rule => rule.Split(' ', 2)).ToDictionary(rule => rule[0], rule => rule[1]);

        Assert.Equal("'none'", rules["default-src"]);
        Assert.Equal("'self'", rules["script-src"]);
        Assert.Equal("'self'", rules["connect-src"]);
        Assert.DoesNotContain("http", ReaderPage.Policy, StringComparison.Ordinal);
        Assert.DoesNotContain("*", ReaderPage.Policy, StringComparison.Ordinal);
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]*)\"")]
    private static partial Regex Link();
}
