using System.Buffers;
using System.Text.Encodings.Web;

namespace ImageScan.Core.Api.Wire;

/// <summary>
/// Escapes strings as Go's encoding/json does with HTML escaping on, which 4.5's gateway uses: control characters, quote, backslash,
/// <c>&lt; &gt; &amp;</c> and the line separators U+2028 and U+2029; everything else stays as it is. Half a surrogate pair becomes
/// <c>\ufffd</c>, as bad UTF-8 does there. No stock encoder writes just that (https://pkg.go.dev/encoding/json#Marshal).
/// </summary>
internal sealed class GoStringEncoder : JavaScriptEncoder
{
    private const string HexDigits = "0123456789abcdef";
    private static readonly SearchValues<char> Suspects = SearchValues.Create(AllSuspects());

    public static GoStringEncoder Instance { get; } = new();

    // \u003c
    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) =>
        unicodeScalar is < 0x20 or '"' or '\\' or '<' or '>' or '&' or 0x2028 or 0x2029;

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var characters = new ReadOnlySpan<char>(text, textLength);
        int start = 0;
        while (characters[start..].IndexOfAny(Suspects) is >= 0 and var offset)
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
        escape = escape[..Escape(unicodeScalar, escape)];
        bool fits = escape.TryCopyTo(target);
        numberOfCharactersWritten = fits ? escape.Length : 0;
        return fits;
    }

    private static int Escape(int scalar, Span<char> target)
    {
        target[0] = '\\';
        char? shortForm = scalar switch { '"' => '"', '\\' => '\\', '\n' => 'n', '\r' => 'r', '\t' => 't', _ => null };
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

    private static string AllSuspects()
    {
        IEnumerable<char> controls = Enumerable.Range(0, 0x20).Select(code => (char)code);
        IEnumerable<char> surrogates = Enumerable.Range(0xD800, 0x800).Select(code => (char)code);
        return new string([.. controls, '"', '\\', '<', '>', '&', '\u2028', '\u2029', .. surrogates]);
    }
}
