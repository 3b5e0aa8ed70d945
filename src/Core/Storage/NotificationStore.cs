using System.Runtime.CompilerServices;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>
/// What is to be sent out after scans, a row each in sixteen partitions, until a while after it was taken or given up. Every method throws
/// <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class NotificationStore(StorageAccount account)
{
    /// <summary>With so many characters the id of a verdict says what it is about, and by whose rule.</summary>
    public const int TargetCharacters = 16;

    private const int MaxReasonCharacters = 1_000;

    // After the last hexadecimal digit.
    private const string AfterDigits = "g";
    private static readonly string[] WithoutContent = ["PartitionKey", "RowKey", "Rule", "State", "CreatedAt", "DueAt", "Attempts", "IsSaved"];

    /// <summary>
    /// Writes a notification, or what is written of it anew as long as nobody has begun to send it. Nothing if it was tried, taken or given up
    /// already: that says the same.
    /// </summary>
    public async Task PutAsync(Notification notification, DateTimeOffset now, DateTimeOffset dueAt, CancellationToken cancellationToken)
    {
        var fresh = new StoredNotification
        {
            Id = notification.Id,
            Rule = notification.Rule,
            State = NotificationState.Waiting,
            CreatedAt = now,
            DueAt = dueAt,
            Content = notification,

            // A verdict is written after the scan, all else before it.
            IsSaved = notification.Occasion == NotificationOccasion.Verdict,
        };
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            if (await FindAsync(notification.Id, cancellationToken) is not { } stored)
            {
                if (await TryAddAsync(fresh, cancellationToken))
                {
                    return;
                }
            }
            else if (stored is not { State: NotificationState.Waiting, Attempts: 0 } || await TryReplaceAsync(stored, fresh, cancellationToken))
            {
                return;
            }
        }

        throw StorageException.Contended($"The notification {notification.Id}");
    }

    /// <summary>The notification of that id; null if there is none.</summary>
    public async Task<StoredNotification?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (!IsId(id))
        {
            return null;
        }

        TableClient table = await TableAsync(cancellationToken);
        NullableResponse<TableEntity> row = await table.GetEntityIfExistsAsync<TableEntity>(PartitionOf(id), id, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <summary>
    /// Replaces a notification as it was read; false if it has changed since or is gone. What it says stays if this version cannot read it, unless it is
    /// done.
    /// </summary>
    public async Task<bool> TryReplaceAsync(StoredNotification stored, StoredNotification changed, CancellationToken cancellationToken)
    {
        TableEntity row = RowOf(changed with { Id = stored.Id });
        row.ETag = new ETag(stored.Version);
        TableClient table = await TableAsync(cancellationToken);
        return stored.Content is null && changed is { Content: null, State: not NotificationState.Done }
            ? await table.TryMergeAsync(row, cancellationToken)
            : await table.TryReplaceAsync(row, cancellationToken);
    }

    /// <summary>Whether there is a verdict by the same rule about the same that was written after this one, however far that is.</summary>
    public async Task<bool> HasNewerAsync(StoredNotification verdict, CancellationToken cancellationToken)
    {
        TableClient table = await TableAsync(cancellationToken);
        string target = verdict.Id[..TargetCharacters];
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {PartitionOf(verdict.Id)} and RowKey ge {target} and RowKey lt {target + AfterDigits}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: WithoutContent, cancellationToken: cancellationToken))
        {
            StoredNotification other = Read(row);
            if ((other.CreatedAt, string.CompareOrdinal(other.Id, verdict.Id)).CompareTo((verdict.CreatedAt, 0)) > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Removes a notification as it was read; nothing if it has changed since.</summary>
    public async Task RemoveAsync(StoredNotification stored, CancellationToken cancellationToken)
    {
        var row = new TableEntity(PartitionOf(stored.Id), stored.Id) { ETag = new ETag(stored.Version) };
        await (await TableAsync(cancellationToken)).TryDeleteAsync(row, cancellationToken);
    }

    /// <summary>Those that somebody had to look at before that moment, without what they say.</summary>
    public async IAsyncEnumerable<StoredNotification> DueAsync(DateTimeOffset before, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TableClient table = await TableAsync(cancellationToken);
        string filter = TableClient.CreateQueryFilter($"DueAt lt {before.UtcTicks}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: WithoutContent, cancellationToken: cancellationToken))
        {
            yield return Read(row);
        }
    }

    /// <summary>Those that were given up, at most so many, in no order.</summary>
    public async Task<IReadOnlyList<StoredNotification>> FailedAsync(int most, CancellationToken cancellationToken)
    {
        var failed = new List<StoredNotification>();
        TableClient table = await TableAsync(cancellationToken);
        string filter = TableClient.CreateQueryFilter($"State eq {nameof(NotificationState.Failed)}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, maxPerPage: most, cancellationToken: cancellationToken))
        {
            failed.Add(Read(row));
            if (failed.Count == most)
            {
                break;
            }
        }

        return failed;
    }

    /// <summary>Whether a text can be an id: 32 hexadecimal digits.</summary>
    public static bool IsId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);

    private static string PartitionOf(string id) => id[..1];

    private Task<TableClient> TableAsync(CancellationToken cancellationToken) => account.TableAsync(TableNames.Notifications, cancellationToken);

    private async Task<bool> TryAddAsync(StoredNotification notification, CancellationToken cancellationToken)
    {
        TableClient table = await TableAsync(cancellationToken);
        try
        {
            await table.AddEntityAsync(RowOf(notification), cancellationToken);
            return true;
        }
        catch (RequestFailedException exists) when (exists.Status == 409)
        {
            return false;
        }
    }

    private static TableEntity RowOf(StoredNotification notification)
    {
        var row = new TableEntity(PartitionOf(notification.Id), notification.Id)
        {
            ["Rule"] = notification.Rule,
            ["State"] = notification.State.ToString(),
            ["CreatedAt"] = notification.CreatedAt.UtcTicks,
            ["DueAt"] = notification.DueAt.UtcTicks,
            ["Attempts"] = notification.Attempts,
            ["IsSaved"] = notification.IsSaved,
            ["TriedAt"] = notification.TriedAt?.UtcTicks ?? 0L,
            ["Reason"] = HostileText.Plain(notification.Reason, MaxReasonCharacters),
        };
        if (notification.Content is { } content)
        {
            RowContent.Write(row, Compressed.Write(content), $"The notification {notification.Id}");
        }

        return row;
    }

    private static StoredNotification Read(TableEntity row) => new()
    {
        Id = row.RowKey,
        Rule = row.GetString("Rule") ?? "",
        State = Enum.TryParse(row.GetString("State"), out NotificationState state) ? state : NotificationState.Failed,
        CreatedAt = TimeOf(row, "CreatedAt") ?? DateTimeOffset.MinValue,
        DueAt = TimeOf(row, "DueAt") ?? DateTimeOffset.MinValue,
        Attempts = row.GetInt32("Attempts") ?? 0,
        IsSaved = row.GetBoolean("IsSaved") ?? false,
        TriedAt = TimeOf(row, "TriedAt"),
        Reason = row.GetString("Reason") ?? "",
        Content = Compressed.TryRead(RowContent.Read(row), out Notification? content) ? content : null,
        Version = row.ETag.ToString(),
    };

    private static DateTimeOffset? TimeOf(TableEntity row, string column) =>
        row.GetInt64(column) is > 0 and var ticks && ticks <= DateTimeOffset.MaxValue.UtcTicks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
}
