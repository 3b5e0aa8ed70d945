using System.Buffers;

namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// pacman's order: <c>epoch:version-release</c> (https://man.archlinux.org/man/vercmp.8). Unlike rpm's, <c>1.0a</c>, <c>1.0beta</c> and <c>1.0rc1</c>
/// come before <c>1.0</c>, and there is neither tilde nor caret. Where either has no release, releases are not compared.
/// </summary>
/// <remarks>
/// What ends in a separator has no order: with it pacman goes in circles, <c>1. &gt; 1..a &gt; 1.1 &gt; 1.</c>
/// (https://gitlab.archlinux.org/pacman/pacman/-/blob/master/lib/libalpm/version.c).
/// </remarks>
public sealed class AlpmVersionScheme : VersionScheme
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.-_+~^@:");

    private static readonly SearchValues<char> Alphanumeric =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        if (!TrySplit(left, out Parts a) || !TrySplit(right, out Parts b))
        {
            return false;
        }

        order = DigitRuns.Compare(a.Epoch, b.Epoch);
        order = order != 0 ? order : CompareParts(a.Version, b.Version);
        if (order == 0 && a.HasRelease && b.HasRelease)
        {
            order = CompareParts(a.Release, b.Release);
        }

        return true;
    }

    private static bool TrySplit(ReadOnlySpan<char> text, out Parts parts)
    {
        parts = default;
        text = text.Trim(" \t\r\n");
        if (text.ContainsAnyExcept(Allowed))
        {
            return false;
        }

        ReadOnlySpan<char> rest = text;
        ReadOnlySpan<char> digits = DigitRuns.Take(ref rest);
        if (rest is [':', ..])
        {
            parts.Epoch = digits;
            text = rest[1..];
        }

        int hyphen = text.LastIndexOf('-');
        parts.HasRelease = hyphen >= 0;
        parts.Version = hyphen < 0 ? text : text[..hyphen];
        parts.Release = hyphen < 0 ? default : text[(hyphen + 1)..];
        return EndsInSegment(parts.Version) && (!parts.HasRelease || EndsInSegment(parts.Release));
    }

    private static bool EndsInSegment(ReadOnlySpan<char> text) => !text.IsEmpty && char.IsAsciiLetterOrDigit(text[^1]);

    // rpmvercmp as pacman has it.
    private static int CompareParts(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        while (!a.IsEmpty && !b.IsEmpty)
        {
            // The longer separator is the newer, whatever follows.
            int order = TakeSeparators(ref a) - TakeSeparators(ref b);
            if (order != 0)
            {
                return order;
            }

            ReadOnlySpan<char> numberOfA = DigitRuns.Take(ref a);
            ReadOnlySpan<char> numberOfB = DigitRuns.Take(ref b);
            order = (numberOfA.IsEmpty, numberOfB.IsEmpty) switch
            {
                (true, true) => TakeLetters(ref a).SequenceCompareTo(TakeLetters(ref b)),
                (true, false) => -1,
                (false, true) => 1,
                _ => DigitRuns.Compare(numberOfA, numberOfB),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return RankOfRest(a) - RankOfRest(b);
    }

    // Letters that follow at once come before nothing, everything else after it.
    private static int RankOfRest(ReadOnlySpan<char> rest) => rest.IsEmpty ? 0 : char.IsAsciiLetter(rest[0]) ? -1 : 1;

    private static int TakeSeparators(scoped ref ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAny(Alphanumeric);
        length = length < 0 ? text.Length : length;
        text = text[length..];
        return length;
    }

    private static ReadOnlySpan<char> TakeLetters(scoped ref ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < text.Length && char.IsAsciiLetter(text[length]))
        {
            length++;
        }

        ReadOnlySpan<char> letters = text[..length];
        text = text[length..];
        return letters;
    }

    private ref struct Parts
    {
        public ReadOnlySpan<char> Epoch;
        public ReadOnlySpan<char> Version;
        public ReadOnlySpan<char> Release;
        public bool HasRelease;
    }
}
