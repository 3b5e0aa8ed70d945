namespace ImageScan.Core.Storage.Sweeps;

/// <summary>
/// Keys in their order, asked for in their order: two listings side by side in the memory of two rows. It says no also of a key that was written
/// since, or that the other listing has in another order; who removes something on that word looks once more.
/// </summary>
internal sealed class OrderedKeys(IAsyncEnumerator<string> keys) : IAsyncDisposable
{
    private string? _current = "";

    public async Task<bool> ContainsAsync(string key)
    {
        while (_current is not null && string.CompareOrdinal(_current, key) < 0)
        {
            _current = await keys.MoveNextAsync() ? keys.Current : null;
        }

        return _current == key;
    }

    public ValueTask DisposeAsync() => keys.DisposeAsync();
}
