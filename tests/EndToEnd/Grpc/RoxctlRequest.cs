using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;

namespace ImageScan.EndToEnd.Grpc;

/// <summary>
/// A request as roxctl 4.5 sends it with <c>--force-http1</c>, byte by byte: what grpc-go says to the proxy within it, less <c>TE</c>, with what
/// <c>go-grpc-http1</c> adds, as Go's http.Transport writes it, chunked and asking for gzip
/// (https://github.com/stackrox/go-grpc-http1/blob/v0.3.12/client/proxy.go, https://github.com/stackrox/stackrox/blob/4.5.0/roxctl/common/connection.go).
/// </summary>
internal static class RoxctlRequest
{
    /// <summary>Sends a message and reads the answer to its end.</summary>
    public static Task<RawAnswer> SendAsync(Uri server, string path, IMessage message, string? token, params IEnumerable<(string Name, string Value)> more)
    {
        byte[] bytes = message.ToByteArray();
        byte[] frame = new byte[5 + bytes.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), bytes.Length);
        bytes.CopyTo(frame, 5);
        var headers = new Dictionary<string, string>
        {
            // What it calls its own connection within, unless --server-name or the name in --endpoint says otherwise.
            ["Host"] = "pipe",
            ["User-Agent"] = "roxctl/4.5.0 (linux; amd64) grpc-go/1.65.0",
            ["Transfer-Encoding"] = "chunked",
            ["Accept"] = "application/grpc-web",
            ["Content-Type"] = "application/grpc",
            ["Grpc-Accept-Encoding"] = "gzip",
            ["Grpc-Timeout"] = "59999m",
            ["Grpc-Web-Only"] = "true",
            ["Rh-Roxctl-Command"] = "image scan",
            ["Rh-Roxctl-Command-Index"] = "1",
            ["Accept-Encoding"] = "gzip",
            // Go keeps the connection; here its end is the answer's.
            ["Connection"] = "close",
        };
        if (token is not null)
        {
            headers["Authorization"] = $"Bearer {token}";
        }

        foreach ((string name, string value) in more)
        {
            headers[name] = value;
        }

        return SendAsync(server, path, headers.Where(header => header.Value.Length > 0).Select(header => $"{header.Key}: {header.Value}"), frame);
    }

    /// <summary>Sends any headers with any body, in one chunk.</summary>
    public static async Task<RawAnswer> SendAsync(Uri server, string path, IEnumerable<string> headers, byte[] body)
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(server.Host, server.Port, cancellationToken);
        await using NetworkStream stream = client.GetStream();
        string chunk = body.Length == 0 ? "" : $"{body.Length:x}\r\n";
        string head = $"POST {path} HTTP/1.1\r\n{string.Concat(headers.Select(header => $"{header}\r\n"))}\r\n{chunk}";
        await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body, .. body.Length == 0 ? "0\r\n\r\n"u8 : "\r\n0\r\n\r\n"u8], cancellationToken);
        using var answer = new MemoryStream();
        await stream.CopyToAsync(answer, cancellationToken);
        return RawAnswer.Parse(answer.ToArray());
    }
}
