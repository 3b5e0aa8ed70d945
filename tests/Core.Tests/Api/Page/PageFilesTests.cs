using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using ImageScan.Core.Api.Page;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Page;

/// <summary>What is served is what lies in the folder, and small.</summary>
public sealed partial class PageFilesTests
{
    // "A few hundred kilobytes at most", and far from it as it travels.
    private const int MostBytes = 300_000;
    private const int MostPackedBytes = 100_000;

    private static readonly string Folder = Repository.Path("src/Core/Api/Page");

    [Fact]
    public void AreAllFilesOfTheFolderThatABrowserReads() => Assert.Equal(
        Directory.EnumerateFiles(Folder).Select(file => Path.GetFileName(file)!)
            .Where(name => Path.GetExtension(name) is ".css" or ".js" or ".svg").Order(StringComparer.Ordinal),
        PageFiles.Parts);

    [Fact]
    public void AreServedAsTheyLieThere()
    {
        string page = TextOf(PageFiles.Page);
        string source = File.ReadAllText(Path.Combine(Folder, "index.html"));
        Assert.NotEqual(source, page);
        Assert.Equal(source, page.Replace($"\"assets/{PageFiles.Version}/", "\"assets/", StringComparison.Ordinal));
        Assert.All(PageFiles.Parts, name => Assert.Equal(File.ReadAllText(Path.Combine(Folder, name)), TextOf(PageFiles.Find(name)!)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("index.html")]
    [InlineData("../PageFiles.cs")]
    [InlineData("APP.JS")]
    [InlineData("PageFiles.cs")]
    public void AreNoOthers(string name) => Assert.Null(PageFiles.Find(name));

    [Fact]
    public void AreSmall()
    {
        PageFile[] all = [PageFiles.Page, .. PageFiles.Parts.Select(name => PageFiles.Find(name)!)];

        Assert.InRange(all.Sum(file => Encoding.UTF8.GetByteCount(TextOf(file))), 1, MostBytes);
        Assert.InRange(all.Sum(file => file.Gzip.Length), 1, MostPackedBytes);
    }

    [Fact]
    public void HaveTagsOfTheirContents()
    {
        PageFile[] all = [PageFiles.Page, .. PageFiles.Parts.Select(name => PageFiles.Find(name)!)];

        Assert.All(all, file => Assert.Matches("^W/\"[0-9a-f]{32}\"$", file.Tag));
        Assert.Distinct(all.Select(file => file.Tag));
    }

    // The policy would refuse it; so that nobody finds out in a browser.
    [Fact]
    public void HaveNoScriptOrStyleWithinThePage()
    {
        string page = TextOf(PageFiles.Page);

        Assert.DoesNotMatch(InlineParts(), page);
        Assert.DoesNotMatch(OtherHosts(), page);
    }

    private static string TextOf(PageFile file)
    {
        using var expanded = new StreamReader(new GZipStream(new MemoryStream(file.Gzip.ToArray()), CompressionMode.Decompress));
        return expanded.ReadToEnd();
    }

    [GeneratedRegex(@"<style|<script(?![^>]*\ssrc=)|\son[a-z]+=|\sstyle=|javascript:", RegexOptions.IgnoreCase)]
    private static partial Regex InlineParts();

    [GeneratedRegex(@"(?:src|href)=""?(?:https?:)?//", RegexOptions.IgnoreCase)]
    private static partial Regex OtherHosts();
}
