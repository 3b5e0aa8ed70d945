using System.IO.Pipelines;
using System.Text;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

/// <summary>What a handler answers with.</summary>
public sealed record ApiResult
{
    private const string JsonType = "application/json";

    private readonly Func<WireLayout, ApiLevel, byte[]> _write;

    private ApiResult(int status, string contentType, Func<WireLayout, ApiLevel, byte[]> write)
    {
        Status = status;
        ContentType = contentType;
        _write = write;
    }

    public int Status { get; }

    public string ContentType { get; internal init; }

    /// <summary>The message of <see cref="Wire"/> that is answered; null if the answer is none.</summary>
    internal object? Message { get; private init; }

    /// <summary>The error that is answered; null if the answer is none.</summary>
    internal ApiException? Error { get; private init; }

    /// <summary>Whether the body is compressed by gzip.</summary>
    public bool IsGzip { get; private init; }

    /// <summary>Headers beside those that every answer has, each once.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>A message of <see cref="Wire"/> as JSON, 200 unless said.</summary>
    public static ApiResult Json<TMessage>(TMessage message, int status = 200) =>
        new(status, JsonType, (layout, level) => WireJson.BytesOf(message, layout, level)) { Message = message };

    /// <summary>A JSON document that is written already, 200.</summary>
    public static ApiResult Document(byte[] json) => new(200, JsonType, (_, _) => json);

    /// <summary>
    /// Messages of <see cref="Wire"/> as they come, one a line, 200; the next is asked for when the caller has taken the one before, and none when
    /// he is gone. What is thrown before the first decides the status, what is thrown later becomes the last line.
    /// </summary>
    public static ApiResult Stream<TMessage>(IAsyncEnumerable<TMessage> messages) => new(200, JsonType, (_, _) => [])
    {
        Lines = (layout, level) => messages.Select(message => WireJson.BytesOf(message, layout, level)),
    };

    /// <summary>Plain text, 200 unless said.</summary>
    public static ApiResult Text(string text, int status = 200) =>
        new(status, "text/plain; charset=utf-8", (_, _) => Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes that are ready, with status 200.</summary>
    public static ApiResult Bytes(ReadOnlyMemory<byte> body, string contentType) => new(200, contentType, (_, _) => body.ToArray());

    /// <summary>Bytes that are compressed by gzip already, with status 200; who does not take them so gets them expanded.</summary>
    public static ApiResult Gzip(ReadOnlyMemory<byte> body, string contentType) => Bytes(body, contentType) with { IsGzip = true };

    /// <summary>That the caller has it already: 304, without a body.</summary>
    public static ApiResult NotModified() => new(304, "", (_, _) => []);

    /// <summary>A body that is written part by part, so that it is never in memory as a whole, with status 200. Writing it must not fail.</summary>
    public static ApiResult Written(Func<PipeWriter, CancellationToken, Task> write, string contentType) =>
        new(200, contentType, (_, _) => []) { Parts = write };

    /// <summary>The body that says an error.</summary>
    public static ApiResult Failure(ApiException error) => Json(error.ToBody(), GrpcCodes.HttpStatusOf(error.Code)) with { Error = error };

    /// <summary>
    /// How grpc-gateway says an error of an operation that streams, be it before the first line or after the last: up to 4.5
    /// https://github.com/grpc-ecosystem/grpc-gateway/blob/v1.16.0/internal/errors.proto, since 4.6 a google.rpc.Status and a line break
    /// (https://github.com/grpc-ecosystem/grpc-gateway/blob/v2.22.0/runtime/handler.go).
    /// </summary>
    public static ApiResult StreamFailure(ApiException error)
    {
        int status = GrpcCodes.HttpStatusOf(error.Code);
        return new(status, JsonType, (layout, level) => level < WireJson.FirstProtojson
            ? WireJson.BytesOf(new WireStreamFailure(WireStreamError.Of(error.ToBody(), status)), layout, level)
            : [.. WireJson.BytesOf(new WireStatusFailure(WireStatus.Of(error.ToBody())), layout, level), (byte)'\n']);
    }

    /// <summary>The same with one header more; null changes nothing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Visible ASCII: whatever a caller may have chosen must be encoded before.</param>
    public ApiResult With(string name, string? value) =>
        value is null ? this : this with { Headers = new Dictionary<string, string>(Headers, StringComparer.OrdinalIgnoreCase) { [name] = value } };

    /// <summary>The lines of an answer that streams, without their line breaks; null for one that is written whole.</summary>
    internal Func<WireLayout, ApiLevel, IAsyncEnumerable<byte[]>>? Lines { get; private init; }

    /// <summary>Writes the body of an answer that is written part by part; null for any other.</summary>
    internal Func<PipeWriter, CancellationToken, Task>? Parts { get; private init; }

    /// <summary>The body as UTF-8; empty for one that streams or is written part by part.</summary>
    public byte[] Write(WireLayout layout, ApiLevel level) => _write(layout, level);
}
