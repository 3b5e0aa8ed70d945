using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>
/// Contents of scans that were read lately: expanding and parsing one takes more than all else of an answer. A generation is written once, so
/// what is held of it stays right for as long as a commit row names it.
/// </summary>
internal sealed class RecentScans
{
    // Parsed, a content takes some forty times its compressed bytes.
    private const long CompressedBytes = 1 << 20;

    private readonly Lock _lock = new();
    private readonly LinkedList<Held> _byUse = [];
    private readonly Dictionary<string, LinkedListNode<Held>> _byGeneration = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>The scan of that content; null if it is not held.</summary>
    public Scan? Find(string partition, ContentStamp content)
    {
        lock (_lock)
        {
            if (!_byGeneration.TryGetValue(KeyOf(partition, content), out LinkedListNode<Held>? found))
            {
                return null;
            }

            _byUse.Remove(found);
            _byUse.AddFirst(found);
            return found.Value.Scan;
        }
    }

    /// <summary>Holds it if it fits, and lets go of what was not asked for the longest.</summary>
    public void Keep(string partition, ContentStamp content, Scan scan)
    {
        string key = KeyOf(partition, content);
        lock (_lock)
        {
            if (content.Length > CompressedBytes || _byGeneration.ContainsKey(key))
            {
                return;
            }

            _byGeneration[key] = _byUse.AddFirst(new Held(key, content.Length, scan));
            _bytes += content.Length;
            while (_bytes > CompressedBytes)
            {
                Held oldest = _byUse.Last!.Value;
                _byUse.RemoveLast();
                _byGeneration.Remove(oldest.Key);
                _bytes -= oldest.Bytes;
            }
        }
    }

    /// <summary>Lets go of all.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _byUse.Clear();
            _byGeneration.Clear();
            _bytes = 0;
        }
    }

    private static string KeyOf(string partition, ContentStamp content) => $"{partition}|{content.Generation}|{content.Sha256}";

    private sealed record Held(string Key, long Bytes, Scan Scan);
}
