using System.IO.Compression;

namespace ImageScan.Core.Detectors.Java;

/// <summary>
/// Inflates members of one file's archives, and counts what that takes against <see cref="JavaArchiveLimits"/>. A member that cannot be had
/// is an answer, with the reason as the end of a sentence.
/// </summary>
/// <remarks>
/// What is inflated does not count as a <see cref="Layers.HeldBody"/>: who holds one may not wait for more of those. It may wait for the one
/// turn that there is for large archives, since who has that waits for nothing.
/// </remarks>
internal sealed class MemberReader(long fileSize, JavaArchiveLimits limits, CancellationToken cancellationToken) : IDisposable
{
    private const int Stored = 0;
    private const int Deflated = 8;

    private const int SmallestBuffer = 256;

    // Room for this many times the compressed bytes is taken at first: enough for nearly all archives, whatever size they claim.
    private const int UsualRatio = 8;

    private static readonly SemaphoreSlim TurnOfLarge = new(1);

    private readonly long _allowed = Math.Min(limits.InflatedBytes, limits.RatioFloorBytes + (limits.Ratio * fileSize));
    private long _spent;
    private long _held;
    private bool _hasTurn;

    /// <summary>The text of a member, the beginning of one that is too long.</summary>
    public bool TryText(ZipDirectory archive, in ZipMember member, out ReadOnlyMemory<byte> text, out string reason)
    {
        if (!TryBody(archive, member, out text, out reason))
        {
            return false;
        }

        if (member.Method == Stored)
        {
            text = text[..Math.Min(text.Length, limits.TextBytes)];
            return TrySpend(text.Length, out reason);
        }

        return TryInflate(text, member.Size, limits.TextBytes, isCutWhenLong: true, out text, out reason);
    }

    /// <summary>
    /// An archive that is a member of another. To be given back to <see cref="Release"/>: only so much is held at one time.
    /// </summary>
    public bool TryHold(ZipDirectory archive, in ZipMember member, out ReadOnlyMemory<byte> nested, out string reason)
    {
        if (!TryBody(archive, member, out nested, out reason))
        {
            return false;
        }

        if (member.Method == Stored)
        {
            return TrySpend(nested.Length, out reason);
        }

        if (!TryInflate(nested, member.Size, (int)(limits.HeldBytes - _held), isCutWhenLong: false, out nested, out reason))
        {
            return false;
        }

        _held += nested.Length;
        return true;
    }

    /// <summary>Says that an archive of <see cref="TryHold"/> is not used any more.</summary>
    public void Release(in ZipMember member, ReadOnlyMemory<byte> nested) => _held -= member.Method == Stored ? 0 : nested.Length;

    /// <summary>Lets other files hold large archives.</summary>
    public void Dispose()
    {
        if (_hasTurn)
        {
            _hasTurn = false;
            TurnOfLarge.Release();
        }
    }

    private static bool TryBody(ZipDirectory archive, in ZipMember member, out ReadOnlyMemory<byte> body, out string reason)
    {
        body = default;
        reason = member switch
        {
            { IsEncrypted: true } => "is encrypted",
            { Method: not (Stored or Deflated) } => FormattableString.Invariant($"is compressed by method {member.Method}, which Java does not know either"),
            _ when !archive.TryBody(member, out body) => "does not lie where the archive says",
            _ => "",
        };
        return reason.Length == 0;
    }

    private bool TryInflate(
        ReadOnlyMemory<byte> compressed, long statedSize, int maxBytes, bool isCutWhenLong, out ReadOnlyMemory<byte> inflated, out string reason)
    {
        inflated = default;

        // What is read counts too: a stream of empty blocks gives nothing, and many members may share one.
        if (!TrySpend(compressed.Length, out reason))
        {
            return false;
        }

        long likely = Math.Min(statedSize, (compressed.Length * (long)UsualRatio) + SmallestBuffer);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(Awaited((int)Math.Clamp(likely, 0, maxBytes)));
        int length = 0;
        try
        {
            using var stream = new DeflateStream(new MemoryReader(compressed), CompressionMode.Decompress);
            while (TryFill(stream, ref bytes, ref length, isCutWhenLong, maxBytes, out reason))
            {
            }
        }
        catch (InvalidDataException)
        {
            reason = "is damaged";
        }

        inflated = bytes.AsMemory(0, length);
        return reason.Length == 0;
    }

    // False at the end, and with a reason where it may not go on.
    private bool TryFill(DeflateStream stream, ref byte[] bytes, ref int length, bool isCutWhenLong, int maxBytes, out string reason)
    {
        reason = "";
        if (length < bytes.Length)
        {
            int read = stream.Read(bytes, length, bytes.Length - length);
            length += read;
            return read > 0 && TrySpend(read, out reason);
        }

        if (isCutWhenLong && length == maxBytes)
        {
            return false;
        }

        int next = stream.ReadByte();
        if (next >= 0 && length == maxBytes)
        {
            reason = FormattableString.Invariant($"has more bytes than may be held together with the archives around it ({limits.HeldBytes})");
            return false;
        }

        if (next >= 0)
        {
            Array.Resize(ref bytes, Awaited((int)Math.Clamp(length * 2L, SmallestBuffer, maxBytes)));
            bytes[length++] = (byte)next;
        }

        return next >= 0;
    }

    // So many bytes, once there is room for them.
    private int Awaited(int bytes)
    {
        if (!_hasTurn && bytes > limits.HeldBesideOthersBytes - _held)
        {
            TurnOfLarge.Wait(cancellationToken);
            _hasTurn = true;
        }

        return bytes;
    }

    private bool TrySpend(int bytes, out string reason)
    {
        _spent += bytes;
        reason = _spent <= _allowed
            ? ""
            : "was not read: the archives in this file inflate to more than "
                + FormattableString.Invariant($"{limits.Ratio} times its size, or {limits.InflatedBytes} bytes");
        return reason.Length == 0;
    }
}
