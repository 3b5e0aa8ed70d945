using System.IO.Hashing;
using System.Text;

namespace ImageScan.Core.Inventory;

/// <summary>
/// A set of paths kept as sorted 64-bit hashes (XXH3): eight bytes a path, so that a layer of a hundred thousand files can be stored.
/// The hash of a path is that of its last name, seeded with the hash of the folder: so a walk down a tree hashes every name once.
/// Two paths of one image share a hash once in 10^9 images of that size; the price is one package too few there.
/// </summary>
public sealed class PathSet
{
    /// <summary>The hash of the root's folder, in which the first name of a path stands.</summary>
    internal const ulong Start = 0;

    private const int StackBytes = 512;

    private readonly ulong[] _hashes;

    private PathSet(ulong[] sorted) => _hashes = sorted;

    public static PathSet Empty { get; } = new([]);

    public int Count => _hashes.Length;

    /// <summary>The hashes of its paths, ascending.</summary>
    internal IReadOnlyList<ulong> Hashes => _hashes;

    public static PathSet Of(IEnumerable<string> paths) => OfHashes(paths.Select(HashOf).ToHashSet());

    public bool Contains(string path) => ContainsHash(HashOf(path));

    /// <summary>The hashes, ascending, eight little-endian bytes each.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[_hashes.Length * sizeof(ulong)];
        for (int i = 0; i < _hashes.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(i * sizeof(ulong)), _hashes[i]);
        }

        return bytes;
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote. Throws <see cref="FormatException"/> if the length is no multiple of eight.</summary>
    public static PathSet FromBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length % sizeof(ulong) != 0)
        {
            throw new FormatException($"A path set of {bytes.Length} bytes is cut short.");
        }

        var hashes = new ulong[bytes.Length / sizeof(ulong)];
        for (int i = 0; i < hashes.Length; i++)
        {
            hashes[i] = System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(ulong))..]);
        }

        Array.Sort(hashes);
        return new PathSet(hashes);
    }

    /// <summary>A set of paths that are known by <see cref="HashOf(string)"/> only.</summary>
    internal static PathSet OfHashes(IReadOnlySet<ulong> hashes)
    {
        ulong[] sorted = [.. hashes];
        Array.Sort(sorted);
        return new PathSet(sorted);
    }

    internal bool ContainsHash(ulong hash) => Array.BinarySearch(_hashes, hash) >= 0;

    internal static ulong HashOf(string path)
    {
        ulong hash = Start;
        foreach (Range name in path.AsSpan().Split('/'))
        {
            hash = HashOf(hash, path.AsSpan(name));
        }

        return hash;
    }

    /// <summary>The hashes of the root, of the folders on the way, and of the path itself; of the root alone for "".</summary>
    internal static ulong[] StepsTo(string path)
    {
        var steps = new List<ulong> { Start };
        if (path.Length > 0)
        {
            foreach (Range name in path.AsSpan().Split('/'))
            {
                steps.Add(HashOf(steps[^1], path.AsSpan(name)));
            }
        }

        return [.. steps];
    }

    /// <summary>The hash of what stands in a folder under this name.</summary>
    internal static ulong HashOf(ulong folder, ReadOnlySpan<char> name)
    {
        int most = Encoding.UTF8.GetMaxByteCount(name.Length);
        Span<byte> bytes = most <= StackBytes ? stackalloc byte[StackBytes] : new byte[most];
        return XxHash3.HashToUInt64(bytes[..Encoding.UTF8.GetBytes(name, bytes)], (long)folder);
    }
}
