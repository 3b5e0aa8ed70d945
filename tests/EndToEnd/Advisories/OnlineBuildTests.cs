using System.Text.Json;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Advisories;

/// <summary>The command as a process of its own, against a server that behaves as feeds do.</summary>
public sealed class OnlineBuildTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("online-");
    private FeedServer _feeds = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Snapshot => Path.Combine(_folder.FullName, "advisories.snap");

    private string Cache => Path.Combine(_folder.FullName, "cache");

    public async ValueTask InitializeAsync() => _feeds = await FeedServer.StartAsync(Token);

    public async ValueTask DisposeAsync()
    {
        await _feeds.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task AsksAgainOnlyForWhatChanged()
    {
        _feeds.Put(Records(3));
        JsonElement first = await BuildAsync();
        JsonElement second = await BuildAsync();
        _feeds.Put(Records(4));

        JsonElement third = await BuildAsync();

        Assert.Equal([200, 304, 200], _feeds.ArchiveAnswers);
        Assert.Equal((3, 1, 0), CountsOf(first));
        Assert.Equal((3, 0, 1), CountsOf(second));
        Assert.Equal((4, 1, 0), CountsOf(third));
        Assert.Equal(["CVE-2026-1000", "CVE-2026-1001", "CVE-2026-1002", "CVE-2026-1003"], await FoundAsync());
    }

    [Theory]
    [InlineData(nameof(FeedFault.ServerError), "answered 501")]
    [InlineData(nameof(FeedFault.BreaksOff), "npm/all.zip")]
    public async Task UsesTheLastGoodDataOfAFeedThatFailsAndSaysSo(string fault, string reason)
    {
        _feeds.Put(Records(3));
        await BuildAsync();
        _feeds.Put(Records(50));
        _feeds.Fault = Enum.Parse<FeedFault>(fault);

        (int exitCode, string output, string error) = await RunAsync("--format", "table");

        Assert.Equal(2, exitCode);
        Assert.Contains(reason, output, StringComparison.Ordinal);
        Assert.Contains("last good data are used", output, StringComparison.Ordinal);
        Assert.Contains("Not all feeds could be read", error, StringComparison.Ordinal);
        Assert.Equal(3, (await FoundAsync()).Length);
    }

    [Fact]
    public async Task RefusesAFeedThatShrinksUntilItIsTold()
    {
        _feeds.Put(Records(30));
        await BuildAsync();
        _feeds.Put(Records(5));

        (int refused, string said, _) = await RunAsync();
        int kept = (await FoundAsync()).Length;
        (int accepted, _, _) = await RunAsync("--accept-shrink", "osv");

        Assert.Equal((2, 30), (refused, kept));
        Assert.Contains("5 records where there were 30", said, StringComparison.Ordinal);
        Assert.Equal((0, 5), (accepted, (await FoundAsync()).Length));
    }

    [Fact]
    public async Task IsKilledInTheMiddleAndNothingIsLost()
    {
        _feeds.Put(Records(3));
        await BuildAsync();
        byte[] before = await File.ReadAllBytesAsync(Snapshot, Token);
        _feeds.Put(Records(40));
        _feeds.Fault = FeedFault.Stalls;

        using (CommandProcess build = CommandProcess.Start(Settings(), Arguments()))
        {
            await _feeds.Stalling.WaitAsync(TimeSpan.FromMinutes(1), Token);
            await build.KillAsync();
        }

        byte[] after = await File.ReadAllBytesAsync(Snapshot, Token);
        _feeds.Fault = FeedFault.ServerError;
        await RunAsync();
        int kept = (await FoundAsync()).Length;
        _feeds.Fault = FeedFault.None;
        JsonElement next = await BuildAsync();

        Assert.Equal(before, after);
        Assert.Equal(3, kept);
        Assert.Equal((40, 1, 0), CountsOf(next));
        Assert.Equal(40, (await FoundAsync()).Length);
        Assert.Equal([".lock", "osv.state"], FilesOfTheCache().Where(file => !file.EndsWith(".pack", StringComparison.Ordinal)));
        Assert.Single(FilesOfTheCache(), file => file.EndsWith(".pack", StringComparison.Ordinal));
    }

    // Wherever in reading, packing or writing it happens to be: each snapshot is one of the two, and whole.
    [Fact]
    public async Task IsKilledAtAnyTimeAndTheSnapshotIsTheOldOneOrTheNewOne()
    {
        _feeds.Put(Records(3000, "old"));
        await BuildAsync();

        for (int round = 0; round < 6; round++)
        {
            _feeds.Put(Records(3000, round % 2 == 0 ? "new" : "old"));
            using (CommandProcess build = CommandProcess.Start(Settings(), Arguments()))
            {
                await Task.Delay(200 + (150 * round), Token);
                await build.KillAsync();
            }

            (int exitCode, string output, _) = await CommandProcess.RunAsync(Settings(), "advisories", "info", "--path", Snapshot);
            Assert.Equal(0, exitCode);
            Assert.Contains("3,000", output, StringComparison.Ordinal);
        }

        _feeds.Put(Records(3000, "last"));
        JsonElement last = await BuildAsync();

        Assert.Equal((3000, 1, 0), CountsOf(last));
        Assert.Single(FilesOfTheCache(), file => file.EndsWith(".pack", StringComparison.Ordinal));
        Assert.DoesNotContain(FilesOfTheCache(), file => file.StartsWith(".unfinished", StringComparison.Ordinal));
    }

    [Fact]
    public async Task LetsOnlyOneUseTheCache()
    {
        _feeds.Put(Records(3));
        _feeds.Fault = FeedFault.Stalls;
        using CommandProcess first = CommandProcess.Start(Settings(), Arguments());
        await _feeds.Stalling.WaitAsync(TimeSpan.FromMinutes(1), Token);

        (int exitCode, _, string error) = await RunAsync();

        Assert.Equal(2, exitCode);
        Assert.Contains("in use by another run", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadsAMirrorAsItReadsTheFeed()
    {
        _feeds.Put(Records(3));
        string mirror = Path.Combine(_folder.FullName, "mirror");
        (int mirrored, string said, _) = await CommandProcess.RunAsync(Settings(), "advisories", "mirror", "--to", mirror, "--feeds", "osv");
        await CommandProcess.RunAsync(Settings(), "advisories", "mirror", "--to", mirror, "--feeds", "osv");
        await _feeds.DisposeAsync();

        (int folder, _, _) = await CommandProcess.RunAsync(Settings(), "advisories", "build", "--from", mirror, "--out", Snapshot + "1");
        (int setting, _, _) = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["Feeds__osv__Url"] = Path.Combine(mirror, "osv") },
            "advisories", "build", "--online", "--feeds", "osv", "--cache", Cache, "--out", Snapshot + "2");

        Assert.Equal((0, 0, 0), (mirrored, folder, setting));
        Assert.Contains("2 documents, 2 of them new", said, StringComparison.Ordinal);
        Assert.Equal([200, 304], _feeds.ArchiveAnswers);
        Assert.Equal(3, (await FoundAsync(Snapshot + "1")).Length);
        Assert.Equal(3, (await FoundAsync(Snapshot + "2")).Length);
    }

    [Fact]
    public async Task ListsItsFeedsWithLicenceAndFreshness()
    {
        _feeds.Put(Records(3));
        await BuildAsync();
        var settings = new Dictionary<string, string>(Settings()) { ["Feeds__cve_list__Enabled"] = "false" };

        (int exitCode, string output, _) = await CommandProcess.RunAsync(settings, "advisories", "feeds", "--cache", Cache, "--format", "json");
        (_, string table, _) = await CommandProcess.RunAsync(settings, "advisories", "feeds", "--cache", Cache);

        using JsonDocument document = JsonDocument.Parse(output);
        JsonElement[] feeds = [.. document.RootElement.EnumerateArray()];
        JsonElement osv = feeds.Single(feed => feed.GetProperty("name").GetString() == "osv");
        JsonElement list = feeds.Single(feed => feed.GetProperty("name").GetString() == "cve-list");
        Assert.Equal(0, exitCode);
        Assert.Equal((_feeds.Address, 3), (osv.GetProperty("address").GetString(), osv.GetProperty("records").GetInt32()));
        Assert.Equal(DateTimeOffset.UtcNow, osv.GetProperty("checkedAt").GetDateTimeOffset(), TimeSpan.FromMinutes(10));
        Assert.Equal("Feeds__cve-list__Enabled is false", list.GetProperty("offBecause").GetString());
        Assert.All(feeds, feed => Assert.NotEqual("", feed.GetProperty("licence").GetString()));
        Assert.All(feeds, feed => Assert.Contains($"{feed.GetProperty("name").GetString()}: ", table, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("advisories", "build", "--out", "x")]
    [InlineData("advisories", "build", "--out", "x", "--from", "y", "--online")]
    [InlineData("advisories", "build", "--out", "x", "--from", "y", "--accept-shrink", "osv")]
    [InlineData("advisories", "build", "--out", "x", "--online", "--starter")]
    [InlineData("advisories", "build", "--out", "x", "--online", "--feeds", "nope")]
    [InlineData("advisories", "mirror", "--to", "x", "--feeds", "nope")]
    public async Task RefusesWhatMakesNoSense(params string[] arguments)
    {
        (int exitCode, string output, string error) = await CommandProcess.RunAsync(Settings(), arguments);

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("Error: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesASettingOfAFeedThatIsNone()
    {
        (int exitCode, string output, string error) = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["Feeds__nope__Url"] = "x" }, "scan", "127.0.0.1:1/n");

        Assert.Equal((2, ""), (exitCode, output));
        Assert.StartsWith("Error: Feeds__nope is none of Feeds__NAME; NAME must be one of osv, ", error, StringComparison.Ordinal);
        Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static string[] Records(int count, string package = "lodash") =>
        [.. Enumerable.Range(1000, count).Select(number => TestAdvisories.Record($"CVE-2026-{number}", package, "9.0.0"))];

    private static (int Records, int Read, int Unchanged) CountsOf(JsonElement build)
    {
        JsonElement feed = build.GetProperty("feeds")[0];
        JsonElement documents = feed.GetProperty("documents");
        return (feed.GetProperty("records").GetInt32(), documents.GetProperty("read").GetInt32(), documents.GetProperty("unchanged").GetInt32());
    }

    private string[] Arguments(params string[] more) =>
        ["advisories", "build", "--online", "--feeds", "osv", "--cache", Cache, "--out", Snapshot, .. more];

    private Dictionary<string, string> Settings() => new() { ["Feeds__osv__Url"] = _feeds.Address };

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] more) => CommandProcess.RunAsync(Settings(), Arguments(more));

    private async Task<JsonElement> BuildAsync()
    {
        (int exitCode, string output, string error) = await RunAsync("--format", "json");
        Assert.Equal((0, ""), (exitCode, exitCode == 0 ? "" : error));
        using JsonDocument document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    // Through the file, as a scan would.
    private async Task<string[]> FoundAsync(string? snapshot = null)
    {
        string packages = Path.Combine(_folder.FullName, "packages.txt");
        await File.WriteAllTextAsync(packages, "pkg:npm/lodash@1.0.0\n", Token);
        (int exitCode, string output, string error) = await CommandProcess.RunAsync(
            new Dictionary<string, string> { ["Advisories__Path"] = snapshot ?? Snapshot }, "match", "--packages", packages, "--format", "json");
        Assert.Equal((0, ""), (exitCode, exitCode == 0 ? "" : error));
        return [.. output.Split('"').Where(word => word.StartsWith("CVE-2026-1", StringComparison.Ordinal)).Distinct().Order(StringComparer.Ordinal)];
    }

    private IEnumerable<string> FilesOfTheCache() => Directory.GetFiles(Cache).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal);
}
