using System.Net;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Handlers;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class DeletedImagesTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage First = TestImages.OfNpm("lodash@4.17.20");

    private ScanApp _app = null!;
    private ApiAnswer _first = null!;
    private ApiAnswer _second = null!;

    private string FirstName => $"{_app.Registry.Host}/made/first:1";

    public async ValueTask InitializeAsync()
    {
        _app = await ScanApp.StartAsync(azurite);
        _first = await _app.ScanAsync(_app.Registry.Push("made/first", "1", First));
        _second = await _app.ScanAsync(_app.Registry.Push("made/second", "1", TestImages.OfNpm("minimist@1.2.5")));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("?confirm=true")]
    [InlineData("?confirm=true&query=Image:made")]
    public async Task NeedAQueryThatSaysWhich(string query)
    {
        ApiAnswer answer = await DeleteAsync(query);

        Assert.Equal(
            (HttpStatusCode.InternalServerError, """{"error":"a scoping query is required","code":13,"message":"a scoping query is required","details":[]}"""),
            (answer.Status, answer.Text));
        Assert.Equal("""{"count":2}""", (await _app.GetAsync("/v1/imagescount")).Text);
    }

    [Theory]
    [InlineData("?query.query=", 2)]
    [InlineData("?query.query=Image:HOST/made/first", 1)]
    [InlineData("?query.query=Image:HOST/made/first&confirm=false", 1)]
    [InlineData("?query.query=Image:elsewhere", 0)]
    [InlineData("?query.query=&query.pagination.limit=1", 1)]
    [InlineData("?query.query=&query.pagination.offset=1&query.pagination.limit=5", 1)]
    public async Task AreCountedUnlessThatIsConfirmed(string query, int count)
    {
        ApiAnswer answer = await DeleteAsync(query);

        Assert.Equal((HttpStatusCode.OK, $$"""{"numDeleted":{{count}},"dryRun":true}"""), (answer.Status, answer.Text));
        Assert.Equal("""{"count":2}""", (await _app.GetAsync("/v1/imagescount")).Text);
    }

    [Fact]
    public async Task AreGoneWithTheirLayersAndTheOthersStay()
    {
        ApiAnswer answer = await DeleteAsync("?query.query=Image:HOST/made/first&confirm=true");

        Assert.Equal((HttpStatusCode.OK, """{"numDeleted":1,"dryRun":false}"""), (answer.Status, answer.Text));
        Assert.Equal(HttpStatusCode.NotFound, (await _app.GetAsync($"/v1/images/{_first.Id}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await _app.GetAsync($"/v1/images/{_second.Id}")).Status);
        int before = _app.Registry.BlobRequests.Count;
        Assert.Equal(_first.Findings, (await _app.ScanAsync(FirstName)).Findings);
        Assert.Contains(_app.Registry.BlobRequests.Skip(before), request => request.Path.EndsWith($"{First.Layers[0].Digest}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AreAllOfThemWhereTheQueryIsEmpty()
    {
        ApiAnswer answer = await DeleteAsync("?query.query=&confirm=true");

        Assert.Equal("""{"numDeleted":2,"dryRun":false}""", answer.Text);
        Assert.Equal("""{"images":[]}""", (await _app.GetAsync("/v1/images")).Text);
    }

    // What StackRox passes over would here be the query of all images.
    [Theory]
    [InlineData("?confirm=true&query.Query=Image:x", "query.Query")]
    [InlineData("?confirm=true&query.quer=Image:x", "query.quer")]
    [InlineData("?confirm=true&query.query=&query.limit=1", "query.limit")]
    public async Task AreNoneWhereAParameterIsMisspelt(string query, string unknown)
    {
        ApiAnswer answer = await DeleteAsync(query);

        Assert.Equal(
            (HttpStatusCode.BadRequest, $"parameter \"{unknown}\" is not known, so nothing is deleted: invalid arguments"), (answer.Status, answer.Message));
        Assert.Equal("""{"count":2}""", (await _app.GetAsync("/v1/imagescount")).Text);
    }

    // The same request would delete as many again.
    [Fact]
    public async Task AreAskedForInSmallerNumberWhereTheTimeOfAPageIsOver()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(80) };
        var api = ActivatorUtilities.CreateInstance<StoredImagesApi>(_app.Services, time);
        var context = new DefaultHttpContext { Request = { QueryString = new QueryString("?query.query=&query.pagination.limit=2&confirm=true") } };

        var late = await Assert.ThrowsAsync<ApiException>(() => api.Handlers[Operations.DeleteImages](context, TestContext.Current.CancellationToken));

        Assert.Equal(("context deadline exceeded: 1 of 2 images are deleted, ask for 1 more", null), (late.Message, late.RetryAfter));
    }

    [Fact]
    public async Task AreLeftToTheNextRequestWhereTheTimeIsOver()
    {
        // Of 200 s that a caller waits; the query and the first image take a look at the clock each.
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(90) };
        var api = ActivatorUtilities.CreateInstance<StoredImagesApi>(_app.Services, time);
        var context = new DefaultHttpContext { Request = { QueryString = new QueryString("?query.query=&confirm=true") } };

        var late = await Assert.ThrowsAsync<ApiException>(() => api.Handlers[Operations.DeleteImages](context, TestContext.Current.CancellationToken));
        ApiAnswer rest = await DeleteAsync("?query.query=&confirm=true");

        Assert.Equal(
            (GrpcCode.DeadlineExceeded, "context deadline exceeded: 1 of 2 images are deleted, the same request deletes the others", TimeSpan.FromSeconds(1)),
            (late.Code, late.Message, late.RetryAfter));
        Assert.Equal("""{"numDeleted":1,"dryRun":false}""", rest.Text);
    }

    [Theory]
    [InlineData("?query.query=NoField:x", "error parsing query: ")]
    [InlineData("?query.query=&confirm=maybe", "strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    [InlineData("?query.query=&query.pagination.limit=x", "strconv.ParseInt: parsing \"x\": invalid syntax")]
    [InlineData("?query.query=&query.pagination.sortOption.field=Image", "query.pagination.sortOption cannot be given when images are deleted: invalid arguments")]
    public async Task AreNotTouchedByARequestThatCannotBeRead(string query, string message)
    {
        ApiAnswer answer = await DeleteAsync($"{query}&confirm=true");

        Assert.Equal((HttpStatusCode.BadRequest, 3), (answer.Status, answer.Json.GetProperty("code").GetInt32()));
        Assert.StartsWith(message, answer.Message, StringComparison.Ordinal);
        Assert.Equal("""{"count":2}""", (await _app.GetAsync("/v1/imagescount")).Text);
    }

    [Fact]
    public async Task StayStoredWhenTheCachesAreForgotten()
    {
        ApiAnswer forgotten = await _app.GetAsync("/v1/images/cache/invalidate");
        int before = _app.Registry.BlobRequests.Count;
        ApiAnswer again = await _app.ScanAsync(FirstName);

        Assert.Equal((HttpStatusCode.OK, "{}"), (forgotten.Status, forgotten.Text));
        Assert.Equal(_first.Text, again.Text);
        Assert.Equal(before, _app.Registry.BlobRequests.Count);
    }

    private async Task<ApiAnswer> DeleteAsync(string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/v1/images{query.Replace("HOST", _app.Registry.Host, StringComparison.Ordinal)}");
        return await _app.SendAsync(request);
    }
}
