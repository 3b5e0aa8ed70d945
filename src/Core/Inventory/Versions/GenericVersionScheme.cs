using System.Buffers;

namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// A lenient order for programs that follow no registry's rules (openssl, nginx, redis, busybox, python): numbers with dots, those left out are
/// 0, and then the rest by turns of words and numbers. Words that announce a release (<c>dev</c>, <c>alpha1</c>, <c>a1</c>, <c>beta</c>,
/// <c>pre9</c>, <c>rc.1</c>) come before it; every other word comes after it, as OpenSSL's letters do
/// (https://openssl-library.org/policies/releasestrat/): <c>1.1.1-pre9 &lt; 1.1.1 &lt; 1.1.1a &lt; 1.1.1k &lt; 1.1.1za &lt; 1.1.2</c>.
/// </summary>
/// <remarks>
/// <c>a</c>, <c>b</c>, <c>c</c> announce a release only with a number behind them, as in Python's <c>3.13.0a1</c>; OpenSSL's <c>1.0.2a</c> is a
/// release. Words are compared by length first where neither is an announcement, so that OpenSSL's <c>za</c> follows its <c>z</c> and a letter
/// comes before <c>fips</c>. What begins with anything but a number, or <c>v</c> and a number, has no order.
/// </remarks>
public sealed class GenericVersionScheme : VersionScheme
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_+~^:");

    private enum Rank
    {
        Dev,
        Alpha,
        Beta,
        Candidate,
        End,
        Word,
        Number,
    }

    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        if (!TryTakeNumbers(left, out ReadOnlySpan<char> numbersOfA, out ReadOnlySpan<char> restOfA)
            || !TryTakeNumbers(right, out ReadOnlySpan<char> numbersOfB, out ReadOnlySpan<char> restOfB))
        {
            return false;
        }

        order = DigitRuns.CompareDotted(numbersOfA, numbersOfB);
        while (order == 0)
        {
            Rank rankOfA = TakeElement(ref restOfA, out ReadOnlySpan<char> elementOfA);
            Rank rankOfB = TakeElement(ref restOfB, out ReadOnlySpan<char> elementOfB);
            order = rankOfA != rankOfB ? rankOfA - rankOfB
                : rankOfA == Rank.Number ? DigitRuns.Compare(elementOfA, elementOfB)
                : rankOfA == Rank.Word ? CompareWords(elementOfA, elementOfB)
                : 0;
            if (rankOfA == Rank.End && rankOfB == Rank.End)
            {
                break;
            }
        }

        return true;
    }

    private static bool TryTakeNumbers(ReadOnlySpan<char> text, out ReadOnlySpan<char> numbers, out ReadOnlySpan<char> rest)
    {
        text = text.Trim(" \t\r\n");
        text = text is ['v' or 'V', ..] ? text[1..] : text;
        rest = text;
        bool isVersion = !DigitRuns.Take(ref rest).IsEmpty && !text.ContainsAnyExcept(Allowed);
        while (rest is ['.', >= '0' and <= '9', ..])
        {
            rest = rest[1..];
            DigitRuns.Take(ref rest);
        }

        numbers = text[..^rest.Length];
        return isVersion;
    }

    private static Rank TakeElement(scoped ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> element)
    {
        int start = 0;
        while (start < rest.Length && !char.IsAsciiLetterOrDigit(rest[start]))
        {
            start++;
        }

        rest = rest[start..];
        element = DigitRuns.Take(ref rest);
        if (!element.IsEmpty)
        {
            return Rank.Number;
        }

        int length = 0;
        while (length < rest.Length && char.IsAsciiLetter(rest[length]))
        {
            length++;
        }

        element = rest[..length];
        rest = rest[length..];
        return element.IsEmpty ? Rank.End : RankOf(element, rest is [>= '0' and <= '9', ..]);
    }

    private static Rank RankOf(ReadOnlySpan<char> word, bool isBeforeNumber)
    {
        Span<char> lower = stackalloc char[8];
        return word.Length > lower.Length ? Rank.Word
            : lower[..word.ToLowerInvariant(lower)] switch
            {
                "dev" => Rank.Dev,
                "alpha" => Rank.Alpha,
                "beta" => Rank.Beta,
                "rc" or "pre" or "preview" => Rank.Candidate,
                "a" when isBeforeNumber => Rank.Alpha,
                "b" when isBeforeNumber => Rank.Beta,
                "c" when isBeforeNumber => Rank.Candidate,
                _ => Rank.Word,
            };
    }

    private static int CompareWords(ReadOnlySpan<char> a, ReadOnlySpan<char> b) =>
        a.Length != b.Length ? a.Length - b.Length : a.CompareTo(b, StringComparison.OrdinalIgnoreCase);
}
