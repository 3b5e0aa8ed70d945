using System.Runtime.CompilerServices;
using System.Text.Json;
using Azure;
using Azure.Data.Tables;
using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Storage;

/// <summary>
/// Jobs in Tables. A job is a partition: the job itself, and for each layer that goes over the queue a row of its own, so that those who read
/// layers of one job do not get into each other's way. Which job is open for a target is a row in another table (<see cref="ClaimStore"/>).
/// Every method throws <see cref="StorageException"/> if storage fails.
/// </summary>
public sealed class JobStore(StorageAccount account)
{
    private const string RowKey = "job";
    private const string LayerPrefix = "layer-";

    // Names the writing of a row, and no other.
    private const string Write = "Write";

    // '.' is the character after '-'.
    private const string AfterLayers = "layer.";

    // An error may quote a registry; the rest of a job is bounded by the limits of an image.
    private const int MaxErrorCharacters = 8_000;

    private readonly ClaimStore _claims = new(account);

    /// <summary>
    /// The job that stands for the target of <paramref name="ours"/>: the one that is claimed for it if that is open, or has ended and
    /// <paramref name="answers"/>; else ours, which is saved then. Whoever is given its own must do it.
    /// </summary>
    public async Task<ScanJob> BeginAsync(ScanJob ours, Func<ScanJob, bool> answers, CancellationToken cancellationToken)
    {
        ScanJob? saved = null;
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            JobClaim? claim = await _claims.FindAsync(ours.Target, cancellationToken);
            if (claim is not null && await FindReadableAsync(claim.JobId, cancellationToken) is { } current && (current.IsOpen || answers(current)))
            {
                await DropAsync(saved, cancellationToken);
                return current;
            }

            // Before its claim, so that whoever finds the claim finds the job.
            saved ??= await CreateAsync(ours, cancellationToken);
            if (await _claims.TryPutAsync(ours.Target, ours.Id, claim, cancellationToken))
            {
                return saved;
            }
        }

