using System.Collections.Concurrent;
using System.Globalization;
using ImageScan.Core.Images;
using ImageScan.Local.Demo;
using Microsoft.AspNetCore.Http;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>Lets requests to a registry go wrong as registries are known to, and remembers every reading of a blob.</summary>
internal sealed class RegistryTrouble(int seed, TroubleLog log)
{
    private static readonly (Kind, double)[] OfBlobs =
    [
        (Kind.Broken, 0.07), (Kind.CutShort, 0.02), (Kind.Spoilt, 0.02), (Kind.Stalled, 0.02), (Kind.TooMany, 0.04),
        (Kind.Error, 0.03), (Kind.Unavailable, 0.03), (Kind.Slow, 0.1),
    ];

    private static readonly (Kind, double)[] OfOthers =
    [
        (Kind.TooMany, 0.03), (Kind.Error, 0.02), (Kind.Unavailable, 0.02), (Kind.Slow, 0.05),
    ];

    private readonly Dice _dice = new(seed, "registry");
    private readonly ConcurrentQueue<BlobReading> _readings = new();
    private volatile bool _isOn;

    private enum Kind
    {
        Broken,
        CutShort,
        Spoilt,
        Stalled,
        TooMany,
        Error,
        Unavailable,
        Slow,
    }

    /// <summary>Every GET of a blob so far, in order.</summary>
    public IReadOnlyList<BlobReading> Readings => [.. _readings];

    /// <summary>From now on requests go wrong; what was read before is forgotten.</summary>
    public void Begin()
    {
        _readings.Clear();
        _isOn = true;
    }

    public void End() => _isOn = false;

    /// <summary>For <see cref="Registry.TestRegistry.Misbehave"/>.</summary>
    public async Task<bool> AnswerAsync(HttpContext context, MadeBlob? found)
    {
        bool isBlob = HttpMethods.IsGet(context.Request.Method) && context.Request.Path.Value!.Contains("/blobs/", StringComparison.Ordinal);
        BlobReading? reading = isBlob && found is not null ? Remember(context, found.Digest) : null;
        if (!_isOn || _dice.Pick(reading is not null ? OfBlobs : OfOthers) is not { } kind)
        {
            return false;
        }

        log.Add($"registry {kind}", $"{context.Request.Method} {context.Request.Path}");
        reading?.IsFaulty = kind != Kind.Slow;
        switch (kind)
        {
            case Kind.TooMany:
                context.Response.Headers.RetryAfter = _dice.Between(0, 2).ToString(CultureInfo.InvariantCulture);
                return await RefuseAsync(context.Response, 429, "TOOMANYREQUESTS");
            case Kind.Error:
                return await RefuseAsync(context.Response, 500, "UNKNOWN");
            case Kind.Unavailable:
                return await RefuseAsync(context.Response, 503, "UNAVAILABLE");
            case Kind.Slow:
                await Task.Delay(_dice.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1.5)), context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return context.RequestAborted.IsCancellationRequested;
            default:
                await SendBadlyAsync(context, found!.Bytes, kind);
                return true;
        }
    }

    // A Range is not looked at, as by a registry that knows none.
    private async Task SendBadlyAsync(HttpContext context, ReadOnlyMemory<byte> blob, Kind kind)
    {
        HttpResponse response = context.Response;
        byte[] bytes = blob.ToArray();
        int sent = _dice.Between(0, bytes.Length - 1);
        response.ContentLength = kind == Kind.CutShort ? sent : bytes.Length;
        if (kind == Kind.Spoilt)
        {
            bytes[sent] ^= 1;
            sent = bytes.Length;
        }

        try
        {
            await response.Body.WriteAsync(bytes.AsMemory(0, sent), context.RequestAborted);
            await response.Body.FlushAsync(context.RequestAborted);
            if (kind == Kind.Stalled)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (kind == Kind.Broken)
        {
            context.Abort();
        }
    }

    private static async Task<bool> RefuseAsync(HttpResponse response, int status, string code)
    {
        response.StatusCode = status;
        await response.WriteAsJsonAsync(new { errors = new[] { new { code, message = "made by a test" } } });
        return true;
    }

    private BlobReading Remember(HttpContext context, Digest digest)
    {
        var reading = new BlobReading(digest, log.Now);
        _readings.Enqueue(reading);
        context.RequestAborted.Register(() => reading.WasCut = true);
        context.Response.OnCompleted(() =>
        {
            reading.End = log.Now;
            return Task.CompletedTask;
        });
        return reading;
    }
}

/// <summary>One GET of a blob.</summary>
internal sealed class BlobReading(Digest digest, TimeSpan begin)
{
    public Digest Digest => digest;

    public TimeSpan Begin => begin;

    /// <summary>When the last byte was sent, as far as the registry knows; null while it is being sent.</summary>
    public TimeSpan? End { get; set; }

    /// <summary>Whether the registry answered it wrongly, on purpose.</summary>
    public bool IsFaulty { get; set; }

    /// <summary>Whether the connection ended before the last byte.</summary>
    public bool WasCut { get; set; }
}
