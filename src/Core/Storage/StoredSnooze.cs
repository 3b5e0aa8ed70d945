using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>A snoozed CVE as it was read.</summary>
/// <param name="Snooze">What it is.</param>
/// <param name="ETag">The row as it was read.</param>
public sealed record StoredSnooze(Snooze Snooze, ETag ETag)
{
    private const string Prefix = "4-snoozed";

    /// <summary>The first key of such rows, and the first one after them.</summary>
    internal static (string From, string Until) Keys => ($"{Prefix}:", $"{Prefix};");

    internal static string KeyOf(string cve) => $"{Prefix}:{TableKey.Of(cve)}";

    internal static TableEntity RowOf(string partition, Snooze snooze) => new(partition, KeyOf(snooze.Cve))
    {
        [nameof(Snooze.Cve)] = snooze.Cve,
        [nameof(Snooze.Activation)] = snooze.Activation.UtcTicks,
        [nameof(Snooze.Expiry)] = snooze.Expiry.UtcTicks,
    };

    internal static StoredSnooze From(TableEntity row) => new(
        new Snooze(row.GetString(nameof(Snooze.Cve)) ?? "", MomentOf(row, nameof(Snooze.Activation)), MomentOf(row, nameof(Snooze.Expiry))),
        row.ETag);

    private static DateTimeOffset MomentOf(TableEntity row, string name) => new(row.GetInt64(name) ?? 0, TimeSpan.Zero);
}
