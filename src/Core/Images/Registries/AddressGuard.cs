using System.Net;
using System.Net.Sockets;

namespace ImageScan.Core.Images.Registries;

/// <summary>The addresses of a host. Throws <see cref="SocketException"/> if it has none.</summary>
public delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancellationToken);

/// <summary>
/// Connects only where a rule allows. A host is resolved once, every one of its addresses is judged, and the connection goes to those
/// very addresses: a name that answers differently the second time gains nothing.
/// </summary>
public sealed class AddressGuard(HostResolver resolve, TimeSpan connectTimeout)
{
    /// <summary>The resolver of the operating system.</summary>
    public static Task<IPAddress[]> ResolveBySystemAsync(string host, CancellationToken cancellationToken) =>
        Dns.GetHostAddressesAsync(host, cancellationToken);

    /// <summary>
    /// A handler whose connections all pass the guard under one rule; it follows no redirects, keeps no cookies and uses no proxy, since
    /// behind a proxy only the proxy's address would be judged. The caller disposes it.
    /// </summary>
    public SocketsHttpHandler HandlerFor(AddressRule rule, int maxHeaderKibibytes) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.None,
        ConnectTimeout = connectTimeout,
        MaxResponseHeadersLength = maxHeaderKibibytes,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context.DnsEndPoint, rule, cancellationToken),
    };

    /// <summary>The addresses of the host. Throws <see cref="RegistryException"/> (AddressRefused) if the rule forbids any of them.</summary>
    public async Task<IReadOnlyList<IPAddress>> AddressesOfAsync(string host, AddressRule rule, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? literal) ? [literal] : await resolve(host, cancellationToken);
        foreach (IPAddress address in addresses)
        {
            string? reason = rule switch
            {
                AddressRule.Any => null,
                AddressRule.Loopback => AddressRanges.IsLoopback(address) ? null : "not loopback",
                _ => AddressRanges.ReasonToRefuse(address),
            };
            if (reason is not null)
            {
                throw new RegistryException($"{host} has the address {address}, which is {reason}: refused")
                {
                    Failure = RegistryFailure.AddressRefused,
                };
            }
        }

        return addresses;
    }

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, AddressRule rule, CancellationToken cancellationToken)
    {
        IReadOnlyList<IPAddress> addresses = await AddressesOfAsync(endPoint.Host, rule, cancellationToken);
        SocketException? last = null;
        foreach (IPAddress address in addresses)
        {
            // Each address gets its share of the time, so that a dead first one does not use it up.
            using var share = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            share.CancelAfter(connectTimeout / addresses.Count);
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, endPoint.Port, share.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException e)
            {
                socket.Dispose();
                last = e;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                socket.Dispose();
                last = new SocketException((int)SocketError.TimedOut);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last ?? new SocketException((int)SocketError.HostNotFound);
    }
}
