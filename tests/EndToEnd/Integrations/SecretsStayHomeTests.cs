using System.Net;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Integrations;

/// <summary>A kept password never goes anywhere but where it was meant for. Another registry writes down all that it is sent.</summary>
[Collection(StateServers.Name)]
public sealed class SecretsStayHomeTests(SharedAzurite azurite) : IAsyncLifetime
{
    private IntegrationLab _lab = null!;
    private string _id = "";

    private TestRegistry Recorder => _lab.Other;

    public async ValueTask InitializeAsync()
    {
        _lab = await IntegrationLab.StartWithKeyAsync(azurite);

        // It wants a credential from everybody, so that whoever has one sends it.
        Recorder.Misbehave(RegistryFaults.RequireBasic("ann", "something else"));
        _lab.Registry.Misbehave(RegistryFaults.RequireBasic("ann", IntegrationLab.Secret));
        _id = await _lab.MakeAsync(_lab.Docker("ours"));
        Assert.Contains(_lab.Registry.Requests, request => request.Authorization == IntegrationLab.Basic(IntegrationLab.Secret));
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    public static TheoryData<string, string> Moves => new()
    {
        { "endpoint", "DockerConfig.Endpoint" },
        { "plain http", "DockerConfig.Endpoint" },
        { "username", "DockerConfig.Username" },
        { "insecure", "DockerConfig.Insecure" },
        { "mirror", "ImageIntegration.Mirror" },
        { "certificates", "ImageIntegration.CertificateAuthority" },
        { "type", "ImageIntegration.Type" },
    };

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task ByAChangeThatKeepsThePassword(string move, string field)
    {
        string home = _lab.Registry.Host;
        string config = _lab.Docker("ours", "******", $"\"id\":\"{_id}\",");
        string moved = move switch
        {
            "endpoint" => config.Replace(home, Recorder.Host, StringComparison.Ordinal),
            "plain http" => config.Replace(home, $"http://{home}", StringComparison.Ordinal),
            "username" => config.Replace("\"ann\"", "\"bob\"", StringComparison.Ordinal),
            "insecure" => config.Replace("\"username\"", "\"insecure\":true,\"username\"", StringComparison.Ordinal),
            "mirror" => config.Replace("\"type\"", $"\"mirror\":\"{Recorder.Host}\",\"type\"", StringComparison.Ordinal),
            "certificates" => config.Replace("\"type\"", $"\"certificateAuthority\":{Certificates.AnyAsJson()},\"type\"", StringComparison.Ordinal),
            _ => config.Replace("\"type\":\"docker\"", "\"type\":\"nexus\"", StringComparison.Ordinal),
        };
        Assert.NotEqual(config, moved);

        ApiAnswer patched = await _lab.SendAsync("PATCH", $"/{_id}", $$"""{"config":{{moved}},"updatePassword":false}""");
        ApiAnswer tested = await _lab.SendAsync("POST", "/test/updated", $$"""{"config":{{moved}}}""");
        ApiAnswer put = await _lab.SendAsync("PUT", $"/{_id}", moved);
        ApiAnswer testedAsIs = await _lab.SendAsync("POST", "/test", moved);

        Assert.All([patched, tested, put, testedAsIs], answer => Assert.Equal(HttpStatusCode.BadRequest, answer.Status));
        Assert.All([patched, tested], answer => Assert.Matches($@"^credentials required to update field '.*{field}': invalid arguments$", answer.Message));
        Assert.Empty(Recorder.Requests);

        // What was there is there still.
        Assert.Equal("{}", (await _lab.SendAsync("POST", "/test/updated", $$"""{"config":{{config}}}""")).Text);
    }

    [Fact]
    public async Task ByAChangeThatBringsAnotherPassword()
    {
        string moved = _lab.Docker("ours", "another", endpoint: Recorder.Host);

        await _lab.SendAsync("PUT", $"/{_id}", moved);
        await _lab.SendAsync("PATCH", $"/{_id}", $$"""{"config":{{moved}},"updatePassword":true}""");
        await _lab.SendAsync("POST", "/test", moved);
        await _lab.SendAsync("PUT", $"/{_id}", _lab.Docker("ours", "", "\"skipTestIntegration\":true,", Recorder.Host));
        await _lab.Server.ScanAsync($"{Recorder.Host}/team/image:1");

        Assert.NotEmpty(Recorder.Requests);
        Assert.All(Recorder.Requests, request => Assert.Contains(request.Authorization, (string[])["", IntegrationLab.Basic("another"), IntegrationLab.Basic("")]));
    }

    [Fact]
    public async Task ByARedirect()
    {
        _lab.Registry.Behave();
        _lab.Registry.Misbehave((context, _) =>
        {
            context.Response.Redirect($"http://{Recorder.Host}{context.Request.Path}");
            return Task.FromResult(true);
        });
        string config = _lab.Docker("ours", "", $"\"id\":\"{_id}\",");

        await _lab.SendAsync("POST", "/test/updated", $$"""{"config":{{config}}}""");
        await _lab.SendAsync("PATCH", $"/{_id}", $$"""{"config":{{config}}}""");
        await _lab.Server.ScanAsync($"{_lab.Registry.Host}/team/image:1");

        Assert.NotEmpty(Recorder.Requests);
        IntegrationLab.AssertNothingWasSentTo(Recorder);
    }

    // Whom a registry names to give out tokens, it trusts with its passwords; so the protocol has it
    // (https://distribution.github.io/distribution/spec/auth/token/). A place that somebody else has named does not get them by that.
    [Fact]
    public async Task ByARealmOfAnotherPlace()
    {
        Recorder.Behave();
        Recorder.Misbehave(RegistryFaults.RequireBearer("token", realm: $"http://{_lab.Registry.Host}/token"));
        string moved = _lab.Docker("ours", "", $"\"id\":\"{_id}\",", Recorder.Host);
        int before = _lab.Registry.Requests.Count;

        await _lab.SendAsync("POST", "/test/updated", $$"""{"config":{{moved}}}""");
        await _lab.SendAsync("POST", "/test", moved);
        await _lab.SendAsync("PUT", $"/{_id}", moved);
        await _lab.Server.ScanAsync($"{Recorder.Host}/team/image:1");

        Assert.NotEmpty(Recorder.Requests);
        IntegrationLab.AssertNothingWasSentTo(Recorder);
        Assert.DoesNotContain(_lab.Registry.Requests.Skip(before), request => request.Authorization == IntegrationLab.Basic(IntegrationLab.Secret));
    }

    [Fact]
    public async Task ByAMirror()
    {
        await _lab.SendAsync("DELETE", $"/{_id}");
        await _lab.MakeAsync(_lab.Docker("mirrored", more: $"\"mirror\":\"{Recorder.Host}/cache\","));
        string image = _lab.Registry.Push("team/image", "1", TestImages.OfNpm("left-pad@1.3.0"));

        ApiAnswer scanned = await _lab.Server.ScanAsync(image);

        Assert.Equal(HttpStatusCode.OK, scanned.Status);
        Assert.NotEmpty(Recorder.Requests);
        IntegrationLab.AssertNothingWasSentTo(Recorder);
    }
}
