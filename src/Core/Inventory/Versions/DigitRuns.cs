namespace ImageScan.Core.Inventory.Versions;

/// <summary>Runs of ASCII digits of any length: versions hold dates, hashes and jokes that fit no integer type.</summary>
internal static class DigitRuns
{
    /// <summary>Takes the leading digits off <paramref name="text"/>; empty if there are none.</summary>
    public static ReadOnlySpan<char> Take(scoped ref ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && char.IsAsciiDigit(text[length]))
        {
            length++;
        }

        ReadOnlySpan<char> digits = text[..length];
        text = text[length..];
        return digits;
    }

    /// <summary>
    /// Where the first digit is; -1 if there is none. The runtime's own searches for a range allocate until they have been compiled for good.
    /// </summary>
    public static int IndexOf(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Compares two runs by their value; an empty run is 0.</summary>
    public static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = WithoutLeadingZeros(left);
        right = WithoutLeadingZeros(right);
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }

    /// <summary>Compares <c>1.2.3</c> with <c>1.10</c> number by number; those left out are 0.</summary>
    public static int CompareDotted(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (!left.IsEmpty || !right.IsEmpty)
        {
            int order = Compare(Take(ref left), Take(ref right));
            if (order != 0)
            {
                return order;
            }

            left = left.IsEmpty ? left : left[1..];
            right = right.IsEmpty ? right : right[1..];
        }

        return 0;
    }

    /// <summary>Whether it is made of digits alone, and at least one.</summary>
    public static bool IsNumber(ReadOnlySpan<char> text) => !Take(ref text).IsEmpty && text.IsEmpty;

    /// <summary>Whether a run is 0, written with as many zeros as one likes.</summary>
    public static bool IsZero(ReadOnlySpan<char> digits) => WithoutLeadingZeros(digits).IsEmpty;

    private static ReadOnlySpan<char> WithoutLeadingZeros(ReadOnlySpan<char> digits)
    {
        int start = 0;
        while (start < digits.Length && digits[start] == '0')
        {
            start++;
        }

        return digits[start..];
    }
}
