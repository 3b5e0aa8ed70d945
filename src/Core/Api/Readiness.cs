using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Scans.Clusters;
using ImageScan.Core.Storage;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Api;

/// <summary>
/// Whether this process can do its work: its tables and its queue answer, and there are advisories. Looked at once every few seconds, however many ask, and
/// never for longer than <see cref="Patience"/>.
/// </summary>
public sealed class Readiness(
    StorageAccount account, ScanQueues queues, AdvisorySnapshots advisories, ClusterSettings cluster, HealthSettings settings, TimeProvider time)
{
    /// <summary>How long one of the looks may take.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>For how long its outcome counts.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromSeconds(5);

    private const int MaxReasonCharacters = 500;

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<string>>? _looked;
    private long _lookedAt;

    /// <summary>What is not as it must be, each with its reason; empty if the app is ready.</summary>
    public Task<IReadOnlyList<string>> FaultsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_looked is null || (_looked.IsCompleted && time.GetElapsedTime(_lookedAt) >= KeptFor))
            {
                _lookedAt = time.GetTimestamp();
                _looked = LookAsync();
            }

            return _looked.WaitAsync(cancellationToken);
        }
    }

    private async Task<IReadOnlyList<string>> LookAsync()
    {
        string?[] faults = await Task.WhenAll(
            TryAsync("tables", token => LookAtTableAsync(TableNames.Images, token)),
            TryAsync("jobs", token => LookAtTableAsync(TableNames.Jobs, token)),
            TryAsync("queue", token => (cluster.IsCluster ? queues.Of(cluster.Name) : queues.Images).OldestAsync(token)));
        return [.. faults.Append(AdvisoryFault()).OfType<string>()];
    }

    // The look goes on if it does not heed its token; nobody waits for it.
    private async Task<string?> TryAsync(string what, Func<CancellationToken, Task> look)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        try
        {
            await look(patience.Token).WaitAsync(patience.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return $"{what}: no answer within {Patience.TotalSeconds:0} s";
        }
        catch (Exception failure) when (failure is StorageException or RequestFailedException)
        {
            return $"{what}: {HostileText.Plain(failure.Message, MaxReasonCharacters)}";
        }
    }

    // A query, since a row that is not there and a table that is not there look alike to a read.
    private async Task LookAtTableAsync(string name, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(name, cancellationToken);
        string nobody = TableClient.CreateQueryFilter($"PartitionKey eq {nameof(Readiness)} and RowKey eq {nameof(Readiness)}");
        await foreach (TableEntity _ in table.QueryAsync<TableEntity>(nobody, maxPerPage: 1, cancellationToken: cancellationToken))
        {
            return;
        }
    }

    private string? AdvisoryFault()
    {
        try
        {
            return advisories.Current() switch
            {
                null => "advisories: there are none",
                { Origin: { IsStarterSet: false, AsOf: var asOf } } when IsOld(asOf, out int days) =>
                    $"advisories: {days} {(days == 1 ? "day" : "days")} old, and Health__AdvisoryDays is {settings.AdvisoryDays}",
                _ => null,
            };
        }
        catch (AdvisoryDatabaseException broken)
        {
            return $"advisories: {HostileText.Plain(broken.Message, MaxReasonCharacters)}";
        }
    }

    private bool IsOld(DateTimeOffset asOf, out int days)
    {
        days = (int)(time.GetUtcNow() - asOf).TotalDays;
        return settings.AdvisoryDays > 0 && days > settings.AdvisoryDays;
    }
}
