using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Data.Tables;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ImageScan.Benchmarks.Lists;

/// <summary>
/// Tables that can be read, in the order of their keys and from wherever a range of keys begins, as the service keeps them: a thousand rows a request, with
/// a continuation (https://learn.microsoft.com/rest/api/storageservices/query-entities). Azurite goes through all rows of a table for each request. Counts
/// requests, rows and bytes; nothing can be written over it.
/// </summary>
internal sealed partial class OrderedTables : IAsyncDisposable
{
    private const int MostRows = 1_000;

    private readonly Dictionary<(string Table, string Partition), List<Row>> _rows = [];
    private WebApplication? _app;
    private long _requests;
    private long _rowsRead;
    private long _bytes;

    public string ConnectionString { get; private set; } = "";

    public void Add(string table, TableEntity row) => Add(table, row.RowKey, row);

    /// <summary>Adds a row with the columns of another, which is not held twice.</summary>
    public void Add(string table, string rowKey, TableEntity columns)
    {
        lock (_rows)
        {
            if (!_rows.TryGetValue((table, columns.PartitionKey), out List<Row>? rows))
            {
                _rows[(table, columns.PartitionKey)] = rows = [];
            }

            rows.Add(new Row(rowKey, columns));
        }
    }

    /// <summary>Sorts what was added, and answers from then on.</summary>
    public async Task StartAsync()
    {
        foreach (List<Row> rows in _rows.Values)
        {
            rows.Sort((one, other) => string.CompareOrdinal(one.RowKey, other.RowKey));
        }

        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
        string url = _app.Urls.Single();
        ConnectionString = $"DefaultEndpointsProtocol=http;AccountName=made;AccountKey=AAAA;TableEndpoint={url}/made;QueueEndpoint={url}/made;BlobEndpoint={url}/made";
    }

    /// <summary>What was asked since it was last asked for this.</summary>
    public (long Requests, long Rows, long Bytes) Take() =>
        (Interlocked.Exchange(ref _requests, 0), Interlocked.Exchange(ref _rowsRead, 0), Interlocked.Exchange(ref _bytes, 0));

    public async ValueTask DisposeAsync() => await (_app?.DisposeAsync() ?? ValueTask.CompletedTask);

    private async Task AnswerAsync(HttpContext context)
    {
        string path = Uri.UnescapeDataString(context.Request.Path.Value!);
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            // Tables are made on first use, and there are all of them.
            context.Response.StatusCode = path.EndsWith("/Tables", StringComparison.Ordinal) ? StatusCodes.Status409Conflict : StatusCodes.Status400BadRequest;
            context.Response.Headers["x-ms-error-code"] = "TableAlreadyExists";
            return;
        }

        Interlocked.Increment(ref _requests);
        Match one = OneRow().Match(path);
        string[] columns = context.Request.Query["$select"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        var body = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(body);
        if (one.Success)
        {
            List<Row> rows = RowsOf(one.Groups[1].Value, one.Groups[2].Value);
            int at = PlaceOf(rows, one.Groups[3].Value);
            if (at >= rows.Count || rows[at].RowKey != one.Groups[3].Value)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                context.Response.Headers["x-ms-error-code"] = "ResourceNotFound";
                return;
            }

            Write(json, rows[at], columns);
        }
        else
        {
            WritePage(json, context, path[(path.LastIndexOf('/') + 1)..].TrimEnd('(', ')'), columns);
        }

        await json.FlushAsync();
        Interlocked.Add(ref _bytes, body.WrittenCount);
        context.Response.ContentType = "application/json;odata=minimalmetadata";
        await context.Response.Body.WriteAsync(body.WrittenMemory);
    }

    private void WritePage(Utf8JsonWriter json, HttpContext context, string table, string[] columns)
    {
        IQueryCollection query = context.Request.Query;
        var bounds = Comparison().Matches(query["$filter"].ToString())
            .Select(match => (Column: match.Groups[1].Value, Sign: match.Groups[2].Value, Value: match.Groups[3].Value.Replace("''", "'", StringComparison.Ordinal))).ToList();
        List<Row> rows = RowsOf(table, bounds.Single(bound => bound.Column == "PartitionKey").Value);
        bool Fits(string key) => bounds.Where(bound => bound.Column == "RowKey").All(bound => string.CompareOrdinal(key, bound.Value) is var order && bound.Sign switch
        {
            "gt" => order > 0,
            "ge" => order >= 0,
            "lt" => order < 0,
            _ => order == 0,
        });
        string from = query["NextRowKey"].FirstOrDefault()
            ?? bounds.Where(bound => bound is { Column: "RowKey", Sign: "gt" or "ge" or "eq" }).Select(bound => bound.Value).FirstOrDefault("");
        int most = int.TryParse(query["$top"], CultureInfo.InvariantCulture, out int top) ? Math.Min(top, MostRows) : MostRows;
        int at = PlaceOf(rows, from);
        at += at < rows.Count && !Fits(rows[at].RowKey) ? 1 : 0;
        json.WriteStartObject();
        json.WriteStartArray("value");
        int written = 0;
        for (; written < most && at < rows.Count && Fits(rows[at].RowKey); written++, at++)
        {
            Write(json, rows[at], columns);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        if (at < rows.Count && Fits(rows[at].RowKey))
        {
            context.Response.Headers["x-ms-continuation-NextPartitionKey"] = rows[at].Columns.PartitionKey;
            context.Response.Headers["x-ms-continuation-NextRowKey"] = rows[at].RowKey;
        }
    }

    private void Write(Utf8JsonWriter json, Row row, string[] columns)
    {
        Interlocked.Increment(ref _rowsRead);
        json.WriteStartObject();
        json.WriteString("odata.etag", "W/\"1\"");
        foreach ((string name, object value) in row.Columns.Where(column => columns.Length == 0 || columns.Contains(column.Key)))
        {
            switch (value)
            {
                case string text:
                    json.WriteString(name, name == "RowKey" ? row.RowKey : text);
                    break;
                case int number:
                    json.WriteNumber(name, number);
                    break;
                case double number:
                    json.WriteString($"{name}@odata.type", "Edm.Double");
                    json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
                    break;
                case long number:
                    json.WriteString($"{name}@odata.type", "Edm.Int64");
                    json.WriteString(name, number.ToString(CultureInfo.InvariantCulture));
                    break;
                case byte[] bytes:
                    json.WriteString($"{name}@odata.type", "Edm.Binary");
                    json.WriteBase64String(name, bytes);
                    break;
            }
        }

        json.WriteEndObject();
    }

    private List<Row> RowsOf(string table, string partition) => _rows.GetValueOrDefault((table, partition)) ?? [];

    // The first row that is not before the key.
    private static int PlaceOf(List<Row> rows, string key)
    {
        int low = 0;
        for (int high = rows.Count; low < high;)
        {
            int middle = (low + high) / 2;
            (low, high) = string.CompareOrdinal(rows[middle].RowKey, key) < 0 ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    [GeneratedRegex(@"/(\w+)\(PartitionKey='([^']*)',RowKey='([^']*)'\)$")]
    private static partial Regex OneRow();

    [GeneratedRegex("(PartitionKey|RowKey) (eq|gt|ge|lt) '((?:[^']|'')*)'")]
    private static partial Regex Comparison();

    private sealed record Row(string RowKey, TableEntity Columns);
}
