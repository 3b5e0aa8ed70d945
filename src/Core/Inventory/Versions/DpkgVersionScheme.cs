using System.Buffers;

namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// Debian's order, which Ubuntu shares: <c>epoch:upstream-revision</c>
/// (https://www.debian.org/doc/debian-policy/ch-controlfields.html#version).
/// A missing epoch is 0, a missing or empty revision equals <c>0</c>.
/// </summary>
public sealed class DpkgVersionScheme : VersionScheme
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.+-~:_");

    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        if (!TrySplit(left, out Parts a) || !TrySplit(right, out Parts b))
        {
            return false;
        }

        order = DigitRuns.Compare(a.Epoch, b.Epoch);
        order = order != 0 ? order : CompareParts(a.Upstream, b.Upstream);
        order = order != 0 ? order : CompareParts(a.Revision, b.Revision);
        return true;
    }

    // What dpkg only warns of is taken: an upstream part that does not begin with a digit, an underscore, an empty revision.
    private static bool TrySplit(ReadOnlySpan<char> version, out Parts parts)
    {
        parts = default;
        version = version.Trim(" \t\r\n");
        if (version.IsEmpty || version.ContainsAnyExcept(Allowed))
        {
            return false;
        }

        int colon = version.IndexOf(':');
        if (colon >= 0)
        {
            parts.Epoch = version[..colon];
            version = version[(colon + 1)..];
            if (!DigitRuns.IsNumber(parts.Epoch))
            {
                return false;
            }
        }

        int hyphen = version.LastIndexOf('-');
        parts.Upstream = hyphen < 0 ? version : version[..hyphen];
        parts.Revision = hyphen < 0 ? default : version[(hyphen + 1)..];
        return !parts.Upstream.IsEmpty;
    }

    // verrevcmp of dpkg's lib/dpkg/version.c: by turns a run without digits and a run of digits.
    private static int CompareParts(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        while (!a.IsEmpty || !b.IsEmpty)
        {
            while (Weight(a) is var weightOfA && Weight(b) is var weightOfB && (weightOfA != 0 || weightOfB != 0))
            {
                if (weightOfA != weightOfB)
                {
                    return weightOfA - weightOfB;
                }

                a = a[1..];
                b = b[1..];
            }

            int order = DigitRuns.Compare(DigitRuns.Take(ref a), DigitRuns.Take(ref b));
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    // A tilde comes before the end, the end (and a digit) before letters, letters before everything else.
    private static int Weight(ReadOnlySpan<char> text) => text switch
    {
        [] or [>= '0' and <= '9', ..] => 0,
        ['~', ..] => -1,
        [char letter, ..] when char.IsAsciiLetter(letter) => letter,
        [char other, ..] => other + 256,
    };

    private ref struct Parts
    {
        public ReadOnlySpan<char> Epoch;
        public ReadOnlySpan<char> Upstream;
        public ReadOnlySpan<char> Revision;
    }
}
