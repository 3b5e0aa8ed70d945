using System.Buffers;

namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// The order of PHP's version_compare, by which WordPress orders itself, its plugins and its themes
/// (https://developer.wordpress.org/reference/functions/wp_version_check/): <c>6.5-beta1 &lt; 6.5-RC1 &lt; 6.5 &lt; 6.5.0</c>.
/// </summary>
public sealed class PhpVersionScheme : VersionScheme
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_+");

    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        ReadOnlySpan<char> textOfA = left.AsSpan().Trim(" \t\r\n");
        ReadOnlySpan<char> textOfB = right.AsSpan().Trim(" \t\r\n");
        if (!IsVersion(textOfA) || !IsVersion(textOfB))
        {
            return false;
        }

        var a = new Elements(textOfA);
        var b = new Elements(textOfB);
        do
        {
            a.MoveNext();
            b.MoveNext();
            order = PhpVersionOrder.Compare(a.Rank, a.Digits, b.Rank, b.Digits);
        }
        while (order == 0 && a.Rank != PhpRank.End);

        return true;
    }

    // PHP takes any text; what has no digit, another character, or a separator at either end is no version that somebody gave.
    private static bool IsVersion(ReadOnlySpan<char> text) =>
        DigitRuns.IndexOf(text) >= 0
        && !text.ContainsAnyExcept(Allowed)
        && char.IsAsciiLetterOrDigit(text[0])
        && char.IsAsciiLetterOrDigit(text[^1]);

    /// <summary>Runs of digits and runs of letters, whatever stands between.</summary>
    private ref struct Elements(ReadOnlySpan<char> text)
    {
        private ReadOnlySpan<char> _rest = text;

        public PhpRank Rank { get; private set; }

        public ReadOnlySpan<char> Digits { get; private set; }

        public void MoveNext()
        {
            _rest = _rest.TrimStart(".-_+");
            Digits = DigitRuns.Take(ref _rest);
            if (!Digits.IsEmpty || _rest.IsEmpty)
            {
                Rank = Digits.IsEmpty ? PhpRank.End : PhpRank.Number;
                return;
            }

            int length = 0;
            while (length < _rest.Length && char.IsAsciiLetter(_rest[length]))
            {
                length++;
            }

            Rank = PhpVersionOrder.RankOf(_rest[..length]);
            _rest = _rest[length..];
        }
    }
}
