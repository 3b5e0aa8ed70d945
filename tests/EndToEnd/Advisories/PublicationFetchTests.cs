using Azure.Storage.Blobs;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Database;
using ImageScan.Core.Vulnerabilities.Publication;
using ImageScan.EndToEnd.Azurite;

namespace ImageScan.EndToEnd.Advisories;

/// <summary>What instances make of that which is published.</summary>
public sealed class PublicationFetchTests(SharedAzurite azurite) : IDisposable
{
    private readonly PublicationRoom _room = new(azurite);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private MadeSnapshots Made => _room.Made;

    public void Dispose() => _room.Dispose();

    [Fact]
    public async Task SwapsWithoutARestartAndBackAgain()
    {
        AdvisorySnapshots instance = _room.Instance();
        Assert.True(await instance.PollAsync(Token));
        Assert.True(instance.Current()!.Origin.IsStarterSet);

        string first = MadeSnapshots.IdOf(await PublishAsync(0));
        Assert.True(await instance.PollAsync(Token));
        AdvisoryDatabase before = instance.Current()!;
        string second = MadeSnapshots.IdOf(await PublishAsync(6));
        Assert.True(await instance.PollAsync(Token));
        string after = instance.Current()!.Origin.Id;
        await _room.Publisher.RollBackAsync(null, Token);
        Assert.True(await instance.PollAsync(Token));

        Assert.Equal((first, second, first), (before.Origin.Id, after, instance.Current()!.Origin.Id));
        Assert.Single(before.Lookup().Find(OsvEcosystem.Parse("npm"), "lodash"));
    }

    [Fact]
    public async Task AsksForNothingButLatestJsonWhileItStays()
    {
        await PublishAsync(0);
        AdvisorySnapshots instance = _room.Instance();
        await instance.PollAsync(Token);
        AdvisoryDatabase before = instance.Current()!;
        await (await _room.ContainerAsync()).DeleteBlobAsync($"db/{before.Origin.Id}.snap", cancellationToken: Token);

        Assert.True(await instance.PollAsync(Token));

        Assert.Same(before, instance.Current());
    }

