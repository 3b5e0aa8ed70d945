namespace ImageScan.Core.Inventory.Versions;

/// <summary>What a token of a Maven version is.</summary>
internal enum MavenTokenKind : byte
{
    Word,

    /// <summary><c>rc1</c> or <c>rc-1</c>.</summary>
    WordAndNumber,
    Number,

    /// <summary>A list begins, which all that follows belongs to.</summary>
    List,
}

/// <summary>A piece of a Maven version.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins.</param>
/// <param name="Digits">Where its number begins, or would.</param>
/// <param name="End">Where it ends.</param>
internal readonly record struct MavenToken(MavenTokenKind Kind, ushort Start, ushort Digits, ushort End);

/// <summary>
/// Cuts a Maven version into what is compared. Maven makes a tree of it, in which a hyphen or a change between digits and letters opens a
/// list; as no list is ever closed before the end, the tree is a row of tokens with a mark where each list begins.
/// </summary>
internal ref struct MavenVersionTokens
{
    private readonly ReadOnlySpan<char> _version;
    private readonly Span<MavenToken> _tokens;
    private int _count;

    // Tokens in the list that is open.
    private int _inList;
    private int _start;
    private bool _isDigit;
    private bool _isCombination;

    private MavenVersionTokens(ReadOnlySpan<char> version, Span<MavenToken> room)
    {
        _version = version;
        _tokens = room;
    }

    /// <summary>How many tokens a version of so many characters can have: one and a list for each, and one for the end.</summary>
    public static int Room(int chars) => 2 * (chars + 1);

    /// <summary>The tokens of a version, those that mean nothing taken out.</summary>
    /// <param name="version">In lower case.</param>
    /// <param name="room">At least <see cref="Room"/> tokens; the answer lies in it.</param>
    public static ReadOnlySpan<MavenToken> Read(ReadOnlySpan<char> version, Span<MavenToken> room)
    {
        var tokens = new MavenVersionTokens(version, room);
        for (int i = 0; i < version.Length; i++)
        {
            tokens.Read(i);
        }

        tokens.ReadEnd();
        return tokens.Normalize();
    }

    private void Read(int i)
    {
        switch (_version[i])
        {
            case '.':
                AddUpTo(i);
                _start = i + 1;
                break;

            // rc-1 is rc1.
            case '-' when i > _start && !_isDigit && i + 1 < _version.Length && char.IsAsciiDigit(_version[i + 1]):
                _isCombination = true;
                break;
            case '-':
                AddUpTo(i);
                _start = i + 1;
                OpenList();
                break;
            case >= '0' and <= '9':
                if (!_isDigit && i > _start)
                {
                    _isCombination = true;
                    OpenListAfterToken();
                }

                _isDigit = true;
                break;
            default:
                if (_isDigit && i > _start)
                {
                    AddUpTo(i);
                    _start = i;
                    OpenList();
                }

                _isDigit = false;
                break;
        }
    }

    private void ReadEnd()
    {
        if (_start >= _version.Length)
        {
            return;
        }

        // 1.0.0.x counts as 1.0.0-x.
        if (!_isDigit)
        {
            OpenListAfterToken();
        }

        AddUpTo(_version.Length);
    }

    private void OpenListAfterToken()
    {
        if (_inList > 0)
        {
            OpenList();
        }
    }

    private void OpenList()
    {
        _tokens[_count++] = new MavenToken(MavenTokenKind.List, 0, 0, 0);
        _inList = 0;
    }

    // Nothing between two separators is a zero.
    private void AddUpTo(int end)
    {
        MavenTokenKind kind = _start == end ? MavenTokenKind.Number
            : _isCombination ? MavenTokenKind.WordAndNumber
            : _isDigit ? MavenTokenKind.Number
            : MavenTokenKind.Word;
        int digits = kind switch
        {
            MavenTokenKind.Number => _start,
            MavenTokenKind.Word => end,
            _ => _start + DigitRuns.IndexOf(_version[_start..end]),
        };
        _tokens[_count++] = new MavenToken(kind, (ushort)_start, (ushort)digits, (ushort)end);
        _inList++;
        _isCombination = false;
    }

    // From the innermost list outward, that is from the end: what counts as nothing goes at the end of a list and before words (1.0.0-rc1 is
    // 1-rc1); an empty list goes; a list of nothing but a list is that list (0-x is x). What is kept moves to the end of the room.
    private readonly ReadOnlySpan<MavenToken> Normalize()
    {
        int kept = _tokens.Length;
        int inList = 0;
        for (int i = _count - 1; i >= 0; i--)
        {
            if (_tokens[i].Kind == MavenTokenKind.List)
            {
                kept = WithoutLoneList(kept, inList);
                if (inList > 0)
                {
                    _tokens[--kept] = _tokens[i];
                    inList = 1;
                }
            }
            else if (!IsNull(_tokens[i]) || (inList > 0 && !BeginsWithWord(_tokens[kept..])))
            {
                _tokens[--kept] = _tokens[i];
                inList++;
            }
        }

        return _tokens[WithoutLoneList(kept, inList)..];
    }

    private readonly int WithoutLoneList(int kept, int inList) =>
        inList == 1 && _tokens[kept].Kind == MavenTokenKind.List ? kept + 1 : kept;

    private readonly bool IsNull(MavenToken token) =>
        token.Kind == MavenTokenKind.Number && DigitRuns.IsZero(_version[token.Digits..token.End]);

    private static bool BeginsWithWord(ReadOnlySpan<MavenToken> tokens) => tokens switch
    {
        [{ Kind: MavenTokenKind.Word }, ..] => true,
        [{ Kind: MavenTokenKind.List }, { Kind: MavenTokenKind.Word or MavenTokenKind.WordAndNumber }, ..] => true,
        _ => false,
    };
}
