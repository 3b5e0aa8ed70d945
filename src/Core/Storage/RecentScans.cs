using ImageScan.Core.Results;
using Microsoft.Extensions.Caching.Memory;

namespace ImageScan.Core.Storage;

/// <summary>
/// Contents of scans that were read lately: expanding and parsing one takes more than all else of an answer. A generation is written once, so
/// what is held of it stays right for as long as a commit row names it.
/// </summary>
internal sealed class RecentScans
{
    // Parsed, a content takes some forty times its compressed bytes.
    private const long CompressedBytes = 1 << 20;
    private static readonly TimeSpan Unused = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _contents = new(new MemoryCacheOptions { SizeLimit = CompressedBytes });

    /// <summary>The scan of that content; null if it is not held.</summary>
    public Scan? Find(string partition, ContentStamp content) => _contents.Get<Scan>((partition, content));

    /// <summary>Holds it, if it fits.</summary>
    public void Keep(string partition, ContentStamp content, Scan scan) =>
        _contents.Set((partition, content), scan, new MemoryCacheEntryOptions { Size = content.Length, SlidingExpiration = Unused });
}
