using System.Buffers;

namespace ImageScan.Core.Inventory.Versions;

/// <summary>
/// Alpine's order, which Wolfi and Chainguard share: <c>digits(.digits)*[letter][_suffix[number]][~hash][-rN]</c>, compared token by
/// token as apk-tools 3 does (https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/src/version.c).
/// </summary>
/// <remarks>
/// Like there, what comes after the first difference is not looked at: <c>23_foo</c> is after <c>4_beta</c> although no suffix is
/// called foo. Where that part would have to decide, there is no order.
/// </remarks>
public sealed class ApkVersionScheme : VersionScheme
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    // apk compares these; a token that comes earlier here makes the greater version where the other has ended or has a later one.
    private enum Token
    {
        Start,
        Digits,
        Letter,
        Suffix,
        SuffixNumber,
        Hash,
        Revision,
        End,
        Invalid,
    }

    /// <inheritdoc/>
    public override bool TryCompare(string left, string right, out int order)
    {
        order = 0;
        var a = new Cursor(left);
        var b = new Cursor(right);
        while (true)
        {
            a.MoveNext();
            b.MoveNext();
            if (a.Token == Token.Invalid || b.Token == Token.Invalid)
            {
                return false;
            }

            if (a.Token != b.Token)
            {
                order = a.IsPrerelease ? -1 : b.IsPrerelease ? 1 : b.Token - a.Token;
                return true;
            }

            if (a.Token == Token.End)
            {
                return true;
            }

            order = CompareValues(a, b);
            if (order != 0)
            {
                return true;
            }
        }
    }

    private static int CompareValues(Cursor a, Cursor b) => a.Token switch
    {
        Token.Suffix => a.SuffixRank - b.SuffixRank,
        Token.Letter or Token.Hash => a.Value.SequenceCompareTo(b.Value),

        // Gentoo's rule: with a leading zero in either, later components are fractions and compare as text.
        Token.Digits when !a.IsFirst && (a.Value[0] == '0' || b.Value[0] == '0') => a.Value.SequenceCompareTo(b.Value),
        _ => DigitRuns.Compare(a.Value, b.Value),
    };

    private ref struct Cursor(ReadOnlySpan<char> version)
    {
        private ReadOnlySpan<char> _rest = version;

        public Token Token { get; private set; } = Token.Start;

        public ReadOnlySpan<char> Value { get; private set; }

        /// <summary>Below 0 for what comes before the version without suffix, above 0 for what comes after it.</summary>
        public int SuffixRank { get; private set; }

        public bool IsFirst { get; private set; }

        public readonly bool IsPrerelease => Token == Token.Suffix && SuffixRank < 0;

        public void MoveNext()
        {
            IsFirst = Token == Token.Start;
            char next = _rest.IsEmpty ? default : _rest[0];
            Token = (Token, next) switch
            {
                (Token.Start, _) => TakeDigits(Token.Digits),
                _ when _rest.IsEmpty => Token.End,

                // 10.2.22.r0: how secdb sometimes writes 10.2.22-r0.
                (Token.Digits, '.') when _rest is [_, 'r', ..] => TakeDigitsAfter(".r", Token.Revision),
                (Token.Digits, '.') => TakeDigitsAfter(".", Token.Digits),
                (Token.Digits, >= 'a' and <= 'z') => TakeLetter(),

                // 6.6.2p1: not in apk's own grammar, but common in Alpine's packages.
                (Token.Letter, >= '0' and <= '9') => TakeDigits(Token.Digits),
                (Token.Suffix, >= '0' and <= '9') => TakeDigits(Token.SuffixNumber),
                ( < Token.Hash, '_') => TakeSuffix(),
                ( < Token.Hash, '~') => TakeHash(),
                ( < Token.Revision, '-') => TakeDigitsAfter("-r", Token.Revision),
                _ => Token.Invalid,
            };
        }

        private Token TakeDigits(Token token)
        {
            Value = DigitRuns.Take(ref _rest);
            return Value.IsEmpty ? Token.Invalid : token;
        }

        private Token TakeDigitsAfter(string mark, Token token)
        {
            if (!_rest.StartsWith(mark))
            {
                return Token.Invalid;
            }

            _rest = _rest[mark.Length..];
            return TakeDigits(token);
        }

        private Token TakeLetter()
        {
            Value = _rest[..1];
            _rest = _rest[1..];
            return Token.Letter;
        }

        private Token TakeSuffix()
        {
            _rest = _rest[1..];
            int length = 0;
            while (length < _rest.Length && char.IsAsciiLetterLower(_rest[length]))
            {
                length++;
            }

            ReadOnlySpan<char> name = _rest[..length];
            _rest = _rest[length..];
            SuffixRank = name switch
            {
                "alpha" => -4,
                "beta" => -3,
                "pre" => -2,
                "rc" => -1,
                "cvs" => 1,
                "svn" => 2,
                "git" => 3,
                "hg" => 4,
                "p" => 5,
                _ => 0,
            };
            return SuffixRank == 0 ? Token.Invalid : Token.Suffix;
        }

        private Token TakeHash()
        {
            _rest = _rest[1..];
            int length = _rest.IndexOfAnyExcept(HexDigits);
            Value = length < 0 ? _rest : _rest[..length];
            _rest = _rest[Value.Length..];
            return Value.IsEmpty ? Token.Invalid : Token.Hash;
        }
    }
}
