using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using ImageScan.Core.Images;

namespace ImageScan.Core.Tests.Images.Registries;

/// <summary>Answers whose bodies break off, stall, or are a part of another.</summary>
internal static class BrokenBodies
{
    public static HttpResponseMessage Part(SentRequest request, byte[] all)
    {
        int from = int.Parse(request.Range!["bytes=".Length..^1], CultureInfo.InvariantCulture);
        var response = new HttpResponseMessage(HttpStatusCode.PartialContent) { Content = new ByteArrayContent(all[from..]) };
        response.Content.Headers.ContentRange = new ContentRangeHeaderValue(from, all.Length - 1, all.Length);
        return response;
    }

    public static HttpResponseMessage Broken(byte[] all, int after) => Body(new BreakingStream(all, after, stalls: false), all.Length);

    public static HttpResponseMessage Broken(HttpResponseMessage whole, int after)
    {
        byte[] all = whole.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken).GetAwaiter().GetResult();
        HttpResponseMessage response = Broken(all, Math.Min(after, all.Length));
        response.StatusCode = whole.StatusCode;
        response.Content.Headers.ContentRange = whole.Content.Headers.ContentRange;
        return response;
    }

    public static HttpResponseMessage Body(Stream body, long? length)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new OpaqueStream(body)) };
        response.Content.Headers.ContentLength = length;
        return response;
    }

    /// <summary>Hides the length of a stream, as a network does.</summary>
    private sealed class OpaqueStream(Stream inner) : ForwardStream
    {
        public override int Read(Span<byte> buffer) => inner.Read(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            inner.ReadAsync(buffer, cancellationToken);
    }

    /// <summary>Gives its first bytes, then breaks or says nothing more.</summary>
    public sealed class BreakingStream(byte[] bytes, int after, bool stalls) : MemoryStream(bytes, 0, after)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0 && buffer.Length > 0)
            {
                await (stalls ? Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken) : Task.FromException(new IOException("connection reset")));
            }

            return read;
        }
    }
}
