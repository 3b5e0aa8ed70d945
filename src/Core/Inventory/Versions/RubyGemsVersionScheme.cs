namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// RubyGems' order (https://github.com/ruby/rubygems/blob/master/lib/rubygems/version.rb): numbers and words; a word makes a prerelease
/// and is before every number; zeros before the first word and at the end do not count. An empty version is 0.
/// </summary>
public sealed class RubyGemsVersionScheme : VersionScheme
{
    // Gems built for a platform carry it behind the version: 1.13.0-x86_64-linux.
    private static readonly string[] Platforms =
        ["x86_64-", "x86-", "x64-", "i386-", "i686-", "aarch64-", "aarch64_be-", "arm-", "arm64-", "universal-", "ppc64le-", "s390x-"];

    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        ReadOnlySpan<char> textOfA = WithoutPlatform(left.AsSpan().Trim(" \t\r\n"));
        ReadOnlySpan<char> textOfB = WithoutPlatform(right.AsSpan().Trim(" \t\r\n"));
        if (!IsVersion(textOfA) || !IsVersion(textOfB))
        {
            return false;
        }

        var a = new Segments(textOfA);
        var b = new Segments(textOfB);
        while (true)
        {
            bool hasA = a.MoveNext();
            bool hasB = b.MoveNext();
            if (!hasA && !hasB)
            {
                return true;
            }

            // What is left out counts as 0.
            order = CompareSegments(hasA ? a.Current : "0", hasB ? b.Current : "0");
            if (order != 0)
            {
                return true;
            }
        }
    }

    private static ReadOnlySpan<char> WithoutPlatform(ReadOnlySpan<char> version)
    {
        int hyphen = version.IndexOf('-');
        if (hyphen < 0)
        {
            return version;
        }

        ReadOnlySpan<char> rest = version[(hyphen + 1)..];
        if (rest is "java" or "jruby")
        {
            return version[..hyphen];
        }

        foreach (string platform in Platforms)
        {
            if (rest.StartsWith(platform))
            {
                return version[..hyphen];
            }
        }

        return version;
    }

    // VERSION_PATTERN: [0-9]+(\.[0-9a-zA-Z]+)*(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?
    private static bool IsVersion(ReadOnlySpan<char> version)
    {
        if (version.IsEmpty)
        {
            return true;
        }

        if (DigitRuns.Take(ref version).IsEmpty)
        {
            return false;
        }

        bool isAfterHyphen = false;
        while (!version.IsEmpty)
        {
            bool isHyphen = version[0] == '-';
            if (!isHyphen && version[0] != '.')
            {
                return false;
            }

            isAfterHyphen |= isHyphen;
            version = version[1..];
            int length = 0;
            while (length < version.Length && (char.IsAsciiLetterOrDigit(version[length]) || (isAfterHyphen && version[length] == '-')))
            {
                length++;
            }

            if (length == 0)
            {
                return false;
            }

            version = version[length..];
        }

        return true;
    }

    private static int CompareSegments(ReadOnlySpan<char> a, ReadOnlySpan<char> b) =>
        (char.IsAsciiDigit(a[0]), char.IsAsciiDigit(b[0])) switch
        {
            (true, true) => DigitRuns.Compare(a, b),
            (true, false) => 1,
            (false, true) => -1,
            _ => a.SequenceCompareTo(b),
        };

    /// <summary>Numbers and words one after the other, a hyphen as the word <c>pre</c>, without the zeros that do not count.</summary>
    private ref struct Segments(ReadOnlySpan<char> version)
    {
        private ReadOnlySpan<char> _rest = version;
        private int _zeros;
        private bool _hasWord;

        public ReadOnlySpan<char> Current { get; private set; }

        public bool MoveNext()
        {
            if (_zeros > 0)
            {
                _zeros--;
                Current = "0";
                return true;
            }

            // Zeros are held back until it is known what follows.
            int zeros = 0;
            ReadOnlySpan<char> before = _rest;
            while (TryTake(out ReadOnlySpan<char> segment))
            {
                bool isWord = !char.IsAsciiDigit(segment[0]);
                if (!isWord && DigitRuns.IsZero(segment))
                {
                    zeros++;
                    before = _rest;
                    continue;
                }

                if (zeros > 0 && (_hasWord || !isWord))
                {
                    _rest = before;
                    _zeros = zeros - 1;
                    Current = "0";
                    return true;
                }

                _hasWord |= isWord;
                Current = segment;
                return true;
            }

            return false;
        }

        private bool TryTake(out ReadOnlySpan<char> segment)
        {
            _rest = _rest.TrimStart('.');
            segment = DigitRuns.Take(ref _rest);
            if (!segment.IsEmpty)
            {
                return true;
            }

            if (_rest is ['-', ..])
            {
                _rest = _rest[1..];
                segment = "pre";
                return true;
            }

            int length = 0;
            while (length < _rest.Length && char.IsAsciiLetter(_rest[length]))
            {
                length++;
            }

            segment = _rest[..length];
            _rest = _rest[length..];
            return length > 0;
        }
    }
}
