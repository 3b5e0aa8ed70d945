using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>A server on 127.0.0.1 that answers each request with the very bytes it is told, then closes: also with what no proper server sends.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, byte[]> _answer;
    private readonly ConcurrentQueue<string> _requests = [];

    /// <summary>Starts to listen; <paramref name="answer"/> gets the head of a request.</summary>
    public LoopbackServer(Func<string, byte[]> answer)
    {
        _answer = answer;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public IReadOnlyCollection<string> Requests => _requests;

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    // A client that begins with TLS gets its answer at once, as from a server that knows plain http only.
    private static bool IsTlsHandshake(byte first) => first == 0x16;

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            NetworkStream stream = client.GetStream();
            byte[] buffer = new byte[16 * 1024];
            int length = 0;
            string head;
            do
            {
                int read = await stream.ReadAsync(buffer.AsMemory(length));
                if (read == 0)
                {
                    return;
                }

                length += read;
                head = Encoding.ASCII.GetString(buffer, 0, length);
            }
            while (!head.Contains("\r\n\r\n", StringComparison.Ordinal) && !IsTlsHandshake(buffer[0]));

            _requests.Enqueue(head);
            await stream.WriteAsync(_answer(head));
            client.Client.Shutdown(SocketShutdown.Send);
        }
    }
}
