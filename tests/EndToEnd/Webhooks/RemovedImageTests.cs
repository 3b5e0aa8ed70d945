using System.Net;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>Images that are gone from their registries.</summary>
[Collection(EventServers.Name)]
public sealed class RemovedImageTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20");
    private static readonly Digest Id = Image.Manifest.Digest;

    private ScanApp _app = null!;
    private string _name = "";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await ScanApp.StartAsync(azurite, WebhookRequest.Settings);
        _name = _app.Registry.Push("made/image", "1", Image);
        Assert.Equal(HttpStatusCode.OK, (await _app.ScanAsync(_name)).Status);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task AreMarkedInAnswersAndLists()
    {
        Assert.False((await ImageAsync()).TryGetProperty("removedAt", out _));

        _app.Registry.Content.Remove("made/image", Id.ToString());
        using HttpRequestMessage request = WebhookRequest.Signed(
            JsonSerializer.Serialize(new { action = "delete", host = _app.Registry.Host, repository = "made/image", digest = Id.ToString() }));
        ApiAnswer told = await _app.SendAsync(request);
        JsonElement image = await Eventually.GetAsync(ImageAsync, found => found.TryGetProperty("removedAt", out _));

        Assert.Equal((HttpStatusCode.Accepted, 1), (told.Status, told.Json.GetProperty("later").GetInt32()));
        DateTimeOffset removed = image.GetProperty("removedAt").GetDateTimeOffset();
        Assert.InRange(removed, DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Equal(removed, (await ListedAsync()).GetProperty("removedAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task OfOneOfTwoRepositoriesAreStillThereUntilTheOtherIsGone()
    {
        string other = _app.Registry.Push("other/image", "2", Image);
        await _app.ScanAsync(other);

        await DeleteAsync("made/image", digest: Id);
        bool isMarkedByOne = (await ImageAsync()).TryGetProperty("removedAt", out _);
        await DeleteAsync("other/image", tag: "2");

        Assert.False(isMarkedByOne);
        Assert.True((await ImageAsync()).TryGetProperty("removedAt", out _));
    }

    // Events come late and twice: what is said to be gone may have been pushed again since.
    [Fact]
    public async Task ThatAreThereAreNotMarkedWhateverIsSaid()
    {
        await ToldAsync("made/image", digest: Id);
        await ToldAsync("made/image", tag: "1");

        Assert.False((await ImageAsync()).TryGetProperty("removedAt", out _));
    }

    // A registry that does not answer, or keeps its answer from us, has not said that anything is gone.
    [Fact]
    public async Task AreNotMarkedWhereTheRegistryDoesNotSay()
    {
        _app.Registry.Content.Remove("made/image", Id.ToString());
        _app.Registry.Misbehave(RegistryFaults.Refuse((int)HttpStatusCode.Forbidden, times: 3));
        await ToldAsync("made/image", digest: Id);
        bool isMarkedByRefusal = (await ImageAsync()).TryGetProperty("removedAt", out _);
        _app.Registry.Behave();
        await ToldAsync("made/image", digest: Id);

        Assert.False(isMarkedByRefusal);
        Assert.True((await ImageAsync()).TryGetProperty("removedAt", out _));
    }

    [Fact]
    public async Task OfAnIndexThatIsGoneAreStillThereByATagOfTheirOwn()
    {
        MadeBlob index = TestImages.IndexOf(Image, TestImages.ForArm64(Image));
        _app.Registry.Content.AddManifest("made/image", "all", index);
        await _app.ScanAsync($"{_app.Registry.Host}/made/image:all");
        _app.Registry.Content.Remove("made/image", "all");
        _app.Registry.Content.Remove("made/image", index.Digest.ToString());

        await ToldAsync("made/image", digest: index.Digest);
        bool isMarkedByIndex = (await ImageAsync()).TryGetProperty("removedAt", out _);
        await DeleteAsync("made/image", tag: "1");

        Assert.False(isMarkedByIndex);
        Assert.True((await ImageAsync()).TryGetProperty("removedAt", out _));
    }

    [Theory]
    [InlineData("made/image", "2")]
    [InlineData("made/imag", "1")]
    [InlineData("made/image", "11")]
    public async Task OfAnotherNameAreNotMarked(string repository, string tag)
    {
        await DeleteAsync(repository, tag);

        Assert.False((await ImageAsync()).TryGetProperty("removedAt", out _));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ThatAreThereAgainAreNoLonger(bool isTold)
    {
        await DeleteAsync("made/image", tag: "1");
        Assert.True((await ImageAsync()).TryGetProperty("removedAt", out _));
        _app.Registry.Push("made/image", "1", Image);

        if (isTold)
        {
            using HttpRequestMessage push = WebhookRequest.Signed($$"""{"image":"{{_name}}"}""");
            await _app.SendAsync(push);
        }
        else
        {
            await _app.ScanAsync(_name);
        }

        await Eventually.GetAsync(ImageAsync, image => !image.TryGetProperty("removedAt", out _));
        await DeleteAsync("made/image", tag: "1");
        Assert.True((await ImageAsync()).TryGetProperty("removedAt", out _));
    }

    [Fact]
    public async Task AreNotMatchedAgainByTheClock()
    {
        var store = _app.Services.GetRequiredService<ScanStore>();
        Assert.Single(await store.MatchedOtherwiseAsync(long.MaxValue, RankSide.Below, Token).ToListAsync(Token));

        await DeleteAsync("made/image", digest: Id);

        Assert.Empty(await store.MatchedOtherwiseAsync(long.MaxValue, RankSide.Below, Token).ToListAsync(Token));
        Assert.Single(await store.RemovedBeforeAsync(DateTimeOffset.UtcNow.AddHours(1), Token).ToListAsync(Token));
        Assert.Empty(await store.RemovedBeforeAsync(DateTimeOffset.UtcNow.AddHours(-1), Token).ToListAsync(Token));
    }

    [Fact]
    public async Task GoSoonerAndOnlyIfTheyAreStillGone()
    {
        var store = _app.Services.GetRequiredService<ScanStore>();

        Assert.Null(await store.RemoveGoneAsync(Id, DateTimeOffset.UtcNow.AddHours(1), Token));
        await DeleteAsync("made/image", digest: Id);
        Assert.Null(await store.RemoveGoneAsync(Id, DateTimeOffset.UtcNow.AddHours(-1), Token));
        Assert.NotNull(await store.RemoveGoneAsync(Id, DateTimeOffset.UtcNow.AddHours(1), Token));
    }

    private async Task<JsonElement> ImageAsync() => (await _app.GetAsync($"/v1/images/{Id}")).Json;

    private async Task<JsonElement> ListedAsync() => Assert.Single((await _app.GetAsync("/v1/images")).Json.GetProperty("images").EnumerateArray());

    // As the queue has it done: the registry no longer has it, and has said so.
    private Task DeleteAsync(string repository, string tag = "", Digest? digest = null)
    {
        foreach (string reference in new[] { tag, digest?.ToString() ?? "" }.Where(reference => reference.Length > 0))
        {
            _app.Registry.Content.Remove(repository, reference);
        }

        return ToldAsync(repository, tag, digest);
    }

    private Task ToldAsync(string repository, string tag = "", Digest? digest = null)
    {
        string name = $"{_app.Registry.Host}/{repository}" + (tag.Length > 0 ? $":{tag}" : "") + (digest is null ? "" : $"@{digest}");
        Assert.True(ImageReference.TryParse(name, out ImageReference? image, out _));
        return _app.Services.GetRequiredService<RemovedImages>().MarkAsync(image, Token);
    }
}
