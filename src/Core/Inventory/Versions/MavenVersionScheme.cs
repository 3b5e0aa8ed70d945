namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// Maven's order (https://maven.apache.org/pom.html#version-order-specification): every non-empty text is a version. The rules are those of
/// ComparableVersion as of Maven 4 (https://github.com/apache/maven), which mends what is no order in Maven 3: there 1-final1 = 1 and
/// 1-final2 = 1, but 1-final1 &lt; 1-final2, and x, [x] and [x, 1] may go in circles.
/// </summary>
public sealed class MavenVersionScheme : VersionScheme
{
    // Maven 4 refuses longer ones too.
    private const int MaxChars = 256;

    private const int ReleaseRank = 5;
    private const int UnknownRank = 7;

    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        if (!IsVersion(left) || !IsVersion(right))
        {
            return false;
        }

        Span<char> textOfA = stackalloc char[left.Length];
        Span<char> textOfB = stackalloc char[right.Length];
        left.AsSpan().ToLowerInvariant(textOfA);
        right.AsSpan().ToLowerInvariant(textOfB);
        Span<MavenToken> roomOfA = stackalloc MavenToken[MavenVersionTokens.Room(left.Length)];
        Span<MavenToken> roomOfB = stackalloc MavenToken[MavenVersionTokens.Room(right.Length)];
        var a = new Cursor(textOfA, MavenVersionTokens.Read(textOfA, roomOfA));
        var b = new Cursor(textOfB, MavenVersionTokens.Read(textOfB, roomOfB));
        order = CompareLists(a, b);
        return true;
    }

    private static bool IsVersion(ReadOnlySpan<char> version)
    {
        if (version.IsEmpty || version.Length > MaxChars)
        {
            return false;
        }

        foreach (char c in version)
        {
            if (char.IsWhiteSpace(c))
            {
                return false;
            }
        }

        return true;
    }

    private static int CompareLists(Cursor a, Cursor b)
    {
        while (!a.IsAtEnd && !b.IsAtEnd)
        {
            // A list that meets another is compared with it token by token; it is the last thing in its own list.
            if (a.Kind == MavenTokenKind.List != (b.Kind == MavenTokenKind.List))
            {
                return a.Kind == MavenTokenKind.List ? CompareListToToken(a, b) : -CompareListToToken(b, a);
            }

            int order = CompareTokens(a, b);
            if (order != 0)
            {
                return order;
            }

            a.MoveNext();
            b.MoveNext();
        }

        return CompareToNothing(a) - CompareToNothing(b);
    }

    // 1-1 < 1.1; a word counts as a list of itself, and what follows on either side is compared to nothing.
    private static int CompareListToToken(Cursor list, Cursor token)
    {
        while (list.Kind == MavenTokenKind.List)
        {
            list.MoveNext();
        }

        int order = token.Kind == MavenTokenKind.Number ? -1 : CompareTokens(list, token);
        if (order != 0)
        {
            return order;
        }

        list.MoveNext();
        token.MoveNext();
        order = CompareToNothing(list);
        return order != 0 ? order : -CompareToNothing(token);
    }

    private static int CompareTokens(Cursor a, Cursor b) => (a.Kind, b.Kind) switch
    {
        (MavenTokenKind.List, MavenTokenKind.List) => 0,
        (MavenTokenKind.Number, MavenTokenKind.Number) => DigitRuns.Compare(a.Number, b.Number),

        // 1-sp < 1.1
        (MavenTokenKind.Number, _) => 1,
        (_, MavenTokenKind.Number) => -1,
        _ => CompareWords(a, b),
    };

    // rc < rc1 < rc2: the word decides, then whether there is a number, then the number; but ga is the release itself, and so is ga0.
    private static int CompareWords(Cursor a, Cursor b)
    {
        int rank = QualifierRank(a);
        int order = rank - QualifierRank(b);
        if (order == 0 && rank == UnknownRank)
        {
            order = a.Word.SequenceCompareTo(b.Word);
        }

        order = order != 0 || rank == ReleaseRank ? order : (int)a.Kind - (int)b.Kind;
        return order != 0 ? order : DigitRuns.Compare(a.Number, b.Number);
    }

    // What the shorter version lacks is nothing, and so are zeros and the names of the release.
    private static int CompareToNothing(Cursor rest)
    {
        for (; !rest.IsAtEnd; rest.MoveNext())
        {
            int order = rest.Kind == MavenTokenKind.List ? 0
                : rest.Kind != MavenTokenKind.Number && QualifierRank(rest) is var rank && rank != ReleaseRank ? rank - ReleaseRank
                : DigitRuns.IsZero(rest.Number) ? 0
                : 1;
            if (order != 0)
            {
                return Math.Sign(order);
            }
        }

        return 0;
    }

    private static int QualifierRank(Cursor token) => token.Word switch
    {
        "a" when token.Kind == MavenTokenKind.WordAndNumber => 0,
        "b" when token.Kind == MavenTokenKind.WordAndNumber => 1,
        "m" when token.Kind == MavenTokenKind.WordAndNumber => 2,
        "alpha" => 0,
        "beta" => 1,
        "milestone" => 2,
        "rc" or "cr" => 3,
        "snapshot" => 4,
        "" or "ga" or "final" or "release" => ReleaseRank,
        "sp" => 6,
        _ => UnknownRank,
    };

    /// <summary>A place among the tokens of a version.</summary>
    private ref struct Cursor(ReadOnlySpan<char> version, ReadOnlySpan<MavenToken> rest)
    {
        private readonly ReadOnlySpan<char> _version = version;
        private ReadOnlySpan<MavenToken> _rest = rest;

        public readonly bool IsAtEnd => _rest.IsEmpty;

        public readonly MavenTokenKind Kind => _rest[0].Kind;

        /// <summary>The letters of a word, without the hyphen of <c>rc-1</c>.</summary>
        public readonly ReadOnlySpan<char> Word =>
            _version[_rest[0].Start.._rest[0].Digits] is [.. var word, '-'] && Kind == MavenTokenKind.WordAndNumber
                ? word
                : _version[_rest[0].Start.._rest[0].Digits];

        public readonly ReadOnlySpan<char> Number => _version[_rest[0].Digits.._rest[0].End];

        public void MoveNext() => _rest = _rest[1..];
    }
}
