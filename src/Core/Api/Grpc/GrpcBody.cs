using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.IO.Compression;
using Google.Protobuf;
using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Grpc;

/// <summary>
/// The message of a request: one frame, which is a byte of flags, four bytes of length and the message
/// (https://github.com/grpc/grpc/blob/v1.68.0/doc/PROTOCOL-HTTP2.md#requests). What cannot be read is the caller's mistake, code 3, as it is in JSON;
/// grpc-go says 13 of most of it, which callers take for one of ours.
/// </summary>
internal static class GrpcBody
{
    private const int HeaderBytes = 5;
    private const byte CompressedFlag = 1;
    private const string EncodingHeader = "grpc-encoding";

    /// <summary>Reads it. Throws <see cref="ApiException"/> with code 3, or 12 for a compression other than gzip.</summary>
    public static async Task<TMessage> ReadAsync<TMessage>(
        HttpRequest request, GrpcWebForm form, MessageParser<TMessage> parser, CancellationToken cancellationToken)
        where TMessage : IMessage<TMessage>
    {
        byte[] body = await RequestBody.BytesOfAsync(request, cancellationToken);
        byte[] frame = form.IsTextRequest ? FromBase64(body) : body;
        ReadOnlyMemory<byte> message = MessageIn(frame);
        byte[] plain = (frame[0] & CompressedFlag) != 0 ? Expand(message, request.Headers[EncodingHeader].ToString()) : message.ToArray();
        try
        {
            return parser.ParseFrom(plain);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new ApiException(GrpcCode.InvalidArgument, $"the request is no {parser.ParseFrom([]).Descriptor.FullName}");
        }
    }

    private static ReadOnlyMemory<byte> MessageIn(byte[] frame)
    {
        if (frame.Length < HeaderBytes)
        {
            throw new ApiException(GrpcCode.InvalidArgument, $"the request has {frame.Length} bytes and no frame, which begins with {HeaderBytes}");
        }

        if ((frame[0] & ~CompressedFlag) != 0)
        {
            throw new ApiException(GrpcCode.InvalidArgument, $"the request's frame has flags that are not known: {frame[0]:x2}");
        }

        uint length = BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(1));
        return length == frame.Length - HeaderBytes
            ? frame.AsMemory(HeaderBytes)
            : throw new ApiException(
                GrpcCode.InvalidArgument, $"the request's frame says {length} bytes and has {frame.Length - HeaderBytes}: it must be one, and whole");
    }

    // https://github.com/grpc/grpc/blob/v1.68.0/doc/compression.md#specific-disabling-of-compression and the cases below it.
    private static byte[] Expand(ReadOnlyMemory<byte> message, string encoding)
    {
        if (encoding is "" or "identity")
        {
            throw new ApiException(GrpcCode.InvalidArgument, $"the request's frame is compressed, and {EncodingHeader} does not say how");
        }

        if (encoding != "gzip")
        {
            throw new ApiException(
                GrpcCode.Unimplemented, $"{EncodingHeader} {HostileText.Quote(encoding)} is not known: gzip and identity are");
        }

        byte[] expanded = ArrayPool<byte>.Shared.Rent(RequestBody.MaxBytes + 1);
        try
        {
            using var gzip = new GZipStream(new MemoryStream(message.ToArray()), CompressionMode.Decompress);
            int length = gzip.ReadAtLeast(expanded.AsSpan(0, RequestBody.MaxBytes + 1), RequestBody.MaxBytes + 1, throwOnEndOfStream: false);
            return length > RequestBody.MaxBytes ? throw RequestBody.TooLong() : expanded[..length];
        }
        catch (InvalidDataException)
        {
            throw new ApiException(GrpcCode.InvalidArgument, "the request's frame is no gzip, as it says it is");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(expanded);
        }
    }

    // Whoever sends may encode and pad each piece that it flushes by itself
    // (https://github.com/grpc/grpc/blob/v1.68.0/doc/PROTOCOL-WEB.md#protocol-differences-vs-grpc-over-http2).
    private static byte[] FromBase64(ReadOnlySpan<byte> text)
    {
        byte[] decoded = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        int length = 0;
        while (!text.IsEmpty)
        {
            ReadOnlySpan<byte> piece = text[..LengthOfPiece(text)];
            if (Base64.DecodeFromUtf8(piece, decoded.AsSpan(length), out _, out int written) != OperationStatus.Done)
            {
                throw new ApiException(GrpcCode.InvalidArgument, "the request is no base64, as its content type says it is");
            }

            length += written;
            text = text[piece.Length..];
        }

        return decoded[..length];
    }

    // To the end of its padding, or of all.
    private static int LengthOfPiece(ReadOnlySpan<byte> text)
    {
        int padding = text.IndexOf((byte)'=');
        int rest = padding < 0 ? -1 : text[padding..].IndexOfAnyExcept((byte)'=');
        return rest < 0 ? text.Length : padding + rest;
    }
}
