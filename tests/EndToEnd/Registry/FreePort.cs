using System.Net;
using System.Net.Sockets;

namespace ImageScan.EndToEnd.Registry;

/// <summary>A port for whoever must be known before it listens.</summary>
internal static class FreePort
{
    // Below those that Linux gives to connections and to listeners that want any (/proc/sys/net/ipv4/ip_local_port_range, 32768 to 60999 unless set):
    // one of these is not taken by another test between here and the one who listens.
    private const int First = 20_000;
    private const int End = 32_768;

    private static int _next = Random.Shared.Next(First, End);

    /// <summary>A port of 127.0.0.1 that nobody has at the moment, and that is not found again soon.</summary>
    public static int Find()
    {
        while (true)
        {
            int port = First + (int)((uint)Interlocked.Increment(ref _next) % (End - First));
            if (IsFree(port))
            {
                return port;
            }
        }
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
