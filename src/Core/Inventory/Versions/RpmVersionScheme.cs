using System.Buffers;

namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// rpm's order: <c>epoch:version-release</c> (https://rpm.org/docs/6.0.x/man/rpm-version.7). A missing epoch is 0. Where either has no
/// release, releases are not compared, as rpm does for dependencies: an advisory may name the version alone.
/// </summary>
public sealed class RpmVersionScheme : VersionScheme
{
    // What rpmvercmp looks at; everything else only separates, letters beyond ASCII included.
    private static readonly SearchValues<char> Significant =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz~^");

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
        if (text.ContainsAny(" \t\r\n\0"))
        {
            return false;
        }

        // A colon after anything but digits belongs to the version.
        int colon = text.IndexOf(':');
        if (colon >= 0 && DigitRuns.IsNumber(text[..colon]))
        {
            parts.Epoch = text[..colon];
            text = text[(colon + 1)..];
        }

        int hyphen = text.LastIndexOf('-');
        parts.HasRelease = hyphen >= 0;
        parts.Version = hyphen < 0 ? text : text[..hyphen];
        parts.Release = hyphen < 0 ? default : text[(hyphen + 1)..];
        return !parts.Version.IsEmpty;
    }

    // rpmvercmp of rpm's rpmio/rpmvercmp.c.
    private static int CompareParts(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        while (true)
        {
            SkipSeparators(ref a);
            SkipSeparators(ref b);
            int order = RankOf(a) - RankOf(b);
            if (order != 0 || a.IsEmpty)
            {
                return order;
            }

            if (a[0] is '~' or '^')
            {
                a = a[1..];
                b = b[1..];
                continue;
            }

            order = char.IsAsciiDigit(a[0])
                ? DigitRuns.Compare(DigitRuns.Take(ref a), DigitRuns.Take(ref b))
                : TakeLetters(ref a).SequenceCompareTo(TakeLetters(ref b));
            if (order != 0)
            {
                return order;
            }
        }
    }

    private static void SkipSeparators(scoped ref ReadOnlySpan<char> text)
    {
        int start = text.IndexOfAny(Significant);
        text = start < 0 ? default : text[start..];
    }

    // A tilde comes before the end, a caret after it but before any segment, words before numbers.
    private static int RankOf(ReadOnlySpan<char> text) => text switch
    {
        ['~', ..] => 0,
        [] => 1,
        ['^', ..] => 2,
        [>= '0' and <= '9', ..] => 4,
        _ => 3,
    };

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
