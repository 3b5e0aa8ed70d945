using System.Text;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Osv;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Osv;

public sealed class OsvFeedTests
{
    private static string Record(string id) => $$"""{"id":"{{id}}","modified":"2024-01-01T00:00:00Z"}""";

    private static async Task<(List<Advisory> Advisories, FeedReport Report)> ReadAsync(string location, HttpMessageHandler? web = null)
    {
        FeedReading reading = await FeedReading.OfLocationAsync(new OsvFeed(), location, web);
        return ([.. reading.Advisories], reading.Report);
    }

    [Fact]
    public async Task ReadsEveryEcosystemOfAFolder()
    {
        using var folder = new TemporaryFolder();
        OsvZip.Write(folder, "npm", Record("A-1"), Record("A-2"));
        OsvZip.Write(folder, "Debian", Record("B-1"));
        Directory.CreateDirectory(folder.File("empty"));

        var (advisories, report) = await ReadAsync(folder.Path);

        Assert.Equal(["B-1", "A-1", "A-2"], advisories.Select(advisory => advisory.Id));
        Assert.Equal("npm/all.zip", advisories[1].Source);
        Assert.DoesNotContain(folder.Path, advisories[1].Source, StringComparison.Ordinal);
        Assert.Equal(0, report.Malformed);
        Assert.Empty(report.Failed);
    }

    [Fact]
    public async Task ReadsTheFolderOfOneEcosystem()
    {
        using var folder = new TemporaryFolder();
        OsvZip.Write(folder, "npm", Record("A-1"));

        var (advisories, _) = await ReadAsync(folder.File("npm"));

        Assert.Single(advisories);
    }

    [Fact]
    public async Task CountsMalformedRecordsAndGoesOn()
    {
        using var folder = new TemporaryFolder();
        OsvZip.Write(folder, "npm", "{", Record("A-1"), """{"id":"A-2"}""", Record("A-3"));

        var (advisories, report) = await ReadAsync(folder.Path);

        Assert.Equal(["A-1", "A-3"], advisories.Select(advisory => advisory.Id));
        Assert.Equal(2, report.Malformed);
        Assert.Contains("record-2.json: has no valid date 'modified'", report.Reasons[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task CountsAnEntryThatCannotBeUnpackedAndGoesOn()
    {
        using var folder = new TemporaryFolder();
        byte[] zip = OsvZip.Of(Record("A-1"), Record("A-2"));
        int content = zip.AsSpan().IndexOf("record-0.json"u8) + "record-0.json".Length;
        zip.AsSpan(content, 4).Fill(0xFF);
        Directory.CreateDirectory(folder.File("npm"));
        await File.WriteAllBytesAsync(folder.File("npm", "all.zip"), zip, TestContext.Current.CancellationToken);

        var (advisories, report) = await ReadAsync(folder.Path);

        Assert.Equal(["A-2"], advisories.Select(advisory => advisory.Id));
        Assert.Equal(1, report.Malformed);
    }

    [Fact]
    public async Task TellsOfABrokenArchiveAndReadsTheOthers()
    {
        using var folder = new TemporaryFolder();
        OsvZip.Write(folder, "PyPI", Record("A-1"));
        Directory.CreateDirectory(folder.File("npm"));
        await File.WriteAllTextAsync(folder.File("npm", "all.zip"), "no zip", TestContext.Current.CancellationToken);

        var (advisories, report) = await ReadAsync(folder.Path);

        Assert.Single(advisories);
        Assert.Equal("npm/all.zip", Assert.Single(report.Failed).Name);
    }

    [Fact]
    public async Task FetchesTheEcosystemsThatAnAddressLists()
    {
        var web = new FeedWeb(new Dictionary<string, byte[]>
        {
            ["https://osv.example/b/ecosystems.txt"] = Encoding.UTF8.GetBytes("npm\nDebian:11\nDebian:12\nAzure Linux:3\n..\n"),
            ["https://osv.example/b/npm/all.zip"] = OsvZip.Of(Record("A-1")),
            ["https://osv.example/b/Debian/all.zip"] = OsvZip.Of(Record("B-1")),
        });

        var (advisories, report) = await ReadAsync("https://osv.example/b/", web);

        Assert.Equal(["A-1", "B-1"], advisories.Select(advisory => advisory.Id));
        Assert.Equal("Azure Linux/all.zip", Assert.Single(report.Failed).Name);
    }

    [Fact]
    public async Task FetchesTheOneArchiveOfAnAddressWithoutAList()
    {
        var web = new FeedWeb(new Dictionary<string, byte[]> { ["https://osv.example/npm/all.zip"] = OsvZip.Of(Record("A-1")) });

        var (advisories, report) = await ReadAsync("https://osv.example/npm", web);

        Assert.Single(advisories);
        Assert.Empty(report.Failed);
    }
}
