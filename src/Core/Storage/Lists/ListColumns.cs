using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage.Lists;

/// <summary>What lists show of an image, as columns of a row: the same in the commit row and in those of every order.</summary>
internal static class ListColumns
{
    /// <summary>Only these are read for a list.</summary>
    public static readonly string[] All =
    [
        "PartitionKey", "RowKey", "Name", "Names", "Components", "Cves", "FixableCves", "TopCvss", "RiskScore", "Kinds", "System", "Created",
        "SavedAt", "ScannedAt", Removed,
    ];

    /// <summary>When it was gone, which most never are: then there is no such column.</summary>
    public const string Removed = "RemovedAt";

    private const int MaxNameCharacters = 2_000;

    /// <summary>Writes them, but the names, which the caller has compressed.</summary>
    public static void Write(TableEntity row, ListedImage image)
    {
        row["Name"] = image.Name.Length <= MaxNameCharacters ? image.Name : image.Name[..MaxNameCharacters];
        row["Components"] = image.Summary.Components;
        row["Cves"] = image.Summary.Cves;
        row["FixableCves"] = image.Summary.FixableCves;
        row["TopCvss"] = (double?)image.Summary.TopCvss;
        row["RiskScore"] = (double)image.Summary.RiskScore;
        row["Kinds"] = image.Summary.Kinds.ToString();
        row["System"] = image.OperatingSystem;

        // Ticks, since Tables refuse dates before 1601 and an image may claim any.
        row["Created"] = image.Created?.UtcTicks;
        row["SavedAt"] = image.LastUpdated.UtcTicks;
        row["ScannedAt"] = image.ScannedAt.UtcTicks;
        if (image.RemovedAt is { } removed)
        {
            row[Removed] = removed.UtcTicks;
        }
    }

    /// <summary>The image of a row; needs <see cref="All"/>. The key of a row of an order ends with its digest.</summary>
    public static ListedImage Read(TableEntity row) => new(
        DigestOf(row.RowKey),
        row.GetString("Name") ?? "",
        new ScanSummary(
            row.GetInt32("Components") ?? 0,
            row.GetInt32("Cves") ?? 0,
            row.GetInt32("FixableCves"),
            (float?)row.GetDouble("TopCvss"),
            (float)(row.GetDouble("RiskScore") ?? 0))
        {
            Kinds = FindingKinds.From(row.GetString("Kinds")),
        },
        row.GetInt64("Created") is null ? null : MomentOf(row, "Created"),
        MomentOf(row, "SavedAt"))
    {
        OtherNames = OtherNamesOf(row),
        OperatingSystem = row.GetString("System") ?? "",
        ScannedAt = MomentOf(row, "ScannedAt"),
        RemovedAt = row.GetInt64(Removed) is null ? null : MomentOf(row, Removed),
    };

    /// <summary>The digest that the key of a row of a list ends with.</summary>
    public static string DigestOf(string rowKey) => rowKey[(rowKey.AsSpan().LastIndexOfAny('-', '|') + 1)..];

    public static DateTimeOffset MomentOf(TableEntity row, string column) => new(row.GetInt64(column) ?? 0, TimeSpan.Zero);

    private static string[] OtherNamesOf(TableEntity row) =>
        row.GetBinary("Names") is { } bytes && Compressed.TryRead(bytes, out IReadOnlyList<ImageReference>? names) && names.Count > 1
            ? [.. names.Select(name => name.FullName).Skip(1)]
            : [];
}
