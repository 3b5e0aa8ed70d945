using System.IO.Hashing;
using System.Text;

namespace ImageScan.Core.Vulnerabilities.Database;

/// <summary>
/// Numbers the texts that a snapshot being built meets, each once: ids, aliases, names. A text costs its bytes and twelve more, where a string
/// in a dictionary would cost a hundred.
/// </summary>
internal sealed class NumberedTexts
{
    private readonly List<int> _starts = [0];
    private byte[] _bytes = new byte[1 << 12];

    // Open addressing: the number of a text and 1, or 0.
    private int[] _slots = new int[1 << 8];

    public int Count => _starts.Count - 1;

    public int NumberOf(string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        int start = _starts[^1];
        while (_bytes.Length - start < length)
        {
            Array.Resize(ref _bytes, checked(_bytes.Length * 2));
        }

        // Written to where it belongs if it is new.
        var bytes = _bytes.AsSpan(start, length);
        Encoding.UTF8.GetBytes(text, bytes);
        int slot = SlotOf(bytes);
        if (_slots[slot] != 0)
        {
            return _slots[slot] - 1;
        }

        _starts.Add(start + length);
        _slots[slot] = Count;
        int number = Count - 1;
        if (Count * 2 > _slots.Length)
        {
            Grow();
        }

        return number;
    }

    public string TextOf(int number) => Encoding.UTF8.GetString(BytesOf(number));

    public ReadOnlySpan<byte> BytesOf(int number) => _bytes.AsSpan(_starts[number], _starts[number + 1] - _starts[number]);

    /// <summary>The order of their bytes.</summary>
    public int Compare(int left, int right) => BytesOf(left).SequenceCompareTo(BytesOf(right));

    // Where that text is, or would be.
    private int SlotOf(ReadOnlySpan<byte> bytes)
    {
        int slot = (int)XxHash3.HashToUInt64(bytes) & (_slots.Length - 1);
        while (_slots[slot] != 0 && !BytesOf(_slots[slot] - 1).SequenceEqual(bytes))
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        return slot;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        for (int number = 0; number < Count; number++)
        {
            _slots[SlotOf(BytesOf(number))] = number + 1;
        }
    }
}
