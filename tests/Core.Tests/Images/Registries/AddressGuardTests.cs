using System.Net;
using System.Net.Sockets;
using ImageScan.Core.Images;
using ImageScan.Core.Images.Registries;

namespace ImageScan.Core.Tests.Images.Registries;

public sealed class AddressGuardTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RefusesAHostIfAnyOfItsAddressesIsNotPublic()
    {
        var guard = new AddressGuard((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("8.8.8.8"), IPAddress.Parse("169.254.169.254")]), Patience);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => guard.AddressesOfAsync("registry.example", AddressRule.Public, Token));

        Assert.Equal(RegistryFailure.AddressRefused, e.Failure);
        Assert.Equal("registry.example has the address 169.254.169.254, which is link-local: refused", e.Message);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("10.0.0.1")]
    public async Task RefusesAnAddressThatIsWrittenOut(string host)
    {
        var guard = new AddressGuard((_, _) => throw new InvalidOperationException("an address needs no resolver"), Patience);

        await Assert.ThrowsAsync<RegistryException>(() => guard.AddressesOfAsync(host, AddressRule.Public, Token));
    }

    [Fact]
    public async Task AllowsOnlyLoopbackToARegistryOnThisMachine()
    {
        var guard = new AddressGuard((host, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(host == "localhost" ? "127.0.0.1" : "8.8.8.8")]), Patience);

        Assert.Equal([IPAddress.Loopback], await guard.AddressesOfAsync("localhost", AddressRule.Loopback, Token));
        await Assert.ThrowsAsync<RegistryException>(() => guard.AddressesOfAsync("elsewhere", AddressRule.Loopback, Token));
    }

    [Fact]
    public async Task ConnectsToTheAddressThatItJudged()
    {
        using var server = new LoopbackServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
        int lookups = 0;

        // The second answer is the attack: were the name looked up again to connect, it would lead elsewhere.
        var guard = new AddressGuard((_, _) => Task.FromResult<IPAddress[]>([lookups++ == 0 ? IPAddress.Loopback : IPAddress.Parse("192.0.2.1")]), Patience);
        using var client = new HttpClient(guard.HandlerFor(AddressRule.Any, 16));

        string body = await client.GetStringAsync(new Uri($"http://rebinding.example:{server.Port}/"), Token);

        Assert.Equal("ok", body);
        Assert.Equal(1, lookups);
    }

    [Fact]
    public async Task JudgesEveryNewConnectionOfANameThatChangesItsAddress()
    {
        using var server = new LoopbackServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());
        int lookups = 0;
        var guard = new AddressGuard((_, _) => Task.FromResult<IPAddress[]>([lookups++ == 0 ? IPAddress.Parse("8.8.8.8") : IPAddress.Loopback]), Patience);
        using var client = new HttpClient(guard.HandlerFor(AddressRule.Public, 16));
        await guard.AddressesOfAsync("rebinding.example", AddressRule.Public, Token);

        HttpRequestException e = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri($"http://rebinding.example:{server.Port}/"), Token));

        Assert.IsType<RegistryException>(e.InnerException);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task TriesTheNextAddressIfTheFirstDoesNotAnswer()
    {
        using var server = new LoopbackServer(_ => "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray());

        // Nothing listens on 127.0.0.2 at that port, since the server is bound to 127.0.0.1 alone.
        var guard = new AddressGuard((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]), Patience);
        using var client = new HttpClient(guard.HandlerFor(AddressRule.Any, 16));

        Assert.Equal("ok", await client.GetStringAsync(new Uri($"http://two.example:{server.Port}/"), Token));
    }

    [Fact]
    public void UsesNoProxyAndFollowsNothingByItself()
    {
        using SocketsHttpHandler handler = new AddressGuard(AddressGuard.ResolveBySystemAsync, Patience).HandlerFor(AddressRule.Public, 16);

        Assert.False(handler.UseProxy);
        Assert.False(handler.AllowAutoRedirect);
        Assert.False(handler.UseCookies);
    }

    [Fact]
    public async Task SaysThatAHostHasNoAddress()
    {
        var guard = new AddressGuard((_, _) => throw new SocketException((int)SocketError.HostNotFound), Patience);

        await Assert.ThrowsAsync<SocketException>(() => guard.AddressesOfAsync("nowhere.example", AddressRule.Public, Token));
    }
}
