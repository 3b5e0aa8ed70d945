using System.IO.Compression;
using ImageScan.Core.Api.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ImageScan.Core.Api;

/// <summary>Writes an answer that streams: each line goes out whole, also compressed, before the next one is asked for.</summary>
internal static class LineWriter
{
    private static readonly byte[] LineBreak = "\n"u8.ToArray();

    /// <summary>Writes it to its end, or to where it breaks off; what broke it off is returned, null if nothing did.</summary>
    /// <param name="context">The request and the place for its answer.</param>
    /// <param name="result">The answer.</param>
    /// <param name="form">What it looks like.</param>
    /// <param name="cancellationToken">Ends it without a word, since the caller is gone.</param>
    public static async Task<Exception?> WriteAsync(HttpContext context, ApiResult result, LineForm form, CancellationToken cancellationToken)
    {
        Stream? body = null;
        Exception? failure = null;
        try
        {
            try
            {
                await foreach (byte[] line in result.Lines!(WireLayout.Compact, form.Level).WithCancellation(cancellationToken))
                {
                    body ??= Begin(context.Response, result, form);
                    await body.WriteAsync(line, cancellationToken);
                    await body.WriteAsync(LineBreak, cancellationToken);
                    await body.FlushAsync(cancellationToken);
                }

                body ??= Begin(context.Response, result, form);
            }
            catch (Exception exception)
            {
                // The edge of the app, as in the gate: whatever it is becomes a line of the answer and one of the log.
                failure = exception;
                if (!cancellationToken.IsCancellationRequested)
                {
                    ApiResult last = ApiResult.StreamFailure(ErrorTable.ErrorFor(exception, context.TraceIdentifier));
                    body ??= Begin(context.Response, last, form);
                    await body.WriteAsync(last.Write(WireLayout.Compact, form.Level), cancellationToken);
                }
            }
        }
        finally
        {
            await EndAsync(body, cancellationToken);
        }

        return failure;
    }

    private static Stream Begin(HttpResponse response, ApiResult result, LineForm form)
    {
        response.StatusCode = result.Status;
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        return form.IsCompressed ? new GZipStream(response.Body, CompressionLevel.Fastest, leaveOpen: true) : response.Body;
    }

    // What a compressor still holds is of no use to who is gone, and writing it would fail.
    private static async Task EndAsync(Stream? body, CancellationToken cancellationToken)
    {
        if (body is GZipStream gzip && !cancellationToken.IsCancellationRequested)
        {
            await gzip.DisposeAsync();
        }
    }
}

/// <summary>What a streamed answer looks like. It is never laid out for people, since StackRox's lines are none then.</summary>
internal sealed record LineForm(ApiLevel Level, bool IsCompressed);
