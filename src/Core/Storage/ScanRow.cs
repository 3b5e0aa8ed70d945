using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Storage.Lists;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Storage;

/// <summary>
/// The commit row of a scan: written last, with its rows in lists, so a scan, its names and its figures change together.
/// </summary>
internal sealed record ScanRow(Digest Id, ContentStamp Content, IReadOnlyList<ImageReference> Names, ListedImage Listed)
{
    private const string ListForm = "ListForm";

    /// <summary>Partitions that hold all rows: enough to write 100,000 images without a hot one, few enough to read them side by side.</summary>
    public static readonly IReadOnlyList<string> Partitions = [.. "0123456789abcdef".Select(digit => digit.ToString())];

    /// <summary>When its findings were worked out.</summary>
    public DateTimeOffset ScannedAt => Listed.ScannedAt;

    /// <summary><see cref="AdvisoryOrigin.Rank"/> of the advisories that were asked; 0 if there were none.</summary>
    public long AdvisoryRank { get; init; }

    /// <summary>The mark of the rows that say which layers it has (<see cref="LayerUses"/>).</summary>
    public string UseMark { get; init; } = "";

    /// <summary>When it was last scanned, or asked for by a scan: to a day, see <see cref="ScanStore.UseAsync"/>.</summary>
    public DateTimeOffset UsedAt { get; init; }

    /// <summary>Whether it has the rows of lists that this version gives it (<see cref="ListRows"/>).</summary>
    public bool IsListed { get; init; }

    /// <summary>Hashes of the terms that it is found by (<see cref="ScanTerms"/>), one a partition of those; "" if that is not known.</summary>
    public string Terms { get; init; } = "";

    /// <summary>Those of its names, in full, of which registries have said that they are gone.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    /// <summary>What the row must still have when it is replaced; default for a new one.</summary>
    public ETag ETag { get; init; }

    public static string PartitionOf(Digest id) => id.Hex[..1];

    public static string KeyOf(Digest id) => TableKey.Of(id.ToString());

    /// <summary>The row in the form of Tables. Throws <see cref="StorageException"/> if the names do not fit a property.</summary>
    public TableEntity ToEntity()
    {
        var row = new TableEntity(PartitionOf(Id), KeyOf(Id))
        {
            ["Names"] = NamesAsBytes(),
            ["AdvisoryRank"] = AdvisoryRank,
            ["UseMark"] = UseMark,
            ["UsedAt"] = UsedAt.UtcTicks,
            ["Terms"] = Terms,
            [ListForm] = IsListed ? ListRows.Form : 0,
        };
        if (Gone.Count > 0)
        {
            row["Gone"] = Compressed.Write(Gone).ToArray();
        }

        ListColumns.Write(row, Listed);
        Content.WriteTo(row);
        return row;
    }

    /// <summary>All names, compressed. Throws <see cref="StorageException"/> if they do not fit a property.</summary>
    public byte[] NamesAsBytes()
    {
        byte[] names = Compressed.Write(Names).ToArray();
        return names.Length <= StorageLimits.PropertyBytes
            ? names
            : throw new StorageException(
                $"Image {Id} has {Names.Count:N0} names, which take more than {StorageLimits.PropertyBytes:N0} bytes compressed; "
                + "scan it under fewer names.");
    }

    /// <summary>The row of a whole entity; null if it is not one of ours.</summary>
    public static ScanRow? From(Digest id, TableEntity row) =>
        ContentStamp.From(row) is { } content && row.GetBinary("Names") is { } bytes
            && Compressed.TryRead(bytes, out IReadOnlyList<ImageReference>? names)
            ? new ScanRow(id, content, names, ListColumns.Read(row))
            {
                ETag = row.ETag,
                AdvisoryRank = row.GetInt64("AdvisoryRank") ?? 0,
                UseMark = row.GetString("UseMark") ?? "",
                UsedAt = ListColumns.MomentOf(row, "UsedAt"),
                Terms = row.GetString("Terms") ?? "",
                Gone = row.GetBinary("Gone") is { } gone && Compressed.TryRead(gone, out IReadOnlyList<string>? goneNames) ? goneNames : [],
                IsListed = row.GetInt32(ListForm) == ListRows.Form,
            }
            : null;
}
