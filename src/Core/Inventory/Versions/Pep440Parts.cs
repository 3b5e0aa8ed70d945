using System.Buffers;
using System.Text;

namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// A PEP 440 version cut into what is compared: <c>[N!]N(.N)*[{a|b|rc}N][.postN][.devN][+local]</c> in any accepted spelling.
/// </summary>
internal ref struct Pep440Parts
{
    private static readonly SearchValues<char> LocalCharacters =
        SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private ReadOnlySpan<char> _epoch;
    private ReadOnlySpan<char> _release;
    private Phase _phase;
    private ReadOnlySpan<char> _phaseNumber;
    private bool _isPost;
    private ReadOnlySpan<char> _postNumber;
    private bool _isDev;
    private ReadOnlySpan<char> _devNumber;
    private ReadOnlySpan<char> _local;

    // Only a dev release without any other mark comes before the alphas: 1.0.dev1 < 1.0a1, but 1.0.post1.dev1 > 1.0.
    private enum Phase
    {
        OnlyDev,
        Alpha,
        Beta,
        Candidate,
        Final,
    }

    public static bool TryParse(ReadOnlySpan<char> text, out Pep440Parts parts)
    {
        parts = default;
        text = text.Trim();
        if (!Ascii.IsValid(text))
        {
            return false;
        }

        text = text is ['v' or 'V', ..] ? text[1..] : text;
        Pep440Parts read = default;
        if (!read.TryTakeRelease(ref text))
        {
            return false;
        }

        read.TakePhase(ref text);
        read.TakePost(ref text);
        read.TakeDev(ref text);
        if (!text.IsEmpty && !read.TryTakeLocal(text))
        {
            return false;
        }

        parts = read;
        return true;
    }

    public static int Compare(Pep440Parts a, Pep440Parts b)
    {
        int order = DigitRuns.Compare(a._epoch, b._epoch);
        order = order != 0 ? order : DigitRuns.CompareDotted(a._release, b._release);
        order = order != 0 ? order : a._phase - b._phase;
        order = order != 0 ? order : DigitRuns.Compare(a._phaseNumber, b._phaseNumber);
        order = order != 0 ? order : a._isPost.CompareTo(b._isPost);
        order = order != 0 ? order : DigitRuns.Compare(a._postNumber, b._postNumber);
        order = order != 0 ? order : b._isDev.CompareTo(a._isDev);
        order = order != 0 ? order : DigitRuns.Compare(a._devNumber, b._devNumber);
        return order != 0 ? order : CompareLocals(a._local, b._local);
    }

    private bool TryTakeRelease(scoped ref ReadOnlySpan<char> text)
    {
        ReadOnlySpan<char> start = text;
        ReadOnlySpan<char> number = DigitRuns.Take(ref text);
        if (!number.IsEmpty && text is ['!', ..])
        {
            _epoch = number;
            text = text[1..];
            start = text;
            number = DigitRuns.Take(ref text);
        }

        while (text is ['.', >= '0' and <= '9', ..])
        {
            text = text[1..];
            DigitRuns.Take(ref text);
        }

        _release = start[..^text.Length];
        return !number.IsEmpty;
    }

    private void TakePhase(scoped ref ReadOnlySpan<char> text)
    {
        _phase = TryTakeWord(ref text, "alpha") || TryTakeWord(ref text, "a") ? Phase.Alpha
            : TryTakeWord(ref text, "beta") || TryTakeWord(ref text, "b") ? Phase.Beta
            : TryTakeWord(ref text, "rc") || TryTakeWord(ref text, "c") || TryTakeWord(ref text, "preview") || TryTakeWord(ref text, "pre")
                ? Phase.Candidate
            : Phase.Final;
        _phaseNumber = _phase == Phase.Final ? default : TakeNumber(ref text);
    }

    private void TakePost(scoped ref ReadOnlySpan<char> text)
    {
        if (text is ['-', >= '0' and <= '9', ..])
        {
            text = text[1..];
            _isPost = true;
            _postNumber = DigitRuns.Take(ref text);
            return;
        }

        _isPost = TryTakeWord(ref text, "post") || TryTakeWord(ref text, "rev") || TryTakeWord(ref text, "r");
        _postNumber = _isPost ? TakeNumber(ref text) : default;
    }

    private void TakeDev(scoped ref ReadOnlySpan<char> text)
    {
        _isDev = TryTakeWord(ref text, "dev");
        _devNumber = _isDev ? TakeNumber(ref text) : default;
        if (_isDev && !_isPost && _phase == Phase.Final)
        {
            _phase = Phase.OnlyDev;
        }
    }

    private bool TryTakeLocal(ReadOnlySpan<char> text)
    {
        if (text[0] != '+')
        {
            return false;
        }

        _local = text[1..];
        ReadOnlySpan<char> rest = _local;
        while (true)
        {
            ReadOnlySpan<char> segment = TakeLocalSegment(ref rest, out bool isLast);
            if (segment.IsEmpty || segment.ContainsAnyExcept(LocalCharacters))
            {
                return false;
            }

            if (isLast)
            {
                return true;
            }
        }
    }

    private static bool TryTakeWord(scoped ref ReadOnlySpan<char> text, string word)
    {
        ReadOnlySpan<char> rest = text is ['-' or '_' or '.', ..] ? text[1..] : text;
        if (!rest.StartsWith(word, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        text = rest[word.Length..];
        return true;
    }

    // A separator may stand between word and number, and also where no number follows; without a number it is 0.
    private static ReadOnlySpan<char> TakeNumber(scoped ref ReadOnlySpan<char> text)
    {
        text = text is ['-' or '_' or '.', ..] ? text[1..] : text;
        return DigitRuns.Take(ref text);
    }

    private static ReadOnlySpan<char> TakeLocalSegment(scoped ref ReadOnlySpan<char> rest, out bool isLast)
    {
        int end = rest.IndexOfAny('.', '-', '_');
        isLast = end < 0;
        ReadOnlySpan<char> segment = isLast ? rest : rest[..end];
        rest = isLast ? default : rest[(end + 1)..];
        return segment;
    }

    // Segment by segment: none, then words, then numbers.
    private static int CompareLocals(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        while (!a.IsEmpty && !b.IsEmpty)
        {
            ReadOnlySpan<char> segmentOfA = TakeLocalSegment(ref a, out _);
            ReadOnlySpan<char> segmentOfB = TakeLocalSegment(ref b, out _);
            int order = (DigitRuns.IsNumber(segmentOfA), DigitRuns.IsNumber(segmentOfB)) switch
            {
                (true, true) => DigitRuns.Compare(segmentOfA, segmentOfB),
                (true, false) => 1,
                (false, true) => -1,
                _ => segmentOfA.CompareTo(segmentOfB, StringComparison.OrdinalIgnoreCase),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return b.IsEmpty.CompareTo(a.IsEmpty);
    }
}