    [Fact]
    public async Task IsSharedByTheProcessesOfAMachine()
    {
        string id = MadeSnapshots.IdOf(await PublishAsync(0));
        string folder = Path.Combine(Made.Folder, "shared");
        Assert.True(await _room.Instance(_room.Cache(folder)).PollAsync(Token));
        await (await _room.ContainerAsync()).DeleteBlobAsync($"db/{id}.snap", cancellationToken: Token);
        AdvisorySnapshots other = _room.Instance(_room.Cache(folder));

        Assert.True(await other.PollAsync(Token));

        Assert.Equal(id, other.Current()!.Origin.Id);
        Assert.Equal([$"{id}.snap"], Directory.GetFiles(folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task FetchesAgainWhatIsDamagedOnTheMachine()
    {
        string path = await PublishAsync(0);
        string id = MadeSnapshots.IdOf(path);
        string folder = Directory.CreateDirectory(Path.Combine(Made.Folder, "shared")).FullName;
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        await File.WriteAllBytesAsync(Path.Combine(folder, $"{id}.snap"), new byte[new FileInfo(path).Length], Token);
        AdvisorySnapshots instance = _room.Instance(_room.Cache(folder));

        Assert.True(await instance.PollAsync(Token));

        Assert.Equal(id, instance.Current()!.Origin.Id);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task KeepsTheOldOneWhereStorageHasADamagedOne(bool sameLength)
    {
        string first = MadeSnapshots.IdOf(await PublishAsync(0));
        AdvisorySnapshots instance = _room.Instance();
        await instance.PollAsync(Token);
        string path = await PublishAsync(6);
        string second = MadeSnapshots.IdOf(path);
        BlobClient blob = (await _room.ContainerAsync()).GetBlobClient($"db/{second}.snap");
        byte[] bytes = (await blob.DownloadContentAsync(Token)).Value.Content.ToArray();
        bytes[^1] ^= 1;
        await blob.UploadAsync(BinaryData.FromBytes(sameLength ? bytes : bytes[..^1]), overwrite: true, Token);

        Assert.False(await instance.PollAsync(Token));
        Assert.Equal(first, instance.Current()!.Origin.Id);

        await blob.UploadAsync(path, overwrite: true, Token);
        Assert.True(await instance.PollAsync(Token));
        Assert.Equal(second, instance.Current()!.Origin.Id);
    }

    // A new version of the app publishes in its own format; instances of the old one go on with what they have.
    [Fact]
    public async Task LeavesAnotherFormatAlone()
    {
        string first = MadeSnapshots.IdOf(await PublishAsync(0));
        AdvisorySnapshots instance = _room.Instance();
        await instance.PollAsync(Token);
        LatestAnswer now = await _room.Blobs.ReadLatestAsync(known: null, Token);
        PublishedSnapshot foreign = now.Latest!.Current with { Id = new string('a', 64), Format = 999 };
        Assert.True(await _room.Blobs.TrySwitchAsync(now.Latest.Using(foreign, pinned: false), now.ETag, Token));

        Assert.True(await instance.PollAsync(Token));
        Assert.Equal(first, instance.Current()!.Origin.Id);
        Assert.True(_room.Instance().Current()!.Origin.IsStarterSet);
    }

    [Fact]
    public async Task GivesWayToAFileThatTheSettingsName()
    {
        await PublishAsync(6);
        string pinned = Made.AtHour(0);
        AdvisorySnapshots instance = _room.Instance(settings: new AdvisorySettings { Path = pinned });

        await instance.ReadyAsync(Token);
        Assert.True(await instance.PollAsync(Token));

        Assert.Equal(MadeSnapshots.IdOf(pinned), instance.Current()!.Origin.Id);
    }

    [Fact]
    public async Task IsThereForTheFirstScan()
    {
        string id = MadeSnapshots.IdOf(await PublishAsync(0));
        AdvisorySnapshots instance = _room.Instance();

        await instance.ReadyAsync(Token);

        Assert.Equal(id, instance.Current()!.Origin.Id);
    }

    [Fact]
    public async Task RemovesFilesThatNobodyUsedForADay()
    {
        string folder = Path.Combine(Made.Folder, "shared");
        string first = MadeSnapshots.IdOf(await PublishAsync(0));
        AdvisorySnapshots instance = _room.Instance(_room.Cache(folder));
        await instance.PollAsync(Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "x.unfinished"), "", Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "y.unfinished.abcd.tmp"), "", Token);
        await File.WriteAllTextAsync(Path.Combine(folder, "somebody-elses.txt"), "", Token);
        string second = MadeSnapshots.IdOf(await PublishAsync(6));
        await instance.PollAsync(Token);
        Assert.Contains($"{first}.snap", Directory.GetFiles(folder).Select(Path.GetFileName));

        _room.Time.Advance(TimeSpan.FromDays(2));
        string third = MadeSnapshots.IdOf(await PublishAsync(12));
        await instance.PollAsync(Token);

        Assert.Equal(
            ((string[])[$"{third}.snap", "somebody-elses.txt"]).Order(StringComparer.Ordinal),
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.NotEqual(second, third);
    }

    [Fact]
    public async Task TrustsNoFolderThatOthersMayWriteTo()
    {
        await PublishAsync(0);
        string folder = Directory.CreateDirectory(Path.Combine(Made.Folder, "open")).FullName;
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no such modes.");
        }
        else
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        }

        AdvisorySnapshots instance = _room.Instance(_room.Cache(folder));

        Assert.False(await instance.PollAsync(Token));

        Assert.True(instance.Current()!.Origin.IsStarterSet);
        Assert.Empty(Directory.GetFiles(folder));
    }

    private async Task<string> PublishAsync(double hours)
    {
        string path = Made.AtHour(hours);
        await _room.PublishAsync(path);
        return path;
    }
}
