using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace ImageScan.Core.Api;

/// <summary>
/// How a caller would like to be answered: the header <c>Prefer</c> (https://www.rfc-editor.org/rfc/rfc7240). A preference is never an
/// error: what is unknown or cannot be read is passed over, and of one that is there twice the first counts (section 2).
/// </summary>
/// <param name="RespondAsync">Whether an answer at once, 202, is liked better than a wait.</param>
/// <param name="Wait">How long the caller likes to wait; null if it does not say.</param>
public sealed record Preferences(bool RespondAsync, TimeSpan? Wait)
{
    public const string Header = "Prefer";
    public const string AppliedHeader = "Preference-Applied";

    private const string AsyncName = "respond-async";
    private const string WaitName = "wait";

    // A number of seconds that is too large to be held counts as this one (https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2).
    private const long MostSeconds = 1L << 31;

    /// <summary>What <c>Preference-Applied</c> says of an answer that does not wait for the result.</summary>
    public string AppliedAsync => Wait is null ? AsyncName : $"{AsyncName}, {AppliedWait}";

    /// <summary>What it says of an answer that came within the wait; null if none was asked for.</summary>
    public string? AppliedWait => Wait is { } wait ? string.Create(CultureInfo.InvariantCulture, $"{WaitName}={(long)wait.TotalSeconds}") : null;

    /// <summary>The same with a wait that is no longer than may be.</summary>
    public Preferences WaitingAtMost(TimeSpan longest) => Wait > longest ? this with { Wait = longest } : this;

    /// <summary>Reads the lines of the header, in the order in which they came; none is no preference.</summary>
    public static Preferences Read(StringValues lines)
    {
        string? respondAsync = null;
        string? wait = null;
        foreach (string? line in lines)
        {
            var preferences = new PreferenceReader(line);
            while (preferences.TryRead(out ReadOnlySpan<char> name, out string value))
            {
                if (name.Equals(AsyncName, StringComparison.OrdinalIgnoreCase))
                {
                    respondAsync ??= value;
                }
                else if (name.Equals(WaitName, StringComparison.OrdinalIgnoreCase))
                {
                    wait ??= value;
                }
            }
        }

        // respond-async has no values; whoever gives it one, "false" for instance, means something that we do not know.
        return new Preferences(respondAsync?.Length == 0, SecondsOf(wait));
    }

    private static TimeSpan? SecondsOf(string? text)
    {
        if (text is not { Length: > 0 } || !text.All(char.IsAsciiDigit))
        {
            return null;
        }

        bool fits = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) && seconds < MostSeconds;
        return TimeSpan.FromSeconds(fits ? seconds : MostSeconds);
    }

    /// <summary>
    /// Goes through one line: <c>token [BWS "=" BWS word] *(OWS ";" [OWS parameter])</c>, with commas between (RFC 7240 section 2, RFC 9110
    /// section 5.6). An element of another form is passed over up to its comma.
    /// </summary>
    private ref struct PreferenceReader(ReadOnlySpan<char> line)
    {
        private static readonly SearchValues<char> TokenCharacters =
            SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

        private ReadOnlySpan<char> _rest = line;

        /// <summary>The next element; an absent value and an empty one are both "", as section 2 has it. False at the end.</summary>
        public bool TryRead(out ReadOnlySpan<char> name, out string value)
        {
            while (true)
            {
                _rest = _rest.TrimStart(" \t,");
                if (_rest.IsEmpty)
                {
                    name = default;
                    value = "";
                    return false;
                }

                if (TryReadPair(out name, out value) && TryPassParameters())
                {
                    return true;
                }

                PassElement();
            }
        }

        private bool TryPassParameters()
        {
            PassBlanks();
            while (TryPass(';'))
            {
                PassBlanks();
                if (!_rest.IsEmpty && _rest[0] is not (';' or ',') && !TryReadPair(out _, out _))
                {
                    return false;
                }

                PassBlanks();
            }

            return _rest.IsEmpty || _rest[0] == ',';
        }

        private bool TryReadPair(out ReadOnlySpan<char> name, out string value)
        {
            value = "";
            name = Token();
            if (name.IsEmpty)
            {
                return false;
            }

            PassBlanks();
            if (!TryPass('='))
            {
                return true;
            }

            PassBlanks();
            if (!_rest.IsEmpty && _rest[0] == '"')
            {
                return TryReadQuoted(out value);
            }

            value = Token().ToString();
            return true;
        }

        private bool TryReadQuoted(out string value)
        {
            var text = new StringBuilder();
            for (int i = 1; i < _rest.Length; i++)
            {
                if (_rest[i] == '"')
                {
                    _rest = _rest[(i + 1)..];
                    value = text.ToString();
                    return true;
                }

                i += _rest[i] == '\\' ? 1 : 0;
                text.Append(i < _rest.Length ? _rest[i] : '\\');
            }

            value = "";
            _rest = default;
            return false;
        }

        // A comma between quotes ends nothing.
        private void PassElement()
        {
            while (!_rest.IsEmpty && _rest[0] != ',')
            {
                if (_rest[0] != '"')
                {
                    _rest = _rest[1..];
                }
                else
                {
                    TryReadQuoted(out _);
                }
            }
        }

        private ReadOnlySpan<char> Token()
        {
            int length = _rest.IndexOfAnyExcept(TokenCharacters);
            ReadOnlySpan<char> token = length < 0 ? _rest : _rest[..length];
            _rest = _rest[token.Length..];
            return token;
        }

        private void PassBlanks() => _rest = _rest.TrimStart(" \t");

        private bool TryPass(char expected)
        {
            bool isThere = !_rest.IsEmpty && _rest[0] == expected;
            _rest = isThere ? _rest[1..] : _rest;
            return isThere;
        }
    }
}
