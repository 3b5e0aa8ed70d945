using System.Buffers;
using System.Text.Encodings.Web;

namespace ImageScan.Core.Api.Wire;

/// <summary>
/// Escapes strings as Go's encoding/json does with HTML escaping on, which 4.5's gateway uses: control characters, quote, backslash,
/// <c>&lt; &gt; &amp;</c> and the line separators U+2028 and U+2029; everything else stays as it is. Half a surrogate pair becomes
/// <c>\ufffd</c>, as bad UTF-8 does there. No stock encoder writes just that (https://pkg.go.dev/encoding/json#Marshal). protojson, which later
/// releases use, escapes the control characters, quote and backslash alone.
/// </summary>
internal sealed class GoStringEncoder : JavaScriptEncoder
{
    private const string HexDigits = "0123456789abcdef";
    private const string Html = "<>&\u2028\u2029";

    private readonly string _also;
    private readonly SearchValues<char> _suspects;

    private GoStringEncoder(string also)
    {
        _also = also;
        _suspects = SearchValues.Create(AllSuspects(also));
    }

    /// <summary>What encoding/json escapes.</summary>
    public static GoStringEncoder Instance { get; } = new(Html);

    /// <summary>What protojson escapes (https://github.com/protocolbuffers/protobuf-go/blob/v1.34.2/internal/encoding/json/encode.go).</summary>
    public static GoStringEncoder WithoutHtml { get; } = new("");

    // \u003c
    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar is < 0x20 or '"' or '\\' || (unicodeScalar <= char.MaxValue && _also.Contains((char)unicodeScalar, StringComparison.Ordinal));

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var characters = new ReadOnlySpan<char>(text, textLength);
        int start = 0;
        while (characters[start..].IndexOfAny(_suspects) is >= 0 and var offset)
        {
            int at = start + offset;
            bool isPair = at + 1 < textLength && char.IsSurrogatePair(characters[at], characters[at + 1]);
            if (!isPair)
            {
                return at;
            }

            start = at + 2;
        }

        return -1;
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var target = new Span<char>(buffer, bufferLength);
        Span<char> escape = stackalloc char[6];
        escape = escape[..Escape(unicodeScalar, escape, this == WithoutHtml)];
        bool fits = escape.TryCopyTo(target);
        numberOfCharactersWritten = fits ? escape.Length : 0;
        return fits;
    }

    // encoding/json knows no \b and \f (https://cs.opensource.google/go/go/+/refs/tags/go1.21.0:src/encoding/json/encode.go).
    private static int Escape(int scalar, Span<char> target, bool isProtojson)
    {
        target[0] = '\\';
        char? shortForm = scalar switch
        {
            '"' => '"',
            '\\' => '\\',
            '\n' => 'n',
            '\r' => 'r',
            '\t' => 't',
            '\b' when isProtojson => 'b',
            '\f' when isProtojson => 'f',
            _ => null,
        };
        if (shortForm is { } letter)
        {
            target[1] = letter;
            return 2;
        }

        target[1] = 'u';
        for (int i = 0; i < 4; i++)
        {
            target[2 + i] = HexDigits[(scalar >> (12 - (4 * i))) & 0xF];
        }

        return 6;
    }

    private static string AllSuspects(string also)
    {
        IEnumerable<char> controls = Enumerable.Range(0, 0x20).Select(code => (char)code);
        IEnumerable<char> surrogates = Enumerable.Range(0xD800, 0x800).Select(code => (char)code);
        return new string([.. controls, '"', '\\', .. also, .. surrogates]);
    }
}
