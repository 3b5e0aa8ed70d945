using System.Net;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class ForbiddenAddressTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20");

    private TestRegistry _listed = null!;
    private TestRegistry _other = null!;
    private TokenServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _listed = await TestRegistry.StartAsync(TestContext.Current.CancellationToken);
        _other = await TestRegistry.StartAsync(TestContext.Current.CancellationToken);
        _listed.Push("made/image", "1", Image);
        _other.Push("made/image", "1", Image);
        _server = await TokenServer.StartAsync(azurite, _listed.Host);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _listed.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Theory]
    [InlineData("169.254.169.254", "169.254.169.254")]
    [InlineData("10.0.0.1", "10.0.0.1")]
    [InlineData("192.168.1.1:5000", "192.168.1.1")]
    [InlineData("172.16.0.1", "172.16.0.1")]
    [InlineData("100.64.0.1", "100.64.0.1")]
    [InlineData("0.0.0.0:80", "0.0.0.0")]
    [InlineData("[::1]:5000", "::1")]
    [InlineData("[::ffff:a9fe:a9fe]:80", "169.254.169.254")]
    [InlineData("[fd00::1]:5000", "fd00::1")]
    [InlineData("localhost", "127.0.0.1")]
    public async Task OfARegistryIsRefusedWithTheReason(string host, string address)
    {
        ApiAnswer answer = await _server.ScanAsync($"{host}/made/image:1");

        AssertRefused(answer, address, "refused");
    }

    [Fact]
    public async Task OnLoopbackIsRefusedUnlessListed()
    {
        ApiAnswer refused = await _server.ScanAsync($"{_other.Host}/made/image:1");
        ApiAnswer listed = await _server.ScanAsync($"{_listed.Host}/made/image:1");

        AssertRefused(refused, "127.0.0.1", $"Registries__N__Host={_other.Host}");
        Assert.Empty(_other.Requests);
        Assert.Equal(HttpStatusCode.OK, listed.Status);
    }

    [Theory]
    [InlineData("http://OTHER", "127.0.0.1")]
    [InlineData("http://169.254.169.254", "169.254.169.254")]
    [InlineData("http://[::1]:1", "::1")]
    public async Task ThatARegistryRedirectsABlobToIsRefused(string origin, string address)
    {
        _listed.Misbehave(RegistryFaults.RedirectBlobs(origin.Replace("OTHER", _other.Host, StringComparison.Ordinal)));

        ApiAnswer answer = await _server.ScanAsync($"{_listed.Host}/made/image:1");

        AssertRefused(answer, address, $"(registry {_listed.Host} may not send us there)");
        Assert.Empty(_other.Requests);
    }

    [Theory]
    [InlineData("http://10.0.0.1/token", "10.0.0.1")]
    [InlineData("http://169.254.169.254/latest/meta-data", "169.254.169.254")]
    [InlineData("http://OTHER/token", "127.0.0.1")]
    [InlineData("http://localhost:1/token", "127.0.0.1")]
    public async Task OfATokenServerIsRefused(string realm, string address)
    {
        _listed.Misbehave(RegistryFaults.RequireBearer("token", realm: realm.Replace("OTHER", _other.Host, StringComparison.Ordinal)));

        ApiAnswer answer = await _server.ScanAsync($"{_listed.Host}/made/image:1");

        AssertRefused(answer, address);
        Assert.Empty(_other.Requests);
    }

    private static void AssertRefused(ApiAnswer answer, params string[] parts)
    {
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.All(parts, part => Assert.Contains(part, answer.Message, StringComparison.Ordinal));
    }
}
