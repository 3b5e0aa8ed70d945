using Azure;
using Azure.Data.Tables;

namespace ImageScan.Core.Storage.Lists;

/// <summary>
/// Rows of one range of keys, in their order: first as many as are likely to be wanted, then ever more, so that who wants few reads few and who goes
/// through all asks a thousand at a time, which is the most that the service gives
/// (https://learn.microsoft.com/rest/api/storageservices/query-timeout-and-pagination).
/// </summary>
internal sealed class OrderedRows(TableClient table, string filter, string[] columns, int firstPage, CancellationToken cancellationToken)
{
    private const int MostRows = 1_000;

    private int _pageSize = Math.Clamp(firstPage, 1, MostRows);
    private IReadOnlyList<TableEntity> _rows = [];
    private int _at;
    private bool _isEnded;
    private string? _continuation;
    private Task<Page<TableEntity>>? _ahead;

    /// <summary>The row after those that were taken; null at the end.</summary>
    public TableEntity? Current => _at < _rows.Count ? _rows[_at] : null;

    private bool IsDry => _at >= _rows.Count && !_isEnded;

    /// <summary>Takes the current row.</summary>
    public void Take() => _at++;

    /// <summary>Asks for more rows, unless there is one, or none is left.</summary>
    public async Task FillAsync()
    {
        while (IsDry)
        {
            Page<TableEntity> page = await (_ahead ?? AskAsync());
            (_rows, _at, _continuation) = (page.Values, 0, page.ContinuationToken);
            _isEnded = _continuation is null;

            // Who has come so far goes on to the end: partitions that ask in turns would wait for each other.
            bool isThrough = _pageSize == MostRows && !_isEnded;
            _pageSize = Math.Min(_pageSize * 2, MostRows);
            _ahead = isThrough ? AskAsync() : null;
        }
    }

    private async Task<Page<TableEntity>> AskAsync()
    {
        IAsyncEnumerable<Page<TableEntity>> pages = table
            .QueryAsync<TableEntity>(filter, _pageSize, columns, cancellationToken).AsPages(_continuation, _pageSize);
        await foreach (Page<TableEntity> page in pages)
        {
            return page;
        }

        return Page<TableEntity>.FromValues([], null, null!);
    }
}
