using System.Net;
using System.Net.Sockets;

namespace ImageScan.Core.Images.Registries;

/// <summary>
/// Which addresses are the public Internet (https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry).
/// </summary>
public static class AddressRanges
{
    private static readonly (IPNetwork Range, string What)[] Refused4 =
    [
        (IPNetwork.Parse("0.0.0.0/8"), "this network"),
        (IPNetwork.Parse("10.0.0.0/8"), "private"),
        (IPNetwork.Parse("100.64.0.0/10"), "shared by carriers"),
        (IPNetwork.Parse("127.0.0.0/8"), "loopback"),

        // Cloud metadata answers on 169.254.169.254, and Azure's platform on 168.63.129.16 besides
        // (https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16).
        (IPNetwork.Parse("169.254.0.0/16"), "link-local"),
        (IPNetwork.Parse("168.63.129.16/32"), "Azure's platform"),
        (IPNetwork.Parse("172.16.0.0/12"), "private"),
        (IPNetwork.Parse("192.0.0.0/24"), "reserved for protocols"),
        (IPNetwork.Parse("192.0.2.0/24"), "documentation"),
        (IPNetwork.Parse("192.88.99.0/24"), "6to4 relay"),
        (IPNetwork.Parse("192.168.0.0/16"), "private"),
        (IPNetwork.Parse("198.18.0.0/15"), "benchmarking"),
        (IPNetwork.Parse("198.51.100.0/24"), "documentation"),
        (IPNetwork.Parse("203.0.113.0/24"), "documentation"),
        (IPNetwork.Parse("224.0.0.0/4"), "multicast"),
        (IPNetwork.Parse("240.0.0.0/4"), "reserved"),
    ];

    private static readonly (IPNetwork Range, string What)[] Refused6 =
    [
        (IPNetwork.Parse("::/128"), "unspecified"),
        (IPNetwork.Parse("::1/128"), "loopback"),
        (IPNetwork.Parse("64:ff9b:1::/48"), "local NAT64"),
        (IPNetwork.Parse("fc00::/7"), "unique local"),
        (IPNetwork.Parse("fe80::/10"), "link-local"),
        (IPNetwork.Parse("fec0::/10"), "site-local"),
        (IPNetwork.Parse("ff00::/8"), "multicast"),
        (IPNetwork.Parse("2001::/32"), "Teredo"),
        (IPNetwork.Parse("2001::/23"), "reserved for protocols"),
        (IPNetwork.Parse("2001:db8::/32"), "documentation"),
        (IPNetwork.Parse("2002::/16"), "6to4"),
        (IPNetwork.Parse("3fff::/20"), "documentation"),
    ];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");
    private static readonly IPNetwork Unicast6 = IPNetwork.Parse("2000::/3");

    /// <summary>What kind of address it is, if it is not a public one (<c>loopback</c>, <c>private</c>, …); null if it is.</summary>
    public static string? ReasonToRefuse(IPAddress address)
    {
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return Find(Refused4, address);
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return Find(Refused4, address.MapToIPv4());
        }

        // RFC 6052: the last 32 bits are the IPv4 address that the gateway connects to.
        if (Nat64.Contains(address))
        {
            return Find(Refused4, new IPAddress(address.GetAddressBytes().AsSpan(12)));
        }

        // Only 2000::/3 has been handed out so far; what lies outside it is nobody's public address.
        return Find(Refused6, address) ?? (Unicast6.Contains(address) ? null : "not assigned");
    }

    /// <summary>Whether it is this very machine, also as an IPv4 address in IPv6 form.</summary>
    public static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);

    private static string? Find((IPNetwork Range, string What)[] ranges, IPAddress address) =>
        Array.Find(ranges, refused => refused.Range.Contains(address)).What;
}
