using System.Net;
using System.Net.Sockets;

namespace ImageScan.EndToEnd.Telemetry;

/// <summary>A port that takes connections and never says a word.</summary>
internal sealed class SilentAccount : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    private SilentAccount() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    /// <summary>The same account there.</summary>
    public static string Of(string connectionString, out SilentAccount silent)
    {
        silent = new SilentAccount();
        int port = ((IPEndPoint)silent._listener.LocalEndpoint).Port;
        return string.Join(';', connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(part =>
            part.Contains("Endpoint=", StringComparison.Ordinal) ? $"{part.Split('=')[0]}=http://127.0.0.1:{port}/devstoreaccount1" : part));
    }
}
