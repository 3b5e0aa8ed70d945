namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// A version as Composer normalizes it (https://github.com/composer/semver/blob/main/src/VersionParser.php): <c>v1.2b3</c> is
/// <c>1.2.0.0-beta3</c>, <c>1.2.x-dev</c> is <c>1.2.9999999.9999999-dev</c>, a date keeps its parts. Its elements come one by one, so that no
/// text need be built. Branches with a name, <c>dev-master</c>, have no place in the order.
/// </summary>
internal ref struct PackagistParts
{
    private const int Numbers = 4;

    // Composer's number of an x: after every release of the branch.
    private const string Wildcard = "9999999";

    private ReadOnlySpan<char> _numbers;
    private ReadOnlySpan<char> _stabilityNumbers;
    private PhpRank _stability;
    private bool _isDev;
    private string? _padding;
    private int _taken;

    /// <summary>What kind of element <see cref="MoveNext"/> has come to.</summary>
    public PhpRank Rank { get; private set; }

    /// <summary>Its digits where it is a number.</summary>
    public ReadOnlySpan<char> Digits { get; private set; }

    /// <summary>Reads a version; false for what Composer refuses, and for branches with a name.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PackagistParts parts)
    {
        parts = default;
        text = text.Trim(" \t\r\n");
        int plus = text.IndexOf('+');
        ReadOnlySpan<char> version = plus < 0 ? text : text[..plus];
        version = version is ['v' or 'V', ..] ? version[1..] : version;
        if (plus >= 0 && (plus == text.Length - 1 || text[plus..].ContainsAny(" \t\r\n")))
        {
            return false;
        }

        return TryReadClassic(version, out parts) || TryReadDate(version, out parts) || TryReadBranch(version, out parts);
    }

    /// <summary>Goes to the next element: the numbers, the stability, its numbers, dev, the end.</summary>
    public void MoveNext()
    {
        Digits = default;
        if (_numbers.Length > 0)
        {
            TakeNumber(ref _numbers);
            _taken++;
        }
        else if (_padding is not null && _taken < Numbers)
        {
            Rank = PhpRank.Number;
            Digits = _padding;
            _taken++;
        }
        else if (_stability != PhpRank.End)
        {
            Rank = _stability;
            _stability = PhpRank.End;
        }
        else if (_stabilityNumbers.Length > 0)
        {
            TakeNumber(ref _stabilityNumbers);
        }
        else
        {
            Rank = _isDev ? PhpRank.Dev : PhpRank.End;
            _isDev = false;
        }
    }

    private void TakeNumber(scoped ref ReadOnlySpan<char> numbers)
    {
        Rank = PhpRank.Number;
        if (numbers[0] is 'x' or 'X' or '*')
        {
            Digits = Wildcard;
            numbers = numbers[1..];
        }
        else
        {
            Digits = DigitRuns.Take(ref numbers);
        }

        numbers = numbers.TrimStart(".-:");
    }

    // At most five digits, and three more numbers.
    private static bool TryReadClassic(ReadOnlySpan<char> version, out PackagistParts parts)
    {
        ReadOnlySpan<char> rest = version;
        int digits = DigitRuns.Take(ref rest).Length;
        for (int i = 1; i < Numbers && rest is ['.', >= '0' and <= '9', ..]; i++)
        {
            rest = rest[1..];
            DigitRuns.Take(ref rest);
        }

        parts = new PackagistParts { _numbers = version[..^rest.Length], _padding = "0" };
        return digits is > 0 and <= 5 && parts.TryReadStability(rest);
    }

    // 20100102-203040, 2010-01-02.3: four digits, one to six times two, at last up to two times one to three, each behind a separator or none.
    private static bool TryReadDate(ReadOnlySpan<char> version, out PackagistParts parts)
    {
        parts = default;
        if (version.Length < 6 || !DigitRuns.IsNumber(version[..4]))
        {
            return false;
        }

        ReadOnlySpan<char> rest = version[4..];
        int pairs = 0;
        while (pairs < 6 && TryTakeDigits(ref rest, 2, 2))
        {
            pairs++;
        }

        for (int i = 0; i < 2 && TryTakeDigits(ref rest, 1, 3); i++)
        {
        }

        parts = new PackagistParts { _numbers = version[..^rest.Length] };
        return pairs > 0 && parts.TryReadStability(rest);
    }

    private static bool TryTakeDigits(scoped ref ReadOnlySpan<char> text, int min, int max)
    {
        ReadOnlySpan<char> rest = text is ['.' or ':' or '-', ..] ? text[1..] : text;
        int digits = DigitRuns.Take(ref rest).Length;
        if (digits < min)
        {
            return false;
        }

        int separator = text[0] is '.' or ':' or '-' ? 1 : 0;
        text = text[(separator + Math.Min(digits, max))..];
        return true;
    }

    // [._-]?(stable|beta|b|RC|alpha|a|patch|pl|p)?([.-]?\d+)*([.-]?dev)?, in any case, up to the end.
    private bool TryReadStability(ReadOnlySpan<char> text)
    {
        _stability = PhpRank.End;
        text = text is ['.' or '-' or '_', ..] ? text[1..] : text;
        bool isStable = TryTakeWord(ref text, "stable");
        if (isStable || TryTakeStability(ref text))
        {
            ReadOnlySpan<char> numbers = text;
            while (text is [>= '0' and <= '9', ..] or ['.' or '-', >= '0' and <= '9', ..])
            {
                text = text[1..];
                DigitRuns.Take(ref text);
            }

            _stabilityNumbers = isStable ? default : numbers[..^text.Length].TrimStart(".-");
        }

        if (text.IsEmpty)
        {
            return true;
        }

        // Behind stable, dev says nothing.
        text = text is ['.' or '-', ..] ? text[1..] : text;
        bool isDev = TryTakeWord(ref text, "dev");
        _isDev = isDev && !isStable;
        return isDev && text.IsEmpty;
    }

    private bool TryTakeStability(scoped ref ReadOnlySpan<char> text)
    {
        _stability = TryTakeWord(ref text, "beta") || TryTakeWord(ref text, "b") ? PhpRank.Beta
            : TryTakeWord(ref text, "RC") ? PhpRank.Candidate
            : TryTakeWord(ref text, "alpha") || TryTakeWord(ref text, "a") ? PhpRank.Alpha
            : TryTakeWord(ref text, "patch") || TryTakeWord(ref text, "pl") || TryTakeWord(ref text, "p") ? PhpRank.Patch
            : PhpRank.End;
        return _stability != PhpRank.End;
    }

    // 1.x-dev: what is left out is an x too.
    private static bool TryReadBranch(ReadOnlySpan<char> version, out PackagistParts parts)
    {
        parts = default;
        if (!version.EndsWith("dev", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        version = version[..^3];
        version = version is [.., '.' or '-'] ? version[..^1] : version;
        ReadOnlySpan<char> rest = version;
        if (DigitRuns.Take(ref rest).IsEmpty)
        {
            return false;
        }

        for (int i = 1; i < Numbers && rest is ['.', _, ..]; i++)
        {
            rest = rest[1..];
            if (!DigitRuns.Take(ref rest).IsEmpty)
            {
                continue;
            }

            if (rest[0] is not ('x' or 'X' or '*'))
            {
                return false;
            }

            rest = rest[1..];
        }

        parts = new PackagistParts { _numbers = version, _padding = Wildcard, _stability = PhpRank.End, _isDev = true };
        return rest.IsEmpty;
    }

    private static bool TryTakeWord(scoped ref ReadOnlySpan<char> text, string word)
    {
        if (!text.StartsWith(word, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        text = text[word.Length..];
        return true;
    }
}
