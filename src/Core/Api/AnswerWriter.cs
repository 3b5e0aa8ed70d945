using System.IO.Compression;
using System.IO.Pipelines;
using ImageScan.Core.Api.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ImageScan.Core.Api;

/// <summary>Answers in the form of plain HTTP: status, headers and a body, compressed for whoever takes it so.</summary>
internal sealed class AnswerWriter(ApiSettings settings)
{
    // Below this gzip saves less than a packet.
    private const int MinCompressedBytes = 1_024;

    private const string BasicChallenge = "Basic realm=\"ImageScanFunctions\", charset=\"UTF-8\"";

    /// <summary>Writes an answer that is at hand.</summary>
    public async Task WriteAsync(HttpContext context, ApiResult result, CancellationToken cancellationToken)
    {
        HttpResponse response = context.Response;
        byte[] body = result.Write(LayoutFor(context.Request), AskedLevel.Of(context.Request, settings));
        response.StatusCode = result.Status;
        AddHeaders(response, result);
        if (result.Status == StatusCodes.Status304NotModified)
        {
            // A length would be that of the body that the caller has (https://www.rfc-editor.org/rfc/rfc9110#section-8.6).
            response.ContentType = null;
        }
        else if (result.Parts is { } parts)
        {
            await WritePartsAsync(context, parts, cancellationToken);
        }
        else if (result.IsGzip)
        {
            await WriteCompressedAsync(response, body, AcceptsGzip(context.Request), cancellationToken);
        }
        else
        {
            await WriteBodyAsync(context, body, cancellationToken);
        }
    }

    /// <summary>Writes an answer line by line; answers with what broke it off, or null.</summary>
    public Task<Exception?> WriteLinesAsync(HttpContext context, ApiResult result, CancellationToken cancellationToken)
    {
        AddHeaders(context.Response, result);
        bool isCompressed = AcceptsGzip(context.Request);
        if (isCompressed)
        {
            AddGzipHeaders(context.Response);
        }

        return LineWriter.WriteAsync(context, result, new LineForm(AskedLevel.Of(context.Request, settings), isCompressed), cancellationToken);
    }

    /// <summary>Writes a body, compressed if that is worth it and the caller takes it so.</summary>
    public static async Task WriteBodyAsync(HttpContext context, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        HttpResponse response = context.Response;
        if (body.Length < MinCompressedBytes || !AcceptsGzip(context.Request))
        {
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, cancellationToken);
            return;
        }

        AddGzipHeaders(response);
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        await gzip.WriteAsync(body, cancellationToken);
    }

    /// <summary>The headers that every answer has, and those of this one.</summary>
    public static void AddHeaders(HttpResponse response, ApiResult result)
    {
        response.ContentType = result.ContentType;
        response.Headers.CacheControl = "no-store";
        foreach ((string name, string value) in result.Headers)
        {
            response.Headers[name] = value;
        }

        response.Headers.XContentTypeOptions = "nosniff";
    }

    /// <summary>The headers by which HTTP says what is to be done about an error.</summary>
    public static void AddErrorHeaders(HttpResponse response, Operation operation, ApiException error)
    {
        if (response.HasStarted)
        {
            return;
        }

        if (error.Code == GrpcCode.Unauthenticated)
        {
            // A browser asks its user for a name and a password, and cannot send a token of itself (https://datatracker.ietf.org/doc/html/rfc7617).
            response.Headers.WWWAuthenticate = operation.IsForBrowsers ? new StringValues(["Bearer", BasicChallenge]) : "Bearer";
        }

        if (error.RetryAfter is { } delay)
        {
            response.Headers.RetryAfter = $"{(long)delay.TotalSeconds}";
        }
    }

    private static async Task WritePartsAsync(HttpContext context, Func<PipeWriter, CancellationToken, Task> parts, CancellationToken cancellationToken)
    {
        HttpResponse response = context.Response;
        if (!AcceptsGzip(context.Request))
        {
            await parts(response.BodyWriter, cancellationToken);
            await response.BodyWriter.FlushAsync(cancellationToken);
            return;
        }

        AddGzipHeaders(response);
        await using var gzip = new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true);
        var writer = PipeWriter.Create(gzip, new StreamPipeWriterOptions(leaveOpen: true));
        await parts(writer, cancellationToken);
        await writer.CompleteAsync();
    }

    private static async Task WriteCompressedAsync(HttpResponse response, byte[] body, bool acceptsGzip, CancellationToken cancellationToken)
    {
        if (acceptsGzip)
        {
            AddGzipHeaders(response);
            response.ContentLength = body.Length;
            await response.Body.WriteAsync(body, cancellationToken);
            return;
        }

        AddVary(response);
        await using var expanded = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        await expanded.CopyToAsync(response.Body, cancellationToken);
    }

    // Both are 4.5's: pkg/grpc/server.go.
    private static WireLayout LayoutFor(HttpRequest request) =>
        request.Query.ContainsKey("pretty")
        || request.Headers.Accept.ToString().Contains("application/json+pretty", StringComparison.OrdinalIgnoreCase)
            ? WireLayout.Pretty
            : WireLayout.Compact;

    // An answer may depend on more: a badge on who asks.
    private static void AddVary(HttpResponse response)
    {
        if (!response.Headers.Vary.ToString().Contains("Accept-Encoding", StringComparison.OrdinalIgnoreCase))
        {
            response.Headers.AppendCommaSeparatedValues("Vary", "Accept-Encoding");
        }
    }

    private static void AddGzipHeaders(HttpResponse response)
    {
        response.Headers.ContentEncoding = "gzip";
        AddVary(response);
    }

    private static bool AcceptsGzip(HttpRequest request) =>
        StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptEncoding, out IList<StringWithQualityHeaderValue>? encodings)
        && encodings.Any(encoding => encoding.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && encoding.Quality is not 0);
}
