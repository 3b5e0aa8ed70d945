using System.Globalization;
using Azure.Data.Tables;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>
/// The audit trail: a partition a day, days and rows in such keys that the newest comes first, so a page is one query and so is the oldest day.
/// Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class AuditStore(StorageAccount account)
{
    private const long LastDay = 99_999_999;

    /// <summary>Keeps an entry, or puts it in the place of what was kept of it before.</summary>
    public async Task SaveAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Audit, cancellationToken);
        var row = new TableEntity(DayOf(entry.BegunAt), KeyOf(entry))
        {
            ["BegunAt"] = entry.BegunAt.UtcTicks,
            ["CallerId"] = entry.CallerId,
            ["Caller"] = entry.Caller,
            ["Address"] = entry.Address,
            ["Operation"] = entry.Operation,
            ["Method"] = entry.Method,
            ["Path"] = entry.Path,
            ["Notes"] = string.Join('\n', entry.Notes),
            ["Status"] = entry.Status,
            ["Reason"] = entry.Reason,
            ["EndedAt"] = entry.EndedAt?.UtcTicks,
        };
        await table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }

    /// <summary>A page of entries, newest first.</summary>
    /// <param name="after">The place that the page before has ended with; "" for the first page.</param>
    /// <param name="limit">How many at most, up to 1,000.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The entries, and the place that the next page goes on after; "" if there is no more.</returns>
    public async Task<(IReadOnlyList<AuditEntry> Entries, string Next)> PageAsync(string after, int limit, CancellationToken cancellationToken)
    {
        (string day, string key) = PlaceOf(after);
        TableClient table = await account.TableAsync(TableNames.Audit, cancellationToken);
        string filter = TableClient.CreateQueryFilter($"PartitionKey gt {day} or (PartitionKey eq {day} and RowKey gt {key})");
        var entries = new List<AuditEntry>();
        string next = "";
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, maxPerPage: Math.Min(limit + 1, 1_000), cancellationToken: cancellationToken))
        {
            if (entries.Count == limit)
            {
                return (entries, next);
            }

            entries.Add(EntryOf(row));
            next = $"{row.PartitionKey}.{row.RowKey}";
        }

        return (entries, "");
    }

    /// <summary>Whether a text is a place between two pages; what is none begins at the newest entry.</summary>
    public static bool IsPlace(string text) =>
        text.Split('.') is [{ Length: 8 } day, { Length: > 0 and < 80 } key]
        && day.All(char.IsAsciiDigit) && key.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    /// <summary>The partition of a day: the later the day, the smaller.</summary>
    internal static string DayOf(DateTimeOffset time)
    {
        DateTime utc = time.UtcDateTime;
        return (LastDay - ((utc.Year * 10_000) + (utc.Month * 100) + utc.Day)).ToString("D8", CultureInfo.InvariantCulture);
    }

    private static string KeyOf(AuditEntry entry) => $"{DateTimeOffset.MaxValue.Ticks - entry.BegunAt.UtcTicks:D19}-{entry.Id:N}";

    private static (string Day, string Key) PlaceOf(string after) =>
        IsPlace(after) ? (after[..8], after[9..]) : ("", "");

    private static AuditEntry EntryOf(TableEntity row) => new()
    {
        Id = Guid.TryParse(row.RowKey[(row.RowKey.IndexOf('-', StringComparison.Ordinal) + 1)..], out Guid id) ? id : Guid.Empty,
        BegunAt = TimeOf(row, "BegunAt") ?? DateTimeOffset.MinValue,
        CallerId = row.GetString("CallerId") ?? "",
        Caller = row.GetString("Caller") ?? "",
        Address = row.GetString("Address") ?? "",
        Operation = row.GetString("Operation") ?? "",
        Method = row.GetString("Method") ?? "",
        Path = row.GetString("Path") ?? "",
        Notes = (row.GetString("Notes") ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries),
        Status = row.GetInt32("Status"),
        Reason = row.GetString("Reason") ?? "",
        EndedAt = TimeOf(row, "EndedAt"),
    };

    private static DateTimeOffset? TimeOf(TableEntity row, string name) =>
        row.GetInt64(name) is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
}
