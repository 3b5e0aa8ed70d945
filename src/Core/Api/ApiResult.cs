using System.Text;
using ImageScan.Core.Api.Wire;

namespace ImageScan.Core.Api;

/// <summary>What a handler answers with.</summary>
public sealed record ApiResult
{
    private readonly Func<WireLayout, ApiLevel, byte[]> _write;

    private ApiResult(int status, string contentType, Func<WireLayout, ApiLevel, byte[]> write)
    {
        Status = status;
        ContentType = contentType;
        _write = write;
    }

    public int Status { get; }

    public string ContentType { get; }

    /// <summary>Whether the body is compressed by gzip.</summary>
    public bool IsGzip { get; private init; }

    /// <summary>Headers beside those that every answer has, each once.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; private init; } = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>A message of <see cref="Wire"/> as JSON, 200 unless said.</summary>
    public static ApiResult Json<TMessage>(TMessage message, int status = 200) =>
        new(status, "application/json", (layout, level) => WireJson.BytesOf(message, layout, level));

    /// <summary>Plain text, 200 unless said.</summary>
    public static ApiResult Text(string text, int status = 200) =>
        new(status, "text/plain; charset=utf-8", (_, _) => Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes that are ready, with status 200.</summary>
    public static ApiResult Bytes(ReadOnlyMemory<byte> body, string contentType) => new(200, contentType, (_, _) => body.ToArray());

    /// <summary>Bytes that are compressed by gzip already, with status 200; who does not take them so gets them expanded.</summary>
    public static ApiResult Gzip(ReadOnlyMemory<byte> body, string contentType) => Bytes(body, contentType) with { IsGzip = true };

    /// <summary>The body that says an error.</summary>
    public static ApiResult Failure(ApiException error) => Json(error.ToBody(), GrpcCodes.HttpStatusOf(error.Code));

    /// <summary>The same with one header more; null changes nothing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Visible ASCII: whatever a caller may have chosen must be encoded before.</param>
    public ApiResult With(string name, string? value) =>
        value is null ? this : this with { Headers = new Dictionary<string, string>(Headers, StringComparer.OrdinalIgnoreCase) { [name] = value } };

    /// <summary>The body as UTF-8.</summary>
    public byte[] Write(WireLayout layout, ApiLevel level) => _write(layout, level);
}
