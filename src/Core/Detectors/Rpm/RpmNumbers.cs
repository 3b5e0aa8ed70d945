namespace ImageScan.Core.Detectors.Rpm;

/// <summary>The numbers of one tag.</summary>
/// <param name="store">Exactly their bytes.</param>
/// <param name="bytes">The size of each.</param>
internal readonly ref struct RpmNumbers(ReadOnlySpan<byte> store, int bytes)
{
    private readonly ReadOnlySpan<byte> _store = store;
    private readonly int _bytes = bytes;

    public int Count => _bytes == 0 ? 0 : _store.Length / _bytes;

    public ulong this[int index]
    {
        get
        {
            ulong number = 0;
            foreach (byte part in _store.Slice(index * _bytes, _bytes))
            {
                number = (number << 8) | part;
            }

            return number;
        }
    }
}
