using System.Buffers.Text;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using ImageScan.Core.Api.Grpc.Messages;
using ImageScan.Core.Images;
using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Grpc;

/// <summary>
/// Answers in the form of gRPC-Web: a frame with the message, if there is one, and a frame with the trailers; the status of HTTP is 200 whatever it says
/// (https://github.com/grpc/grpc/blob/v1.68.0/doc/PROTOCOL-WEB.md).
/// </summary>
internal sealed class GrpcAnswers(ApiSettings settings)
{
    private const byte MessageFlags = 0;
    private const byte TrailerFlags = 0x80;

    // A multiple of three, so that none but the last piece has padding.
    private const int TextPiece = 3 * 16 * 1024;

    /// <summary>Writes what a handler, or the table of errors, has answered.</summary>
    public async Task WriteAsync(HttpContext context, GrpcWebForm form, ApiResult result, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> body = BodyOf(result);
        HttpResponse response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        AnswerWriter.AddHeaders(response, result with { ContentType = form.ContentType });
        // Which compressions of a request's message are read; whoever sent another learns it so.
        response.Headers["grpc-accept-encoding"] = "identity,gzip";
        if (!form.IsTextAnswer)
        {
            await AnswerWriter.WriteBodyAsync(context, body, cancellationToken);
            return;
        }

        byte[] text = new byte[Base64.GetMaxEncodedToUtf8Length(Math.Min(TextPiece, body.Length))];
        for (int at = 0; at < body.Length; at += TextPiece)
        {
            Base64.EncodeToUtf8(body.Span.Slice(at, Math.Min(TextPiece, body.Length - at)), text, out _, out int length);
            await response.Body.WriteAsync(text.AsMemory(0, length), cancellationToken);
        }
    }

    /// <summary>
    /// What grpc-go says of a path that is no method (https://github.com/grpc/grpc-go/blob/v1.68.0/server.go, handleStream).
    /// </summary>
    public static ApiException UnknownMethod(PathString path)
    {
        string name = path.Value?.TrimStart('/') ?? "";
        int slash = name.LastIndexOf('/');
        string service = slash < 0 ? name : name[..slash];
        bool isKnown = Operations.All.Any(operation => operation.IsGrpc && operation.Route.StartsWith($"{service}/", StringComparison.Ordinal));
        return new ApiException(
            GrpcCode.Unimplemented,
            isKnown ? $"unknown method {HostileText.Plain(name[(slash + 1)..])} for service {service}" : $"unknown service {HostileText.Plain(service)}");
    }

    private ReadOnlyMemory<byte> BodyOf(ApiResult result)
    {
        var buffer = new ProtoBuffer();
        if (result.Error is null)
        {
            int message = buffer.BeginFrame(MessageFlags);
            ProtoMessages.Write(result.Message!, settings.Level, buffer);
            buffer.EndFrame(message);
        }

        int trailers = buffer.BeginFrame(TrailerFlags);
        buffer.Raw(Encoding.ASCII.GetBytes(TrailersOf(result.Error)));
        buffer.EndFrame(trailers);
        return buffer.Written;
    }

    private static string TrailersOf(ApiException? error)
    {
        if (error is null)
        {
            return "grpc-status: 0\r\n";
        }

        string details = error.RetryAfter is { } delay ? $"grpc-status-details-bin: {DetailsOf(error, delay)}\r\n" : "";
        return $"grpc-status: {(int)error.Code}\r\ngrpc-message: {Encoded(error.Message)}\r\n{details}";
    }

    // When to ask again, as the errors of JSON have it among their details. Base64 of a header has no padding
    // (https://github.com/grpc/grpc/blob/v1.68.0/doc/PROTOCOL-HTTP2.md#requests).
    private static string DetailsOf(ApiException error, TimeSpan delay)
    {
        var status = new Status { Code = (int)error.Code, Message = error.Message };
        status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }));
        return Convert.ToBase64String(status.ToByteArray()).TrimEnd('=');
    }

    // A percent sign and what is not visible ASCII (https://github.com/grpc/grpc/blob/v1.68.0/doc/PROTOCOL-HTTP2.md#responses).
    private static string Encoded(string message)
    {
        var encoded = new StringBuilder(message.Length);
        foreach (byte letter in Encoding.UTF8.GetBytes(message))
        {
            _ = letter is >= 0x20 and <= 0x7E and not (byte)'%' ? encoded.Append((char)letter) : encoded.Append('%').Append(letter.ToString("X2", null));
        }

        return encoded.ToString();
    }
}
