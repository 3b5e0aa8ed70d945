using System.Net;

namespace ImageScan.Core.Images.Registries;

/// <summary>
/// The body of a blob that goes on where it broke off: by Range where the registry knows it, else by skipping what has passed already.
/// Checks no digest; that is <see cref="VerifiedStream"/>'s work.
/// </summary>
/// <param name="blob">What is read.</param>
/// <param name="start">The first byte that is wanted.</param>
/// <param name="openAsync">Asks for the blob from a byte onwards.</param>
/// <param name="connection">Says how long to wait before going on.</param>
/// <param name="settings">Timeouts and the number of resumptions.</param>
/// <param name="time">The clock.</param>
internal sealed class ResumableBody(
    Descriptor blob,
    long start,
    Func<long, CancellationToken, Task<HttpResponseMessage>> openAsync,
    RegistryConnection connection,
    RegistryClientSettings settings,
    TimeProvider time) : AwaitedStream
{
    private HttpResponseMessage? _response;
    private Stream? _body;
    private CancellationTokenSource? _stall;
    private long _offset = start;
    private int _resumptions;
    private bool _endIsCertain;

    /// <summary>Sends the first request, so that a refusal is known before anybody reads. Throws <see cref="RegistryException"/>.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await ConnectAsync(cancellationToken);
        bool isWhole = _response!.StatusCode != HttpStatusCode.PartialContent;
        if (isWhole && _response.Content.Headers.ContentLength is long length && length != blob.Size)
        {
            throw new RegistryException($"{blob.Digest} should have {blob.Size} bytes; the registry announces {length}.")
            {
                Failure = RegistryFailure.Corrupt,
            };
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            Exception broken;
            try
            {
                return await ReadOnceAsync(buffer, cancellationToken);
            }
            catch (Exception e) when (RegistryErrors.IsBreak(e, cancellationToken))
            {
                broken = e;
            }

            Disconnect();
            if (_offset >= blob.Size)
            {
                return 0;
            }

            await WaitToResumeAsync(broken, cancellationToken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Disconnect();
        }

        base.Dispose(disposing);
    }

    /// <summary>Reads from the connection there is or from a new one. Throws <see cref="IOException"/> also where the body ends too early.</summary>
    private async ValueTask<int> ReadOnceAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (_body is null)
        {
            await ConnectAsync(cancellationToken);
        }

        int read = await ReadBeforeStallAsync(buffer, cancellationToken);
        _offset += read;
        return read > 0 || buffer.IsEmpty || _endIsCertain || _offset >= blob.Size ? read : throw new EndOfStreamException();
    }

    private async Task WaitToResumeAsync(Exception broken, CancellationToken cancellationToken)
    {
        if (_resumptions == settings.Resumptions)
        {
            throw new RegistryException(
                $"{blob.Digest} broke off {_resumptions + 1} times, at last after {_offset} of {blob.Size} bytes.", broken)
            {
                Failure = RegistryFailure.Unavailable,
            };
        }

        await Task.Delay(connection.DelayBefore(_resumptions++), time, cancellationToken);
    }

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _response = await AskAsync(cancellationToken);
        long skip = SkipBefore(_response);
        _stall = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _body = await _response.Content.ReadAsStreamAsync(cancellationToken);

        // A body framed by nothing but the closing of its connection may have been cut off.
        _endIsCertain = _response.Content.Headers.ContentLength is not null || _response.Headers.TransferEncodingChunked == true;
        byte[] skipped = skip > 0 ? new byte[Math.Min(skip, 64 * 1024)] : [];
        while (skip > 0)
        {
            int read = await ReadBeforeStallAsync(skipped.AsMemory(0, (int)Math.Min(skip, skipped.Length)), cancellationToken);
            skip -= read > 0 ? read : throw new EndOfStreamException();
        }
    }

    private string AskedToGoOn => $"{blob.Digest}: asked to go on at byte {_offset} of {blob.Size}";

    private async Task<HttpResponseMessage> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await openAsync(_offset, cancellationToken);
        }
        catch (RegistryException e) when (e.StatusCode == (int)HttpStatusCode.RequestedRangeNotSatisfiable && _offset > 0)
        {
            throw new RegistryException($"{AskedToGoOn}, the registry says that it is not that long: {e.Message}", e)
            {
                Failure = RegistryFailure.Corrupt,
                StatusCode = e.StatusCode,
            };
        }
    }

    /// <summary>How many bytes of the answer have passed already. Throws <see cref="RegistryException"/> if it is another part than asked for.</summary>
    private long SkipBefore(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.PartialContent)
        {
            // The server does not know Range: everything comes again.
            return _offset;
        }

        var range = response.Content.Headers.ContentRange;
        bool fits = range is { Unit: "bytes", From: long from } && from == _offset && (range.Length is null || range.Length == blob.Size);
        return fits
            ? 0
            : throw new RegistryException($"{AskedToGoOn}, the registry sends {HostileText.Quote(range?.ToString() ?? "no range")}.")
            {
                Failure = RegistryFailure.Corrupt,
            };
    }

    private async ValueTask<int> ReadBeforeStallAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        CancellationTokenSource stall = _stall!;
        stall.CancelAfter(settings.StallTimeout);
        await using CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static source => ((CancellationTokenSource)source!).Cancel(), stall);
        try
        {
            int read = await _body!.ReadAsync(buffer, stall.Token);
            stall.CancelAfter(Timeout.InfiniteTimeSpan);
            return read;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellationToken);
        }
    }

    private void Disconnect()
    {
        _body?.Dispose();
        _response?.Dispose();
        _stall?.Dispose();
        (_body, _response, _stall) = (null, null, null);
    }
}
