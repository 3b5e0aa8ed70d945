using System.Net;
using System.Net.Sockets;

namespace ImageScan.EndToEnd.Registry;

/// <summary>A port for whoever must be known before it listens.</summary>
internal static class FreePort
{
    /// <summary>A port of 127.0.0.1 that nobody has at the moment.</summary>
    public static int Find()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
