using System.IO.Hashing;
using System.Runtime.InteropServices;
using Azure.Data.Tables;
using ImageScan.Core.Images;

namespace ImageScan.Core.Storage.Sweeps;

/// <summary>
/// Which images were stored when it was read: a request for each thousand of them, and some twenty bytes of memory an image, since it holds hashes.
/// So two images that share one, once in 10^7 accounts of a million images, keep each other's leftovers.
/// </summary>
public sealed class ImageKeys
{
    private readonly HashSet<ulong> _hashes = [];
    private readonly ScanRows _rows;

    private ImageKeys(ScanRows rows) => _rows = rows;

    internal static async Task<ImageKeys> ReadAsync(StorageAccount account, CancellationToken cancellationToken)
    {
        var keys = new ImageKeys(new ScanRows(account));
        await foreach (TableEntity row in keys._rows.ReadAsync("", null, ["RowKey"], cancellationToken))
        {
            keys._hashes.Add(HashOf(row.RowKey));
        }

        return keys;
    }

    /// <summary>Whether there is no such image, also now: what seems to be gone is looked for once more, since it may be new.</summary>
    public async Task<bool> IsGoneAsync(string key, CancellationToken cancellationToken) =>
        !_hashes.Contains(HashOf(key)) && !(Digest.TryParse(key, out Digest? id) && await _rows.FindAsync(id, cancellationToken) is not null);

    private static ulong HashOf(string key) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key.AsSpan()));
}
