namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// A node of a Maven version: a number, a word, a word with a number (<c>rc1</c>, <c>rc-1</c>) or a list, which a hyphen or a change
/// between digits and letters opens. The rules are those of ComparableVersion as of Maven 4 (https://github.com/apache/maven), which mends
/// what is no order in Maven 3: there 1-final1 = 1 and 1-final2 = 1, but 1-final1 &lt; 1-final2, and x, [x] and [x, 1] may go in circles.
/// </summary>
internal sealed class MavenVersionItem
{
    private const int ReleaseRank = 5;
    private const int UnknownRank = 7;

    private readonly Kind _kind;
    private readonly string _word;
    private readonly string _number;
    private readonly List<MavenVersionItem> _items = [];

    private MavenVersionItem(Kind kind, string word = "", string number = "")
    {
        _kind = kind;
        _word = word;
        _number = number;
    }

    private enum Kind
    {
        Number,
        Word,
        WordAndNumber,
        List,
    }

    private bool IsNull => _kind switch
    {
        Kind.Number => DigitRuns.IsZero(_number),
        Kind.Word => _word.Length == 0,
        Kind.List => _items.Count == 0,
        _ => false,
    };

    /// <summary>The nodes of a list, to be added to while it is read.</summary>
    public List<MavenVersionItem> Items => _items;

    public static MavenVersionItem Number(string digits) => new(Kind.Number, number: digits);

    public static MavenVersionItem Word(string word) => new(Kind.Word, word);

    public static MavenVersionItem EmptyList() => new(Kind.List);

    /// <summary>The node of <c>rc1</c>; only here do a, b and m mean alpha, beta and milestone.</summary>
    public static MavenVersionItem WordAndNumber(string text)
    {
        int digit = text.AsSpan().IndexOfAnyInRange('0', '9');
        string word = text[..digit] switch
        {
            "a" => "alpha",
            "b" => "beta",
            "m" => "milestone",
            var other => other,
        };
        return new MavenVersionItem(Kind.WordAndNumber, word, text[digit..]);
    }

    /// <summary>Compares two nodes; null stands for what the shorter version lacks.</summary>
    public static int Compare(MavenVersionItem? left, MavenVersionItem? right)
    {
        if (left is null || right is null)
        {
            return (left is null ? 0 : left.CompareToNothing()) - (right is null ? 0 : right.CompareToNothing());
        }

        return (left._kind, right._kind) switch
        {
            (Kind.List, Kind.List) => CompareLists(left._items, right._items),
            (Kind.Number, Kind.Number) => DigitRuns.Compare(left._number, right._number),

            // 1-sp < 1.1 and 1-1 < 1.1.
            (Kind.Number, _) => 1,
            (_, Kind.Number) => -1,
            (Kind.List, _) => CompareListToWord(left._items, right),
            (_, Kind.List) => -CompareListToWord(right._items, left),
            _ => CompareWords(left, right),
        };
    }

    /// <summary>Takes out what counts as nothing, at the end of a list and before words: <c>1.0.0-rc1</c> is <c>1-rc1</c>.</summary>
    public void Normalize()
    {
        for (int i = _items.Count - 1; i >= 0; i--)
        {
            if (_items[i].IsNull && (i == _items.Count - 1 || BeginsWithWord(_items[i + 1])))
            {
                _items.RemoveAt(i);
            }
        }

        // 0-x is x: a zero that is gone leaves no level behind.
        if (_items is [{ _kind: Kind.List } only])
        {
            _items.Clear();
            _items.AddRange(only._items);
        }
    }

    private int CompareToNothing() => _kind switch
    {
        Kind.Number => DigitRuns.IsZero(_number) ? 0 : 1,
        Kind.List => _items.Select(item => item.CompareToNothing()).FirstOrDefault(order => order != 0),
        Kind.WordAndNumber when QualifierRank(_word) == ReleaseRank => DigitRuns.IsZero(_number) ? 0 : 1,
        _ => QualifierRank(_word).CompareTo(ReleaseRank),
    };

    // A word counts as a list of itself.
    private static int CompareListToWord(List<MavenVersionItem> list, MavenVersionItem word)
    {
        int order = Compare(list.FirstOrDefault(), word);
        return order != 0 ? order : list.Skip(1).Select(item => item.CompareToNothing()).FirstOrDefault(rest => rest != 0);
    }

    private static int CompareLists(List<MavenVersionItem> left, List<MavenVersionItem> right)
    {
        for (int i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            int order = Compare(left.ElementAtOrDefault(i), right.ElementAtOrDefault(i));
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    // rc < rc1 < rc2: the word decides, then whether there is a number, then the number; but ga is the release itself, and so is ga0.
    private static int CompareWords(MavenVersionItem left, MavenVersionItem right)
    {
        int rank = QualifierRank(left._word);
        int order = rank.CompareTo(QualifierRank(right._word));
        if (order == 0 && rank == UnknownRank)
        {
            order = string.CompareOrdinal(left._word, right._word);
        }

        order = order != 0 || rank == ReleaseRank ? order : left._kind.CompareTo(right._kind);
        return order != 0 ? order : DigitRuns.Compare(left._number, right._number);
    }

    private static int QualifierRank(string word) => word switch
    {
        "alpha" => 0,
        "beta" => 1,
        "milestone" => 2,
        "rc" or "cr" => 3,
        "snapshot" => 4,
        "" or "ga" or "final" or "release" => ReleaseRank,
        "sp" => 6,
        _ => UnknownRank,
    };

    private static bool BeginsWithWord(MavenVersionItem item) => item._kind switch
    {
        Kind.Word => true,
        Kind.List => item._items is [{ _kind: Kind.Word or Kind.WordAndNumber }, ..],
        _ => false,
    };
}
