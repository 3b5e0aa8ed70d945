using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>All rows and blobs that a run has left in the account, as they lie there.</summary>
internal sealed partial class StoredState
{
    // Two runs are at other times, and a content has another name each time it is written.
    // Keys are compared by themselves.
    private static readonly HashSet<string> OfTheRun = ["odata.etag", "PartitionKey", "RowKey", "Timestamp", "SavedAt", "ScannedAt", "UsedAt", "UseMark", "Mark", "Generation"];

    // Jobs, and the places at which sweeps go on.
    private static readonly string[] TablesOfTheRun = ["Jobs", "Sweeps"];

    private readonly Dictionary<string, List<TableEntity>> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, byte[]> _blobs = new(StringComparer.Ordinal);

    private StoredState()
    {
    }

    /// <summary>Reads the tables and containers whose names begin with that prefix.</summary>
    public static async Task<StoredState> ReadAsync(string connectionString, string prefix, CancellationToken cancellationToken)
    {
        var state = new StoredState();
        var tables = new TableServiceClient(connectionString);
        await foreach (var table in tables.QueryAsync(cancellationToken: cancellationToken))
        {
            if (table.Name.StartsWith(prefix, StringComparison.Ordinal))
            {
                List<TableEntity> rows = state._tables[table.Name[prefix.Length..]] = [];
                await foreach (TableEntity row in tables.GetTableClient(table.Name).QueryAsync<TableEntity>(cancellationToken: cancellationToken))
                {
                    rows.Add(row);
                }
            }
        }

        var blobs = new BlobServiceClient(connectionString);
        await foreach (BlobContainerItem container in blobs.GetBlobContainersAsync(prefix: prefix.ToLowerInvariant(), cancellationToken: cancellationToken))
        {
            BlobContainerClient client = blobs.GetBlobContainerClient(container.Name);
            await foreach (BlobItem blob in client.GetBlobsAsync(cancellationToken: cancellationToken))
            {
                BlobDownloadResult whole = await client.GetBlobClient(blob.Name).DownloadContentAsync(cancellationToken);
                state._blobs[$"{container.Name[prefix.Length..]}/{blob.Name}"] = whole.Content.ToArray();
            }
        }

        return state;
    }

    /// <summary>Rows of a table; none if nobody has made it.</summary>
    public IReadOnlyList<TableEntity> Rows(string table) => _tables.GetValueOrDefault(table) ?? [];

    /// <summary>
    /// How what is kept for ever differs from what another run has kept: every row that readers see with the content that it points to, and every
    /// blob, byte for byte but for the times.
    /// </summary>
    public IEnumerable<string> DifferencesFrom(StoredState expected)
    {
        SortedDictionary<string, string> theirs = expected.Kept();
        SortedDictionary<string, string> ours = Kept();
        return
        [
            .. ours.Keys.Except(theirs.Keys).Select(key => $"too much: {key}"),
            .. theirs.Keys.Except(ours.Keys).Where(key => !IsLostBundle(key, ours)).Select(key => $"missing: {key}"),
            .. from kept in theirs
               where ours.TryGetValue(kept.Key, out string? text) && text != kept.Value
               select $"{kept.Key}: {LoadAnswer.Difference(kept.Value, ours[kept.Key])}",
        ];
    }

    /// <summary>Rows of contents that no row points to.</summary>
    public IReadOnlyList<string> Unreachable
    {
        get
        {
            HashSet<string> reachable = [.. _tables.Where(table => !IsContent(table.Key)).SelectMany(table => table.Value).Select(row => row.GetString("Generation"))];
            return
            [
                .. _tables.Where(table => IsContent(table.Key)).SelectMany(table => table.Value.Select(row => (table.Key, row)))
                    .Where(content => !reachable.Contains(GenerationOf(content.row)))
                    .Select(content => $"{content.Key} {content.row.PartitionKey} {content.row.RowKey}"),
            ];
        }
    }

