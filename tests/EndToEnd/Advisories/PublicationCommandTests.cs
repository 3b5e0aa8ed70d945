using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Advisories;

/// <summary><c>imagescan advisories publish</c> and <c>rollback</c>.</summary>
public sealed class PublicationCommandTests(SharedAzurite azurite) : IDisposable
{
    private readonly PublicationRoom _room = new(azurite);

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task PublishesAndTakesBackAndReleases()
    {
        string first = _room.Made.AtHour(0);
        string second = _room.Made.AtHour(6);

        Assert.Equal((0, "in use"), await RunAsync("publish", first));
        Assert.Equal((0, "in use"), await RunAsync("publish", second));
        Assert.Equal(MadeSnapshots.IdOf(second), (await _room.LatestAsync()).Current.Id);
        Assert.Equal((0, "pinned"), await RunAsync("rollback"));
        Assert.Equal(MadeSnapshots.IdOf(first), (await _room.LatestAsync()).Current.Id);
        Assert.Equal((0, "in use"), await RunAsync("rollback", "--release"));
        Assert.Equal(MadeSnapshots.IdOf(second), (await _room.LatestAsync()).Current.Id);
        Assert.Equal((0, "pinned"), await RunAsync("rollback", MadeSnapshots.IdOf(first)[..16]));
        Assert.Equal(MadeSnapshots.IdOf(first), (await _room.LatestAsync()).Current.Id);
    }

    [Fact]
    public async Task RefusesAnOlderOneUnlessTold()
    {
        await _room.PublishAsync(_room.Made.AtHour(6));
        string older = _room.Made.AtHour(0);

        (int exitCode, _, string error) = await CommandAsync("publish", older);
        Assert.Equal(2, exitCode);
        Assert.Contains("--older", error, StringComparison.Ordinal);
        Assert.Equal((0, "in use"), await RunAsync("publish", older, "--older"));

        Assert.Equal(MadeSnapshots.IdOf(older), (await _room.LatestAsync()).Current.Id);
    }

    [Fact]
    public async Task SaysWhatCannotBe()
    {
        Assert.Equal(2, (await CommandAsync("publish", "/no/such/file")).ExitCode);
        Assert.Equal(2, (await CommandAsync("rollback")).ExitCode);
        Assert.Equal(2, (await CommandAsync("rollback", "abc", "--release")).ExitCode);
    }

    // What a command that scans here would use.
    [Fact]
    public async Task InfoSpeaksOfWhatIsPublished()
    {
        string path = _room.Made.AtHour(0);
        await _room.PublishAsync(path);

        (int exitCode, string output, string error) = await CommandAsync("info");

        Assert.Equal((0, ""), (exitCode, exitCode == 0 ? "" : error));
        Assert.Contains(MadeSnapshots.IdOf(path), output, StringComparison.Ordinal);
    }

    private Task<(int ExitCode, string Output, string Error)> CommandAsync(params string[] arguments) => CommandProcess.RunAsync(
        new Dictionary<string, string>
        {
            ["AzureWebJobsStorage"] = azurite.ConnectionString,
            ["Storage__Prefix"] = _room.Prefix,
            ["TMPDIR"] = Directory.CreateDirectory(Path.Combine(_room.Made.Folder, "tmp")).FullName,
        },
        ["advisories", .. arguments]);

    // The code, and what the first line calls the snapshot in use.
    private async Task<(int, string)> RunAsync(params string[] arguments)
    {
        (int exitCode, string output, string error) = await CommandAsync(arguments);
        return (exitCode, exitCode == 0 ? output.Split("  ")[0] : error);
    }
}
