using System.Buffers;

namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// conda's order, that of its VersionOrder (https://github.com/conda/conda/blob/main/conda/models/version.py): <c>epoch!version+local</c>, cut
/// into components at dots, underscores and hyphens, and those into numbers and words; dev comes first, then words, then numbers, then post.
/// What is left out is 0. A component that begins with a word has a 0 before it: <c>1.1.a1</c> is <c>1.1.0a1</c>.
/// </summary>
public sealed class CondaVersionScheme : VersionScheme
{
    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.*_-");

    private static readonly SearchValues<char> DigitOrAsterisk = SearchValues.Create("*0123456789");

    private enum Rank
    {
        Word,
        Number,
        Post,
    }

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
        order = order != 0 ? order : CompareParts(a.Local, b.Local);
        return true;
    }

    private static bool TrySplit(ReadOnlySpan<char> text, out Parts parts)
    {
        parts = default;
        text = text.Trim(" \t\r\n");

        // A hyphen stands for an underscore, but not beside one.
        if (text.Contains('-') && text.Contains('_'))
        {
            return false;
        }

        int mark = text.IndexOf('!');
        if (mark >= 0)
        {
            parts.Epoch = text[..mark];
            text = text[(mark + 1)..];
            if (!DigitRuns.IsNumber(parts.Epoch))
            {
                return false;
            }
        }

        int plus = text.IndexOf('+');
        parts.Version = plus < 0 ? text : text[..plus];
        parts.Local = plus < 0 ? default : text[(plus + 1)..];

        // 1.0.1_ is how openssl is kept before 1.0.1a: an underscore at the end is a word of its own.
        ReadOnlySpan<char> version = parts.Version is [.., '_' or '-'] ? parts.Version[..^1] : parts.Version;
        return AreComponents(version) && (plus < 0 || AreComponents(parts.Local));
    }

    private static bool AreComponents(ReadOnlySpan<char> text)
    {
        if (text.ContainsAnyExcept(Allowed))
        {
            return false;
        }

        bool isSeparated = true;
        foreach (char c in text)
        {
            if (isSeparated && IsSeparator(c))
            {
                return false;
            }

            isSeparated = IsSeparator(c);
        }

        return !isSeparated;
    }

    private static bool IsSeparator(char c) => c is '.' or '_' or '-';

    private static int CompareParts(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        while (!a.IsEmpty || !b.IsEmpty)
        {
            int order = CompareComponents(TakeComponent(ref a), TakeComponent(ref b));
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    // Up to a separator that something follows.
    private static ReadOnlySpan<char> TakeComponent(scoped ref ReadOnlySpan<char> rest)
    {
        int end = rest.IndexOfAny(".-_");
        end = end == rest.Length - 1 ? -1 : end;
        ReadOnlySpan<char> component = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return component;
    }

    private static int CompareComponents(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        // Both are given a number first, so that numbers meet numbers.
        int order = DigitRuns.Compare(DigitRuns.Take(ref a), DigitRuns.Take(ref b));
        while (order == 0 && (!a.IsEmpty || !b.IsEmpty))
        {
            Rank rankOfA = TakeElement(ref a, out ReadOnlySpan<char> elementOfA);
            Rank rankOfB = TakeElement(ref b, out ReadOnlySpan<char> elementOfB);
            order = rankOfA != rankOfB ? rankOfA - rankOfB
                : rankOfA == Rank.Number ? DigitRuns.Compare(elementOfA, elementOfB)
                : rankOfA == Rank.Word ? CompareWords(elementOfA, elementOfB)
                : 0;
        }

        return order;
    }

    // A run of digits, of asterisks or of anything else; nothing is the number 0.
    private static Rank TakeElement(scoped ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> element)
    {
        element = DigitRuns.Take(ref rest);
        if (!element.IsEmpty || rest.IsEmpty)
        {
            return Rank.Number;
        }

        int length = rest[0] == '*' ? rest.IndexOfAnyExcept('*') : rest.IndexOfAny(DigitOrAsterisk);
        element = length < 0 ? rest : rest[..length];
        rest = rest[element.Length..];
        return element.Equals("post", StringComparison.OrdinalIgnoreCase) ? Rank.Post : Rank.Word;
    }

    private static int CompareWords(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        bool isDevOfA = a.Equals("dev", StringComparison.OrdinalIgnoreCase);
        bool isDevOfB = b.Equals("dev", StringComparison.OrdinalIgnoreCase);
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            int order = Weight(a[i], isDevOfA) - Weight(b[i], isDevOfB);
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length - b.Length;
    }

    // conda writes dev in capitals and all else in small letters: * < DEV < _ < a.
    private static int Weight(char c, bool isDev) => c switch
    {
        '-' => '_',
        _ when isDev => c & ~0x20,
        _ => char.ToLowerInvariant(c),
    };

    private ref struct Parts
    {
        public ReadOnlySpan<char> Epoch;
        public ReadOnlySpan<char> Version;
        public ReadOnlySpan<char> Local;
    }
}
