using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Text;

namespace ImageScan.EndToEnd.Grpc;

/// <summary>An answer of gRPC-Web as it came over the wire.</summary>
/// <param name="Status">The status of HTTP.</param>
/// <param name="Headers">Headers by their names in lower case.</param>
/// <param name="Body">The body, without its chunks and expanded.</param>
internal sealed record RawAnswer(HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The message; null if there is none.</summary>
    public byte[]? Message => Body[0] == 0 ? Body[5..(5 + Length(0))] : null;

    /// <summary>The lines of the last frame, by their names.</summary>
    public IReadOnlyDictionary<string, string> Trailers
    {
        get
        {
            int at = Body[0] == 0 ? 5 + Length(0) : 0;
            Assert.Equal(0x80, Body[at]);
            Assert.Equal(Body.Length, at + 5 + Length(at));
            return LinesOf(Encoding.ASCII.GetString(Body.AsSpan(at + 5)).TrimEnd('\n'));
        }
    }

    /// <summary>Reads an answer of HTTP/1.1 whose connection ends with it.</summary>
    public static RawAnswer Parse(byte[] answer)
    {
        int end = answer.AsSpan().IndexOf("\r\n\r\n"u8);
        string[] head = Encoding.ASCII.GetString(answer, 0, end).Split("\r\n", 2);
        IReadOnlyDictionary<string, string> headers = LinesOf(head[1]);
        byte[] body = answer[(end + 4)..];
        body = headers.GetValueOrDefault("transfer-encoding") == "chunked" ? WithoutChunks(body) : body;
        if (headers.GetValueOrDefault("content-encoding") == "gzip")
        {
            using var plain = new MemoryStream();
            using var gzip = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
            gzip.CopyTo(plain);
            body = plain.ToArray();
        }

        return new((HttpStatusCode)int.Parse(head[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), headers, body);
    }

    private int Length(int at) => BinaryPrimitives.ReadInt32BigEndian(Body.AsSpan(at + 1));

    private static Dictionary<string, string> LinesOf(string lines) => lines.Split("\r\n", StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.TrimEnd('\r').Split(": ", 2))
        .ToDictionary(line => line[0].ToLowerInvariant(), line => line[1]);

    private static byte[] WithoutChunks(byte[] body)
    {
        var whole = new List<byte>();
        for (int at = 0; ;)
        {
            int end = at + body.AsSpan(at).IndexOf("\r\n"u8);
            int length = Convert.ToInt32(Encoding.ASCII.GetString(body, at, end - at), 16);
            if (length == 0)
            {
                return [.. whole];
            }

            whole.AddRange(body[(end + 2)..(end + 2 + length)]);
            at = end + 2 + length + 2;
        }
    }
}
