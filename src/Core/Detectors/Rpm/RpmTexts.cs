namespace ImageScan.Core.Detectors.Rpm;

/// <summary>The texts of one tag, one after the other, each ended by a zero byte.</summary>
/// <param name="store">The store of the header from the first text on.</param>
/// <param name="count">How many there should be.</param>
internal ref struct RpmTexts(ReadOnlySpan<byte> store, uint count)
{
    private ReadOnlySpan<byte> _rest = store;
    private uint _left = count;

    public readonly uint Count => _left;

    /// <summary>The next text; false after the last, and where the store ends before it does.</summary>
    public bool TryNext(out ReadOnlySpan<byte> text)
    {
        text = default;
        int end = _left == 0 ? -1 : _rest.IndexOf((byte)0);
        if (end < 0)
        {
            return false;
        }

        text = _rest[..end];
        _rest = _rest[(end + 1)..];
        _left--;
        return true;
    }

    /// <summary>At most so many of the texts that are left, to be taken by their number.</summary>
    public readonly RpmTextList ToList(int most)
    {
        RpmTexts texts = this;
        var ends = new List<int>();
        for (int end = 0; ends.Count < most && texts.TryNext(out ReadOnlySpan<byte> text);)
        {
            end += text.Length + 1;
            ends.Add(end);
        }

        return new RpmTextList(_rest, ends);
    }
}

/// <summary>Texts that lie one after the other.</summary>
/// <param name="texts">The first and what follows.</param>
/// <param name="ends">For each, where the one after it begins.</param>
internal readonly ref struct RpmTextList(ReadOnlySpan<byte> texts, List<int> ends)
{
    private readonly ReadOnlySpan<byte> _texts = texts;

    public int Count => ends.Count;

    public ReadOnlySpan<byte> this[int index] => _texts[(index == 0 ? 0 : ends[index - 1])..(ends[index] - 1)];
}
