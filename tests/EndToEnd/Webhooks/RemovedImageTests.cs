using System.Net;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>Images that are gone from their registries.</summary>
[Collection(ScanServers.Name)]
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

        await DeleteAsync("made/image", digest: Id);

        DateTimeOffset removed = (await ImageAsync()).GetProperty("removedAt").GetDateTimeOffset();
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

    private async Task DeleteAsync(string repository, string tag = "", Digest? digest = null)
    {
        using HttpRequestMessage request = WebhookRequest.Signed(JsonSerializer.Serialize(
            new { action = "delete", host = _app.Registry.Host, repository, tag, digest = digest?.ToString() ?? "", isNoReplay = Guid.NewGuid() }));
        Assert.Equal(HttpStatusCode.Accepted, (await _app.SendAsync(request)).Status);
    }
}
