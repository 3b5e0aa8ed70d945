namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// What was a version of Python before PEP 440 and is none by it (<c>2004d</c>, <c>1.0-final-2</c>, <c>0.9.3.5ubuntu3</c>), in the order of setuptools
/// that packaging kept as LegacyVersion up to its release 21 (https://github.com/pypa/packaging/blob/21.3/packaging/version.py).
/// </summary>
/// <remarks>
/// Cut into words, numbers of eight digits and more, and hyphens, which read <c>final-</c>; an end reads <c>final</c>. Zeros before a word do not
/// count, nor hyphens before a word that is before <c>final</c>. Words come before numbers, and both are compared as text.
/// </remarks>
internal ref struct Pep440LegacyParts(ReadOnlySpan<char> text)
{
    private const int PaddedDigits = 8;
    private const string Final = "final";
    private const string Hyphen = "final-";
    private const string Zero = "0";

    private ReadOnlySpan<char> _rest = text;
    private bool _isRead;

    // Held back until it is known whether they count; given out before the part that has been read after them.
    private int _hyphens;
    private int _zeros;
    private ReadOnlySpan<char> _next;
    private bool _hasNext;

    /// <summary>A word, or digits.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Compares two of them; there is an order for any text.</summary>
    public static int Compare(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        var a = new Pep440LegacyParts(left);
        var b = new Pep440LegacyParts(right);
        while (true)
        {
            bool hasA = a.MoveNext();
            bool hasB = b.MoveNext();
            if (!hasA || !hasB)
            {
                return hasA.CompareTo(hasB);
            }

            int order = ComparePart(a.Current, b.Current);
            if (order != 0)
            {
                return order;
            }
        }
    }

    private bool MoveNext()
    {
        if (!_hasNext && !TryRead())
        {
            return false;
        }

        if (_hyphens > 0)
        {
            _hyphens--;
            Current = Hyphen;
        }
        else if (_zeros > 0)
        {
            _zeros--;
            Current = Zero;
        }
        else
        {
            _hasNext = false;
            Current = _next;
        }

        return true;
    }

    // Up to the next part that is certain to count.
    private bool TryRead()
    {
        while (!_isRead)
        {
            ReadOnlySpan<char> part = TakePart();
            if (part is Hyphen)
            {
                _zeros = 0;
                _hyphens++;
            }
            else if (IsZero(part))
            {
                _zeros++;
            }
            else if (part is not ".")
            {
                if (!char.IsAsciiDigit(part[0]))
                {
                    _hyphens = _zeros == 0 && CompareText(part, Final) < 0 ? 0 : _hyphens;
                    _zeros = 0;
                }

                _next = part;
                _hasNext = true;
                return true;
            }
        }

        return false;
    }

    private ReadOnlySpan<char> TakePart()
    {
        if (_rest.IsEmpty)
        {
            _isRead = true;
            return Final;
        }

        int length = 1;
        while (length < _rest.Length && _rest[0] is not ('.' or '-') && KindOf(_rest[length]) == KindOf(_rest[0]))
        {
            length++;
        }

        ReadOnlySpan<char> part = _rest[..length];
        _rest = _rest[length..];
        Span<char> lower = stackalloc char[PaddedDigits];
        return part.Length > lower.Length ? part
            : lower[..Math.Max(part.ToLowerInvariant(lower), 0)] switch
            {
                "pre" or "preview" or "rc" => "c",
                "dev" => "@",
                "-" => Hyphen,
                _ => part,
            };
    }

    private static int KindOf(char c) => c switch
    {
        >= '0' and <= '9' => 0,
        (>= 'a' and <= 'z') or (>= 'A' and <= 'Z') => 1,
        '.' or '-' => 2,
        _ => 3,
    };

    private static bool IsZero(ReadOnlySpan<char> part) => part.Length <= PaddedDigits && !part.ContainsAnyExcept('0');

    private static int ComparePart(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        bool isNumberOfA = char.IsAsciiDigit(a[0]);
        bool isNumberOfB = char.IsAsciiDigit(b[0]);
        return isNumberOfA != isNumberOfB ? isNumberOfA.CompareTo(isNumberOfB) : isNumberOfA ? ComparePadded(a, b) : CompareText(a, b);
    }

    // Numbers are filled up to eight digits and compared as text.
    private static int ComparePadded(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        int zerosOfA = Math.Max(PaddedDigits - a.Length, 0);
        int zerosOfB = Math.Max(PaddedDigits - b.Length, 0);
        int length = Math.Min(zerosOfA + a.Length, zerosOfB + b.Length);
        for (int i = 0; i < length; i++)
        {
            char digitOfA = i < zerosOfA ? '0' : a[i - zerosOfA];
            char digitOfB = i < zerosOfB ? '0' : b[i - zerosOfB];
            if (digitOfA != digitOfB)
            {
                return digitOfA - digitOfB;
            }
        }

        return a.Length + zerosOfA - b.Length - zerosOfB;
    }

    private static int CompareText(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        for (int i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            int order = char.ToLowerInvariant(a[i]) - char.ToLowerInvariant(b[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length - b.Length;
    }
}
