using System.Security.Cryptography;

namespace ImageScan.Core.Images;

/// <summary>
/// The bytes of a blob, counted and hashed as they pass. The last of them are handed out only when size and digest are right: whoever
/// has read all <c>Size</c> bytes has read the right ones. Throws <see cref="RegistryException"/> otherwise, Corrupt if nobody says another kind.
/// </summary>
/// <param name="inner">The bytes; disposed with this.</param>
/// <param name="expected">What they should be.</param>
/// <param name="whenCorrupt">Told when they are not, and says what kind of failure that is; null for Corrupt.</param>
internal sealed class VerifiedStream(Stream inner, Descriptor expected, Func<RegistryFailure>? whenCorrupt = null) : ForwardStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(expected.Digest.HashName);
    private readonly byte[] _probe = new byte[1];
    private long _read;
    private bool _verified;

    /// <summary>All bytes of the blob in memory, whose size the caller has found small enough. Disposes <paramref name="content"/>.</summary>
    public static async Task<byte[]> ReadAllAsync(Stream content, Descriptor expected, CancellationToken cancellationToken)
    {
        await using var verified = new VerifiedStream(content, expected);
        byte[] bytes = new byte[expected.Size];
        await verified.ReadExactlyAsync(bytes, cancellationToken);

        // An empty blob is verified by the read that finds its end.
        _ = await verified.ReadAsync(verified._probe, cancellationToken);
        return bytes;
    }

    /// <summary>Throws <see cref="RegistryException"/> (Refused) if the blob says it has more than <paramref name="maxBytes"/>.</summary>
    public static void RefuseOversize(Descriptor blob, long maxBytes, string limit)
    {
        if (blob.Size > maxBytes)
        {
            throw new RegistryException($"{blob.Digest} has {blob.Size} bytes; at most {maxBytes} are read ({limit}).");
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (_verified)
        {
            return 0;
        }

        int read = await inner.ReadAsync(buffer, cancellationToken);
        if (Pass(buffer.Span[..read]))
        {
            Finish(await inner.ReadAsync(_probe, cancellationToken));
        }

        return read;
    }

    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || _verified)
        {
            return 0;
        }

        int read = inner.Read(buffer);
        if (Pass(buffer[..read]))
        {
            Finish(inner.Read(_probe));
        }

        return read;
    }

    public override async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <summary>Counts and hashes; true when all promised bytes have passed.</summary>
    private bool Pass(ReadOnlySpan<byte> bytes)
    {
        _read += bytes.Length;
        if (_read > expected.Size)
        {
            throw Corrupt($"{expected.Digest} is longer than the {expected.Size} bytes it should have.");
        }

        if (bytes.IsEmpty && _read < expected.Size)
        {
            throw Corrupt($"{expected.Digest} ended after {_read} of {expected.Size} bytes.");
        }

        _hash.AppendData(bytes);
        return _read == expected.Size;
    }

    private void Finish(int furtherBytes)
    {
        if (furtherBytes > 0)
        {
            throw Corrupt($"{expected.Digest} is longer than the {expected.Size} bytes it should have.");
        }

        string hex = Convert.ToHexStringLower(_hash.GetHashAndReset());
        if (hex != expected.Digest.Hex)
        {
            throw Corrupt($"{expected.Digest} was asked for; the bytes that came have {expected.Digest.Algorithm}:{hex}.");
        }

        _verified = true;
    }

    private RegistryException Corrupt(string message) => new(message) { Failure = whenCorrupt?.Invoke() ?? RegistryFailure.Corrupt };
}
