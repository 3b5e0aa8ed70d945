using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Storage;

/// <summary>
/// The commit row of a scan, which is also its row in lists: written last, in one piece, so a scan, its names and its figures change together.
/// </summary>
internal sealed record ScanRow(Digest Id, ContentStamp Content, IReadOnlyList<ImageReference> Names, DateTimeOffset ScannedAt, ListedImage Listed)
{
    /// <summary>Only these are read for a list.</summary>
    public static readonly string[] ListColumns =
        ["RowKey", "Name", "Names", "Components", "Cves", "FixableCves", "TopCvss", "RiskScore", "Created", "SavedAt"];

    /// <summary>Partitions that hold all rows: enough to write 100,000 images without a hot one, few enough to read them side by side.</summary>
    public static readonly IReadOnlyList<string> Partitions = [.. "0123456789abcdef".Select(digit => digit.ToString())];

    private const int MaxNameCharacters = 2_000;

    /// <summary><see cref="AdvisoryOrigin.Rank"/> of the advisories that were asked; 0 if there were none.</summary>
    public long AdvisoryRank { get; init; }

    /// <summary>The mark of the rows that say which layers it has (<see cref="LayerUses"/>).</summary>
    public string UseMark { get; init; } = "";

    /// <summary>When it was last scanned, or asked for by a scan: to a day, see <see cref="ScanStore.UseAsync"/>.</summary>
    public DateTimeOffset UsedAt { get; init; }

    /// <summary>What the row must still have when it is replaced; default for a new one.</summary>
    public ETag ETag { get; init; }

    public static string PartitionOf(Digest id) => id.Hex[..1];

    public static string KeyOf(Digest id) => TableKey.Of(id.ToString());

    /// <summary>The row in the form of Tables. Throws <see cref="StorageException"/> if the names do not fit a property.</summary>
    public TableEntity ToEntity()
    {
        byte[] names = Compressed.Write(Names).ToArray();
        if (names.Length > StorageLimits.PropertyBytes)
        {
            throw new StorageException(
                $"Image {Id} has {Names.Count:N0} names, which take more than {StorageLimits.PropertyBytes:N0} bytes compressed; "
                + "scan it under fewer names.");
        }

        var row = new TableEntity(PartitionOf(Id), KeyOf(Id))
        {
            ["Names"] = names,
            ["Name"] = Listed.Name.Length <= MaxNameCharacters ? Listed.Name : Listed.Name[..MaxNameCharacters],
            ["Components"] = Listed.Summary.Components,
            ["Cves"] = Listed.Summary.Cves,
            ["FixableCves"] = Listed.Summary.FixableCves,
            ["TopCvss"] = (double?)Listed.Summary.TopCvss,
            ["RiskScore"] = (double)Listed.Summary.RiskScore,

            // Ticks, since Tables refuse dates before 1601 and an image may claim any.
            ["Created"] = Listed.Created?.UtcTicks,
            ["SavedAt"] = Listed.LastUpdated.UtcTicks,
            ["ScannedAt"] = ScannedAt.UtcTicks,
            ["AdvisoryRank"] = AdvisoryRank,
            ["UseMark"] = UseMark,
            ["UsedAt"] = UsedAt.UtcTicks,
        };
        Content.WriteTo(row);
        return row;
    }

    /// <summary>The row of a whole entity; null if it is not one of ours.</summary>
    public static ScanRow? From(Digest id, TableEntity row) =>
        ContentStamp.From(row) is { } content && row.GetBinary("Names") is { } bytes
            && Compressed.TryRead(bytes, out IReadOnlyList<ImageReference>? names)
            ? new ScanRow(id, content, names, Moment(row, "ScannedAt"), ListedOf(row))
            {
                ETag = row.ETag,
                AdvisoryRank = row.GetInt64("AdvisoryRank") ?? 0,
                UseMark = row.GetString("UseMark") ?? "",
                UsedAt = Moment(row, "UsedAt"),
            }
            : null;

    /// <summary>What a list shows of a row; needs <see cref="ListColumns"/>.</summary>
    public static ListedImage ListedOf(TableEntity row) => new(
        row.RowKey,
        row.GetString("Name") ?? "",
        new ScanSummary(
            row.GetInt32("Components") ?? 0,
            row.GetInt32("Cves") ?? 0,
            row.GetInt32("FixableCves"),
            (float?)row.GetDouble("TopCvss"),
            (float)(row.GetDouble("RiskScore") ?? 0)),
        row.GetInt64("Created") is null ? null : Moment(row, "Created"),
        Moment(row, "SavedAt"))
    {
        OtherNames = OtherNamesOf(row),
    };

    private static string[] OtherNamesOf(TableEntity row) =>
        row.GetBinary("Names") is { } bytes && Compressed.TryRead(bytes, out IReadOnlyList<ImageReference>? names) && names.Count > 1
            ? [.. names.Select(name => name.FullName).Skip(1)]
            : [];

    private static DateTimeOffset Moment(TableEntity row, string column) => new(row.GetInt64(column) ?? 0, TimeSpan.Zero);
}