    private SortedDictionary<string, string> Kept()
    {
        var kept = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string table, List<TableEntity> rows) in _tables.Where(table => !TablesOfTheRun.Contains(table.Key) && !IsContent(table.Key)))
        {
            foreach (TableEntity row in rows.Where(row => !IsOfTheLedger(table, row)))
            {
                kept[$"{table} {row.PartitionKey} {KeyOf(table, row)}"] = TextOf(table, row);
            }
        }

        foreach ((string name, byte[] bytes) in _blobs)
        {
            kept[$"blob {name}"] = Convert.ToHexStringLower(bytes);
        }

        return kept;
    }

    // A bundle saves a pull when there are newer detectors; where it could not be kept, row and blob, the layer is pulled then.
    private static bool IsLostBundle(string key, SortedDictionary<string, string> kept)
    {
        Match layer = BundleOf().Match(key);
        return layer.Success && !kept.ContainsKey($"Layers {layer.Groups[1].Value} bundle") && !kept.ContainsKey($"blob layers/{layer.Groups[1].Value}");
    }

    // Which changes have been added to the counts yet is chance; ImageListTests hold what they come to.
    private static bool IsOfTheLedger(string table, TableEntity row) => table == "Images" && LedgerKey().IsMatch(row.RowKey);

    // Rows of the order of updates have the time in their keys.
    private static string KeyOf(string table, TableEntity row) => table == "Images" ? UpdatedKey().Replace(row.RowKey, "$1then") : row.RowKey;

    private static bool IsContent(string table) => table.EndsWith("Content", StringComparison.Ordinal);

    private static string GenerationOf(TableEntity row) => row.RowKey[..row.RowKey.LastIndexOf('-')];

    private string TextOf(string table, TableEntity row)
    {
        // The stamp of a scan is of its times too.
        var columns = row.Where(column => !OfTheRun.Contains(column.Key) && !(table == "Images" && column.Key is "Sha256" or "Length"))
            .OrderBy(column => column.Key, StringComparer.Ordinal)
            .Select(column => $"{column.Key}={(column.Value is byte[] bytes ? Sorted(WithoutTimes(Expanded(bytes))) : Convert.ToString(column.Value, CultureInfo.InvariantCulture))}");
        string text = string.Join('\n', columns);
        return row.GetString("Generation") is { } generation ? $"{text}\n{WithoutTimes(Expanded(ContentOf($"{table.TrimEnd('s')}Content", generation)))}" : text;
    }

    // First occurrences of a system are in the order in which its images came.
    private static string Sorted(string json) => JsonNode.Parse(json) is JsonObject members
        ? string.Join('\n', members.OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"{member.Key}: {member.Value}"))
        : json;

    private byte[] ContentOf(string table, string generation)
    {
        using var content = new MemoryStream();
        foreach (TableEntity row in Rows(table).Where(row => GenerationOf(row) == generation).OrderBy(row => row.RowKey, StringComparer.Ordinal))
        {
            foreach (string chunk in row.Keys.Where(key => key.StartsWith("Chunk", StringComparison.Ordinal)).Order(StringComparer.Ordinal))
            {
                content.Write(row.GetBinary(chunk));
            }
        }

        return content.ToArray();
    }

    private static string Expanded(byte[] bytes)
    {
        using var brotli = new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(brotli, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private static string WithoutTimes(string json) => Occurrence().Replace(Moment().Replace(json, "$1then"), "$1then");

    [GeneratedRegex(@"^(?:Layers |blob layers/)(sha256:\S+)(?: bundle)?$")]
    private static partial Regex BundleOf();

    [GeneratedRegex("^~[lm]")]
    private static partial Regex LedgerKey();

    [GeneratedRegex("^(~u[ad])[0-9a-f]{16}")]
    private static partial Regex UpdatedKey();

    [GeneratedRegex("""("(?:ScannedAt|SavedAt)":")[^"]*""")]
    private static partial Regex Moment();

    // Of first occurrences, in rows and in scans: CVEs and their times.
    [GeneratedRegex("""("CVE-[0-9-]+":")\d{4}-[^"]*""")]
    private static partial Regex Occurrence();
}
