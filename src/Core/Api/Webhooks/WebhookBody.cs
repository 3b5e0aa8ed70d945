using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Webhooks;

/// <summary>The body of a webhook's request, never longer than it may be.</summary>
internal static class WebhookBody
{
    /// <summary>How deep arrays and objects may nest.</summary>
    public const int MaxDepth = 64;

    private const int FirstBytes = 16 * 1024;

    private static ReadOnlySpan<byte> Utf8Bom => [0xEF, 0xBB, 0xBF];

    /// <summary>The bytes; null if they are too many, be it that the head says so or that they have not ended by then.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > maxBytes)
        {
            return null;
        }

        // What the head says is the sender's word alone: memory is taken as bytes come.
        byte[] buffer = ArrayPool<byte>.Shared.Rent(FirstBytes);
        try
        {
            int length = 0;
            while (await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken) is > 0 and var read)
            {
                length += read;
                if (length > maxBytes)
                {
                    return null;
                }

                buffer = length == buffer.Length ? Larger(buffer) : buffer;
            }

            return buffer[..length];
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>The body as JSON. Throws <see cref="FormatException"/> if it is none, is no UTF-8 or nests too deep.</summary>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        body = body.Span.StartsWith(Utf8Bom) ? body[Utf8Bom.Length..] : body;
        if (!Utf8.IsValid(body.Span))
        {
            throw new FormatException("the request body is no UTF-8");
        }

        try
        {
            return JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException wrong)
        {
            throw new FormatException(
                $"the request body is no JSON that can be read: byte {wrong.BytePositionInLine} of line {wrong.LineNumber + 1} is the end or not what "
                    + $"belongs there, or lies deeper than {MaxDepth} levels");
        }
    }

    private static byte[] Larger(byte[] full)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(full.Length * 2);
        full.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return larger;
    }
}
