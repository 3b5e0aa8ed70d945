namespace ImageScan.Core.Images.Registries;

/// <summary>The body of a blob that begins at a mirror and, where that breaks off, goes on at the next place, at the same byte. Checks no digest.</summary>
internal sealed class RelayedBody : AwaitedStream
{
    private readonly Descriptor _blob;
    private readonly Func<long, CancellationToken, Task<OpenedBlob>> _openAsync;
    private readonly List<MirrorPlace> _mirrors = [];
    private OpenedBlob _current;
    private long _offset;

    /// <param name="blob">What is read.</param>
    /// <param name="first">Where it begins.</param>
    /// <param name="openAsync">Opens it from a byte onwards, at a place that has not failed.</param>
    public RelayedBody(Descriptor blob, OpenedBlob first, Func<long, CancellationToken, Task<OpenedBlob>> openAsync)
    {
        _blob = blob;
        _openAsync = openAsync;
        _current = Noted(first);
    }

    /// <summary>
    /// What came was not what was asked for: any of the mirrors may have sent the wrong part of it, so none is asked for it for a while. The registry has
    /// been asked for nothing or for a part, so whoever asks again may get it.
    /// </summary>
    public RegistryFailure Distrust()
    {
        _mirrors.ForEach(mirror => mirror.HasLied(_blob.Digest));
        return RegistryFailure.Unavailable;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                int read = await _current.Body.ReadAsync(buffer, cancellationToken);
                _offset += read;
                if (read > 0 || buffer.IsEmpty || _offset >= _blob.Size || _current.Mirror is null)
                {
                    return read;
                }

                throw new RegistryException($"{_blob.Digest} ended after {_offset} of {_blob.Size} bytes.") { Failure = RegistryFailure.Corrupt };
            }
            catch (RegistryException failure) when (_current.Mirror is not null)
            {
                _current.Mirror.Fail(failure);
            }

            await _current.Body.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            _current = Noted(await _openAsync(_offset, cancellationToken));
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current.Body.Dispose();
        }

        base.Dispose(disposing);
    }

    private OpenedBlob Noted(OpenedBlob opened)
    {
        if (opened.Mirror is { } mirror)
        {
            _mirrors.Add(mirror);
        }

        return opened;
    }
}

/// <summary>The bytes of a blob, unverified.</summary>
/// <param name="Body">The bytes, from where they were asked for.</param>
/// <param name="Mirror">Where they come from; null for the registry itself, behind which there is nobody.</param>
internal sealed record OpenedBlob(Stream Body, MirrorPlace? Mirror);