        throw StorageException.Contended($"The claim of {ours.Target}");
    }

    /// <summary>Saves a new job that nobody can join.</summary>
    public async Task<ScanJob> CreateAsync(ScanJob job, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        try
        {
            Response added = await table.AddEntityAsync(RowOf(job), cancellationToken);
            return job with { Version = added.Headers.ETag?.ToString() ?? "" };
        }
        catch (RequestFailedException exists) when (exists.Status == 409)
        {
            // No two jobs have one id: the answer was lost, and the client has repeated its request.
            return await FindAsync(job.Id, cancellationToken) ?? throw StorageException.Contended($"Job {job.Id}");
        }
    }

    /// <summary>The job of that id; null if there is none. Of its layers it has what was planned; see <see cref="FindWholeAsync"/>.</summary>
    public async Task<ScanJob?> FindAsync(string id, CancellationToken cancellationToken) =>
        await RowAsync(id, RowKey, cancellationToken) is { } row ? JobOf(row) : null;

    /// <summary>The job with its layers as they stand now; null if there is none.</summary>
    public async Task<ScanJob?> FindWholeAsync(string id, CancellationToken cancellationToken) =>
        await FindAsync(id, cancellationToken) is { } job ? await WithLayersAsync(job, cancellationToken) : null;

    /// <summary>
    /// Changes a job and returns it as it then stands; null if there is none. <paramref name="change"/> gets the job as stored, again each
    /// time another writer was quicker; returning it unchanged writes nothing.
    /// </summary>
    public async Task<ScanJob?> UpdateAsync(string id, Func<ScanJob, ScanJob> change, CancellationToken cancellationToken)
    {
        ScanJob? changed = await ReplaceAsync(id, RowKey, JobOf, change, RowOf, cancellationToken);
        return changed;
    }

    /// <summary>
    /// Ends an open job and lets go of its target, and returns it as it then stands; null if there is none. A job that has ended stays as it is.
    /// What <paramref name="keepsClaim"/> says of may answer others for a while; its claim is swept.
    /// </summary>
    public async Task<ScanJob?> CloseAsync(
        string id, Func<ScanJob, ScanJob> change, Func<ScanJob, bool> keepsClaim, CancellationToken cancellationToken)
    {
        ScanJob? closed = await UpdateAsync(id, job => job.IsOpen ? change(job) : job, cancellationToken);
        if (closed is { IsOpen: false } && !keepsClaim(closed))
        {
            await _claims.RemoveAsync(closed.Target, closed.Id, cancellationToken);
        }

        return closed;
    }

    /// <summary>
    /// The jobs that hold a target, open ones for the most part; what holds none any more lets go of it. A job in another form is left to the version
    /// that wrote it.
    /// </summary>
    public async IAsyncEnumerable<ScanJob> ClaimedAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (JobClaim claim in _claims.AllAsync(cancellationToken))
        {
            if (await RowAsync(claim.JobId, RowKey, cancellationToken) is not { } row)
            {
                await _claims.RemoveAsync(claim, cancellationToken);
            }
            else if (TryJobOf(row) is { } job)
            {
                yield return await WithLayersAsync(job, cancellationToken);
            }
        }
    }

    /// <summary>Lets go of the target of a job.</summary>
    public Task ReleaseAsync(ScanJob job, CancellationToken cancellationToken) => _claims.RemoveAsync(job.Target, job.Id, cancellationToken);

    /// <summary>Gives each of the layers a row of its own, in which it waits.</summary>
    public async Task DealOutAsync(string id, IReadOnlyList<JobLayer> layers, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        foreach (JobLayer[] part in layers.Chunk(StorageLimits.RowsPerTransaction))
        {
            IEnumerable<TableTransactionAction> rows =
                part.Select(layer => new TableTransactionAction(TableTransactionActionType.UpsertReplace, LayerRowOf(id, layer)));
            await table.SubmitTransactionAsync(rows, cancellationToken);
        }
    }

    /// <summary>The row of a layer that was dealt out; null if it was not.</summary>
    public async Task<JobLayer?> FindLayerAsync(string id, Digest layer, CancellationToken cancellationToken) =>
        await RowAsync(id, LayerKey(layer), cancellationToken) is { } row ? LayerOf(row) : null;

    /// <summary>Changes a layer's row, as <see cref="UpdateAsync"/> does a job.</summary>
    public Task<JobLayer?> UpdateLayerAsync(string id, Digest layer, Func<JobLayer, JobLayer> change, CancellationToken cancellationToken) =>
        ReplaceAsync(id, LayerKey(layer), LayerOf, change, changed => LayerRowOf(id, changed), cancellationToken);

    /// <summary>The layers that were read for this job over the queue.</summary>
    public async Task<IReadOnlySet<Digest>> LayersDoneAsync(string id, CancellationToken cancellationToken)
    {
        var done = new HashSet<Digest>();
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        string filter = $"{LayersFilter(id)} and {TableClient.CreateQueryFilter($"State eq {nameof(JobLayerState.Done)}")}";
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, cancellationToken: cancellationToken))
        {
            done.Add(LayerOf(row).Digest);
        }

        return done;
    }

    /// <summary>Whether every layer that was dealt out is done.</summary>
    public async Task<bool> AllLayersDoneAsync(string id, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        string filter = $"{LayersFilter(id)} and {TableClient.CreateQueryFilter($"State ne {nameof(JobLayerState.Done)}")}";
        await foreach (TableEntity _ in table.QueryAsync<TableEntity>(filter, maxPerPage: 1, select: ["RowKey"], cancellationToken: cancellationToken))
        {
            return false;
        }

        return true;
    }

    /// <summary>Whether a job, by its key, is open and holds no target: its process died before it could claim one, and told nobody of it.</summary>
    internal async Task<bool> IsForgottenAsync(string partition, CancellationToken cancellationToken) =>
        await FindReadableAsync(partition, cancellationToken) is { IsOpen: true } job
        && (await _claims.FindAsync(job.Target, cancellationToken))?.JobId != job.Id;

    /// <summary>The job of that key if it is open; null also for one in another form.</summary>
    internal async Task<ScanJob?> FindOpenAsync(string partition, CancellationToken cancellationToken) =>
        await FindReadableAsync(partition, cancellationToken) is { IsOpen: true } open ? open : null;

    /// <summary>Removes a job with its layers, by its key. The job last: whoever finds it may still count on its layers.</summary>
    internal async Task RemoveAsync(string partition, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {partition} and RowKey gt {LayerPrefix} and RowKey lt {AfterLayers}");
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(filter, select: ["PartitionKey", "RowKey"], cancellationToken: cancellationToken))
        {
            await table.DeleteEntityAsync(row.PartitionKey, row.RowKey, ETag.All, cancellationToken);
        }

        await table.DeleteEntityAsync(partition, RowKey, ETag.All, cancellationToken);
    }

    // Null also for a job in another form: it is another version's, of which we can neither tell how far it is nor what came of it.
    private async Task<ScanJob?> FindReadableAsync(string id, CancellationToken cancellationToken) =>
        await RowAsync(id, RowKey, cancellationToken) is { } row ? TryJobOf(row) : null;

    private async Task<ScanJob> WithLayersAsync(ScanJob job, CancellationToken cancellationToken)
    {
        if (job.FanOuts == 0)
        {
            return job;
        }

        var rows = new Dictionary<Digest, JobLayer>();
        DateTimeOffset? changedAt = job.ChangedAt;
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(LayersFilter(job.Id), cancellationToken: cancellationToken))
        {
            JobLayer layer = LayerOf(row);
            rows[layer.Digest] = layer;
            changedAt = row.Timestamp > changedAt ? row.Timestamp : changedAt;
        }

        return job with { Layers = [.. job.Layers.Select(layer => rows.GetValueOrDefault(layer.Digest, layer))], ChangedAt = changedAt };
    }

    private Task DropAsync(ScanJob? job, CancellationToken cancellationToken) =>
        job is null ? Task.CompletedTask : RemoveAsync(TableKey.Of(job.Id), cancellationToken);

    private async Task<T?> ReplaceAsync<T>(
        string id, string rowKey, Func<TableEntity, T> read, Func<T, T> change, Func<T, TableEntity> write, CancellationToken cancellationToken)
        where T : class
    {
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        for (int attempt = 0; attempt < StorageLimits.Attempts; attempt++)
        {
            if (await RowAsync(id, rowKey, cancellationToken) is not { } row)
            {
                return null;
            }

            T stored = read(row);
            T changed = change(stored);
            if (changed.Equals(stored))
            {
                return stored;
            }

            TableEntity replacement = write(changed);
            replacement[Write] = Guid.NewGuid().ToString("n");
            try
            {
                Response put = await table.UpdateEntityAsync(replacement, row.ETag, TableUpdateMode.Replace, cancellationToken);
                replacement.ETag = put.Headers.ETag ?? default;
                return read(replacement);
            }
            catch (RequestFailedException conflict) when (conflict.Status is 404 or 412)
            {
                // Another writer was quicker: look again. Or the answer was lost, and the client has repeated its request and met its own row.
                if (await RowAsync(id, rowKey, cancellationToken) is { } now && now.GetString(Write) == replacement.GetString(Write))
                {
                    return read(now);
                }
            }
        }

        throw StorageException.Contended($"{rowKey} of {id}");
    }

    private async Task<TableEntity?> RowAsync(string id, string rowKey, CancellationToken cancellationToken)
    {
        TableClient table = await account.TableAsync(TableNames.Jobs, cancellationToken);
        NullableResponse<TableEntity> row =
            await table.GetEntityIfExistsAsync<TableEntity>(TableKey.Of(id), rowKey, cancellationToken: cancellationToken);
        return row.HasValue ? row.Value : null;
    }

    private static string LayersFilter(string id) =>
        TableClient.CreateQueryFilter($"PartitionKey eq {TableKey.Of(id)} and RowKey gt {LayerPrefix} and RowKey lt {AfterLayers}");

    private static string LayerKey(Digest layer) => TableKey.Of(LayerPrefix + layer);

    private static TableEntity RowOf(ScanJob job)
    {
        // However a job ends, a login ends with it.
        string? login = job.IsOpen ? job.SealedLogin : null;
        byte[] json = Compressed.Write(job with { ErrorMessage = Fitting(job.ErrorMessage), SealedLogin = login }).ToArray();
        return json.Length <= StorageLimits.PropertyBytes
            ? new TableEntity(TableKey.Of(job.Id), RowKey) { ["Job"] = json, ["CreatedAt"] = job.CreatedAt.UtcTicks, ["IsOpen"] = job.IsOpen }
            : throw new StorageException($"Job {job.Id} takes {json.Length:N0} bytes; at most {StorageLimits.PropertyBytes:N0} are kept.");
    }

    private static TableEntity LayerRowOf(string id, JobLayer layer) => new(TableKey.Of(id), LayerKey(layer.Digest))
    {
        ["Layer"] = JsonSerializer.SerializeToUtf8Bytes(layer with { ErrorMessage = Fitting(layer.ErrorMessage) }, SavedJson.Of<JobLayer>()),
        ["State"] = layer.State.ToString(),
    };

    private static string? Fitting(string? error) => error?.Length > MaxErrorCharacters ? $"{error[..MaxErrorCharacters]}…" : error;

    private static ScanJob JobOf(TableEntity row) => TryJobOf(row) ?? throw Unreadable(row, null);

    // Null for a job in another form.
    private static ScanJob? TryJobOf(TableEntity row) => Compressed.TryRead(row.GetBinary("Job") ?? [], out ScanJob? job)
        ? job with { Version = row.ETag.ToString(), ChangedAt = row.Timestamp }
        : null;

    private static JobLayer LayerOf(TableEntity row)
    {
        try
        {
            return JsonSerializer.Deserialize(row.GetBinary("Layer") ?? [], SavedJson.Of<JobLayer>())!;
        }
        catch (JsonException unreadable)
        {
            throw Unreadable(row, unreadable);
        }
    }

    private static StorageException Unreadable(TableEntity row, Exception? reason)
    {
        string message = $"Job {row.PartitionKey} is saved in another form; ask for the scan again.";
        return reason is null ? new StorageException(message) : new StorageException(message, reason);
    }
}
