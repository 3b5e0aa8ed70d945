using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.RedHat;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.RedHat;

public sealed class RedHatRepositoriesFeedTests
{
    private const string Name = "repository-to-cpe.json";

    private const string Good = """
        {"data":{
          "rhel-9-for-x86_64-baseos-rpms":{"cpes":["cpe:/o:redhat:enterprise_linux:9::baseos","cpe:/o:redhat:enterprise_linux:9::baseos"],
            "repo_relative_urls":["content/dist/rhel9/9/x86_64/baseos/os"]},
          "liberty-rpms":{"cpes":["cpe:/a:openliberty:19"],"repo_relative_urls":[]},
          "wrong":7},
         "last_updated":"2024-08-11T01:02:03"}
        """;

    private static Task<FeedReading> ReadAsync(string text) => FeedReading.OfTextAsync(new RedHatRepositoriesFeed(), Name, text);

    [Fact]
    public async Task ReadsTheProductsOfRepositories()
    {
        FeedReading reading = await ReadAsync(Good);

        var repository = Assert.IsType<RepositoryCpes>(Assert.Single(reading.Records));
        Assert.Equal("rhel-9-for-x86_64-baseos-rpms", repository.Repository);
        Assert.Equal(["cpe:/o:redhat:enterprise_linux:9::baseos"], repository.Cpes);
        Assert.Equal(1, reading.Report.Skipped["of no product of Red Hat's"]);
        Assert.Equal(1, reading.Report.Malformed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":{"a":""")]
    public async Task SaysThatAFileIsNoList(string text) => await Assert.ThrowsAsync<FeedException>(() => ReadAsync(text));

    [Fact]
    public async Task RefusesAFileThatIsTooLarge() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(new string(' ', RedHatRepositoriesFeed.MaxBytes + 1)));

    [Fact]
    public Task SurvivesDamage() => SpoiltDocuments.ReadAsync(new RedHatRepositoriesFeed(), Name, Good);

    [Theory]
    [InlineData("repository-to-cpe.json", true)]
    [InlineData("redhat/repository2cpe/repository-to-cpe.json", true)]
    [InlineData("old-repository-to-cpe.json", false)]
    public void RecognisesItsFile(string path, bool isOne) => Assert.Equal(isOne, new RedHatRepositoriesFeed().Recognises(path));
}
