using System.Net;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Clusters;

[Collection(EventServers.Name)]
public sealed class DelegationApiTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Path = "/v1/delegatedregistryconfig";

    private TokenServer _server = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TokenServer.StartAsync(azurite);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task AnswersWithTheEmptyConfigurationBeforeOneWasPut()
    {
        ApiAnswer answer = await GetAsync(Path);

        Assert.Equal((HttpStatusCode.OK, """{"enabledFor":"NONE","defaultClusterId":"","registries":[]}"""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task KeepsWhatWasPut()
    {
        string edge = await BeatAsync("edge");
        string wanted = $$"""{"enabledFor":"SPECIFIC","defaultClusterId":"{{edge}}","registries":[{"path":"quay.io/a","clusterId":""},{"path":"ghcr.io","clusterId":"{{edge}}"}]}""";

        ApiAnswer put = await PutAsync(wanted);
        ApiAnswer got = await GetAsync(Path);

        Assert.Equal((HttpStatusCode.OK, wanted), (put.Status, put.Text));
        Assert.Equal((HttpStatusCode.OK, wanted), (got.Status, got.Text));
    }

    [Fact]
    public async Task RefusesAConfigurationThatNamesAClusterWhichCannotBeAsked()
    {
        string old = await BeatAsync("old", ClusterHeartbeat.MessageForm - 1);

        ApiAnswer answer = await PutAsync($$"""{"enabledFor":"ALL","defaultClusterId":"nobody","registries":[{"clusterId":"{{old}}"}]}""");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal($"invalid arguments: default cluster \"nobody\" is not valid\ncluster \"{old}\" is not valid\nmissing registry path", answer.Message);
        Assert.Equal(3, answer.Json.GetProperty("code").GetInt32());
        Assert.Contains("NONE", (await GetAsync(Path)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TakesAnythingThatDelegatesNothing()
    {
        ApiAnswer answer = await PutAsync("""{"enabledFor":"NONE","defaultClusterId":"nobody"}""");

        Assert.Equal((HttpStatusCode.OK, """{"enabledFor":"NONE","defaultClusterId":"nobody","registries":[]}"""), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"enabledFor":"SOME"}""")]
    public async Task RefusesWhatIsNoConfiguration(string body) => Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync(body)).Status);

    [Fact]
    public async Task ListsClustersAndWhetherTheyCanBeAsked()
    {
        string plant = await BeatAsync("plant", ClusterHeartbeat.MessageForm - 1);
        string edge = await BeatAsync("edge");

        ApiAnswer answer = await GetAsync($"{Path}/clusters");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(
            $$"""{"clusters":[{"id":"{{edge}}","name":"edge","isValid":true},{"id":"{{plant}}","name":"plant","isValid":false}]}""", answer.Text);
    }

    [Fact]
    public async Task HasNoClustersToListBeforeOneHasBeenSeen()
    {
        ApiAnswer answer = await GetAsync($"{Path}/clusters");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Equal("""{"error":"no clusters found","code":5,"message":"no clusters found","details":[]}""", answer.Text);
    }

    [Theory]
    [InlineData(TokenServer.Reader)]
    [InlineData(TokenServer.Scanner)]
    public async Task LetsNobodyButAnAdminPutOne(string token)
    {
        ApiAnswer answer = await _server.SendAsync("PUT", Path, token, new StringContent("{}"));

        Assert.Equal((HttpStatusCode.Forbidden, "not authorized: \"READ_WRITE_ACCESS\" for \"Administration\""), (answer.Status, answer.Message));
    }

    private Task<ApiAnswer> GetAsync(string path) => _server.SendAsync("GET", path, TokenServer.Reader);

    private Task<ApiAnswer> PutAsync(string body) => _server.SendAsync("PUT", Path, TokenServer.Admin, new StringContent(body));

    private Task<string> BeatAsync(string name, int messageForm = ClusterHeartbeat.MessageForm) =>
        _server.Services.GetRequiredService<ClusterStore>().BeatAsync(name, "0.1.0", messageForm, Token);
}
