using Azure.Storage.Blobs;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Publication;
using ImageScan.EndToEnd.Azurite;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.EndToEnd.Advisories;

public sealed class PublicationTests(SharedAzurite azurite) : IDisposable
{
    private readonly PublicationRoom _room = new(azurite);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MadeSnapshots Made => _room.Made;

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task PutsTheFileIntoStorageBitByBitAndNamesIt()
    {
        string path = Made.AtHour(0);

        LatestSnapshot latest = await _room.PublishAsync(path);

        Assert.Equal(PublishedSnapshot.Of(path), latest.Current);
        Assert.Equal((MadeSnapshots.Noon, new FileInfo(path).Length), (latest.Current.BuiltAt, latest.Current.Size));
        Assert.Empty(latest.Previous);
        BlobClient blob = (await _room.ContainerAsync()).GetBlobClient($"db/{latest.Current.Id}.snap");
        Assert.Equal(await File.ReadAllBytesAsync(path, Token), (await blob.DownloadContentAsync(Token)).Value.Content.ToArray());
    }

    // The names that other programs may rely on.
    [Fact]
    public async Task WritesLatestJsonForPeopleToRead()
    {
        string first = MadeSnapshots.IdOf(await PublishHourAsync(0));
        string second = MadeSnapshots.IdOf(await PublishHourAsync(6));

        string json = (await (await _room.ContainerAsync()).GetBlobClient("latest.json").DownloadContentAsync(Token)).Value.Content.ToString();

        using var document = System.Text.Json.JsonDocument.Parse(json);
        Assert.Equal(second, document.RootElement.GetProperty("id").GetString());
        Assert.Equal(MadeSnapshots.Noon.AddHours(6), document.RootElement.GetProperty("builtAt").GetDateTimeOffset());
        Assert.Equal(["builtAt", "format", "id", "previous", "size"], document.RootElement.EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(["builtAt", "format", "id", "size"], document.RootElement.GetProperty("previous")[0].EnumerateObject().Select(member => member.Name).Order());
        Assert.Equal(first, document.RootElement.GetProperty("previous")[0].GetProperty("id").GetString());
    }

    [Theory]
    [InlineData(PublishRule.Newer)]
    [InlineData(PublishRule.Refreshed)]
    public async Task RefusesAnOlderOneBeforeItIsUploaded(PublishRule rule)
    {
        string published = MadeSnapshots.IdOf(await PublishHourAsync(6));

        var refusal = await Assert.ThrowsAsync<PublicationException>(() => _room.PublishAsync(Made.AtHour(5), rule));

        Assert.Contains("not newer", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(published, (await _room.LatestAsync()).Current.Id);
        Assert.Equal([published], await _room.IdsInStorageAsync());
    }

    [Fact]
    public async Task PublishesAnOlderOneForWhoeverKnows()
    {
        await PublishHourAsync(6);
        string older = Made.AtHour(5);

        LatestSnapshot latest = await _room.PublishAsync(older, PublishRule.AnyAge);

        Assert.Equal(MadeSnapshots.IdOf(older), latest.Current.Id);
        Assert.False(latest.IsPinned);
    }

    [Fact]
    public async Task MayBeDoneTwice()
    {
        string path = Made.AtHour(0);
        LatestSnapshot first = await _room.PublishAsync(path);

        LatestSnapshot second = await _room.PublishAsync(path);

        Assert.Equal(first.Current, second.Current);
        Assert.Empty(second.Previous);
    }

    [Fact]
    public async Task RefusesWhatIsNoSnapshot()
    {
        string path = Made.AtHour(0);
        byte[] bytes = await File.ReadAllBytesAsync(path, Token);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, Token);

        await Assert.ThrowsAsync<AdvisoryDatabaseException>(() => _room.PublishAsync(path));

        Assert.Null(await _room.Publisher.LatestAsync(Token));
        Assert.Empty(await _room.IdsInStorageAsync());
    }

    [Fact]
    public async Task KeepsThreeAndRemovesOlderOnesWhenTheyAreAnHourOld()
    {
        string[] ids = new string[5];
        for (int hour = 0; hour < 4; hour++)
        {
            ids[hour] = MadeSnapshots.IdOf(await PublishHourAsync(hour));
        }

        Assert.Equal(ids[..4].Order(StringComparer.Ordinal), await _room.IdsInStorageAsync());
        _room.Time.Advance(TimeSpan.FromMinutes(61));
        ids[4] = MadeSnapshots.IdOf(await PublishHourAsync(4));

        Assert.Equal(ids[2..].Order(StringComparer.Ordinal), await _room.IdsInStorageAsync());
        LatestSnapshot latest = await _room.LatestAsync();
        Assert.Equal([ids[4], ids[3], ids[2]], latest.All.Select(snapshot => snapshot.Id));
    }

    [Fact]
    public async Task ReplacesWhatAnotherUploadHasLeftDamaged()
    {
        string path = Made.AtHour(0);
        string id = MadeSnapshots.IdOf(path);
        BlobClient blob = (await _room.ContainerAsync()).GetBlobClient($"db/{id}.snap");
        await blob.UploadAsync(BinaryData.FromBytes(new byte[new FileInfo(path).Length]), Token);

        await _room.PublishAsync(path);

        Assert.Equal(await File.ReadAllBytesAsync(path, Token), (await blob.DownloadContentAsync(Token)).Value.Content.ToArray());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("""{"id":"../../etc/passwd","builtAt":"2026-01-01T00:00:00Z","size":1,"format":2,"previous":[]}""")]
    [InlineData("""{"id":"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","builtAt":"2026-01-01T00:00:00Z","size":1,"format":2,"previous":[null]}""")]
    public async Task ReplacesALatestJsonThatSaysNothing(string json)
    {
        await (await _room.ContainerAsync()).GetBlobClient("latest.json").UploadAsync(BinaryData.FromString(json), Token);
        Assert.Null(await _room.Publisher.LatestAsync(Token));
        Assert.False(await _room.Instance().PollAsync(Token));

        string path = await PublishHourAsync(0);

        Assert.Equal(MadeSnapshots.IdOf(path), (await _room.LatestAsync()).Current.Id);
    }

    [Fact]
    public async Task OfManyAtOnceLeavesTheNewest()
    {
        string[] paths = [.. Enumerable.Range(0, 8).Select(hour => Made.AtHour(hour))];

        bool[] published = await Task.WhenAll(paths.Select(async path =>
        {
            using var own = new PublicationRoom(azurite, _room.Prefix);
            try
            {
                await own.PublishAsync(path);
                return true;
            }
            catch (PublicationException)
            {
                return false;
            }
        }));

        LatestSnapshot latest = await _room.LatestAsync();
        Assert.True(published[^1]);
        Assert.Equal(MadeSnapshots.IdOf(paths[^1]), latest.Current.Id);
        Assert.Subset((await _room.IdsInStorageAsync()).ToHashSet(), latest.All.Select(snapshot => snapshot.Id).ToHashSet());
    }

    [Fact]
    public async Task IsTakenBackAndStaysSoThroughRefreshesUntilReleased()
    {
        string good = MadeSnapshots.IdOf(await PublishHourAsync(0));
        string bad = MadeSnapshots.IdOf(await PublishHourAsync(6));

        LatestSnapshot back = await _room.Publisher.RollBackAsync(null, Token);
        string next = Made.AtHour(12);
        LatestSnapshot refreshed = await _room.PublishAsync(next, PublishRule.Refreshed);
        string afterNext = Made.AtHour(18);
        await _room.PublishAsync(afterNext, PublishRule.Refreshed);
        LatestSnapshot released = await _room.Publisher.ReleaseAsync(Token);

        Assert.Equal((good, true), (back.Current.Id, back.IsPinned));
        Assert.Equal([bad], back.Previous.Select(snapshot => snapshot.Id));
        Assert.Equal((good, true), (refreshed.Current.Id, refreshed.IsPinned));
        Assert.Equal([MadeSnapshots.IdOf(next), bad], refreshed.Previous.Select(snapshot => snapshot.Id));
        Assert.Equal((MadeSnapshots.IdOf(afterNext), false), (released.Current.Id, released.IsPinned));
        Assert.Equal([MadeSnapshots.IdOf(next), good], released.Previous.Select(snapshot => snapshot.Id));
    }

    [Fact]
    public async Task ByHandEndsARollBack()
    {
        await PublishHourAsync(0);
        await PublishHourAsync(6);
        await _room.Publisher.RollBackAsync(null, Token);

        string path = await PublishHourAsync(3);

        LatestSnapshot latest = await _room.LatestAsync();
        Assert.Equal((MadeSnapshots.IdOf(path), false), (latest.Current.Id, latest.IsPinned));
    }

    [Fact]
    public async Task IsTakenBackToOneThatIsNamed()
    {
        string oldest = MadeSnapshots.IdOf(await PublishHourAsync(0));
        await PublishHourAsync(1);
        await PublishHourAsync(2);

        Assert.Equal(oldest, (await _room.Publisher.RollBackAsync(oldest[..20], Token)).Current.Id);
        Assert.Contains(oldest, (await Assert.ThrowsAsync<PublicationException>(() => _room.Publisher.RollBackAsync("nosuch", Token))).Message, StringComparison.Ordinal);
        Assert.Contains(oldest, (await Assert.ThrowsAsync<PublicationException>(() => _room.Publisher.RollBackAsync(null, Token))).Message, StringComparison.Ordinal);
        Assert.Equal(oldest, (await _room.LatestAsync()).Current.Id);
    }

    [Fact]
    public async Task CannotBeTakenBackWhereNothingIs()
    {
        await Assert.ThrowsAsync<PublicationException>(() => _room.Publisher.RollBackAsync(null, Token));
        await Assert.ThrowsAsync<PublicationException>(() => _room.Publisher.ReleaseAsync(Token));
    }

    [Fact]
    public async Task DoesNotCountWithoutTheLastLook()
    {
        string published = MadeSnapshots.IdOf(await PublishHourAsync(0));
        var publisher = new SnapshotPublisher(_room.Blobs, _room.Time, NullLogger<SnapshotPublisher>.Instance);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => publisher.PublishAsync(Made.AtHour(6), PublishRule.Refreshed, _ => throw new InvalidOperationException(), Token));

        Assert.Equal(published, (await _room.LatestAsync()).Current.Id);
    }

    private async Task<string> PublishHourAsync(double hours)
    {
        string path = Made.AtHour(hours);
        await _room.PublishAsync(path);
        return path;
    }
}
