using System.Security.Cryptography;

namespace ImageScan.Core.Layers;

/// <summary>
/// Bytes that grow up to a bound, on pages of their own that go back to the system at once. All of the process share <see cref="SharedBytes"/>;
/// who finds no room does without and never waits, since it may hold what others wait for.
/// </summary>
internal sealed class PagedBytes(long maxBytes) : IDisposable
{
    /// <summary>Bytes of all such pages at one time: 128 MiB.</summary>
    public const long SharedBytes = 128L << 20;

    private const int BlockBytes = 1 << 20;

    private static long _shared;

    private readonly List<PageBlock> _blocks = [];

    public long Length { get; private set; }

    /// <summary>Why bytes were left out, as a sentence; null while all are there.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Adds bytes, or, once there was no room for some, nothing.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && Refusal is null)
        {
            Span<byte> room = Room();
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            bytes = bytes[count..];
            Length += count;
        }
    }

    /// <summary>Puts bytes over the first ones.</summary>
    public void PutFirst(ReadOnlySpan<byte> bytes) => bytes.CopyTo(_blocks[0].GetSpan());

    /// <summary>Copies bytes from a place on; returns how many there were, up to the end or that of a page.</summary>
    public int CopyTo(long from, Span<byte> buffer)
    {
        ReadOnlySpan<byte> there = Piece(from);
        int count = Math.Min(there.Length, buffer.Length);
        there[..count].CopyTo(buffer);
        return count;
    }

    public byte[] Sha256()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (long at = 0; at < Length; at += Piece(at).Length)
        {
            hash.AppendData(Piece(at));
        }

        return hash.GetHashAndReset();
    }

    public void Dispose()
    {
        foreach (IDisposable block in _blocks)
        {
            block.Dispose();
            Interlocked.Add(ref _shared, -BlockBytes);
        }

        _blocks.Clear();
        Length = 0;
        Refusal ??= "It was closed.";
    }

    // Empty, with the reason said, if there is none.
    private Span<byte> Room()
    {
        if (Length >= maxBytes)
        {
            Refusal = FormattableString.Invariant($"It has more than {maxBytes} bytes.");
            return [];
        }

        int used = (int)(Length % BlockBytes);
        if (used == 0 && !TryAddBlock())
        {
            return [];
        }

        return _blocks[^1].GetSpan()[used..(int)Math.Min(BlockBytes, used + maxBytes - Length)];
    }

    private bool TryAddBlock()
    {
        if (Interlocked.Add(ref _shared, BlockBytes) > SharedBytes)
        {
            Interlocked.Add(ref _shared, -BlockBytes);
            Refusal = "There is no memory for it beside others.";
            return false;
        }

        try
        {
            _blocks.Add(new PageBlock(BlockBytes));
            return true;
        }
        catch
        {
            Interlocked.Add(ref _shared, -BlockBytes);
            throw;
        }
    }

    private ReadOnlySpan<byte> Piece(long from)
    {
        if (from >= Length)
        {
            return [];
        }

        int start = (int)(from % BlockBytes);
        return _blocks[(int)(from / BlockBytes)].GetSpan()[start..(int)Math.Min(BlockBytes, start + Length - from)];
    }
}
