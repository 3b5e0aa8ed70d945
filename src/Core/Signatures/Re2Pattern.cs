using System.Globalization;
using System.Text.RegularExpressions;
using ImageScan.Core.Images;
using ImageScan.Core.Signatures.Verification;

namespace ImageScan.Core.Signatures;

/// <summary>
/// What is said of patterns that are none in the syntax of RE2 (https://github.com/google/re2/wiki/Syntax), or cannot be matched in linear time here.
/// </summary>
internal static partial class Re2Pattern
{
    // https://github.com/golang/go/blob/go1.22.0/src/regexp/syntax/parse.go: repetitions of more than that are refused there.
    private const int MostRepetitions = 1_000;

    /// <summary>Why a pattern is refused, as Go's regexp says it (regexp/syntax, ErrorCode); null if it is fine.</summary>
    public static string? ReasonAgainst(string pattern)
    {
        if (Repetition().Matches(pattern).FirstOrDefault(match => IsTooMany(match.Groups[1].Value) || IsTooMany(match.Groups[2].Value)) is { } repetition)
        {
            return $"invalid repeat count: `{repetition.Value}`";
        }

        try
        {
            _ = new Regex(pattern.Replace("(?P<", "(?<", StringComparison.Ordinal), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            _ = IdentityPattern.Parse(pattern, "pattern");
            return null;
        }
        catch (UnverifiedException)
        {
            // It means something else to .NET, or nothing.
            return $"invalid or unsupported Perl syntax: `{HostileText.Plain(pattern)}`";
        }
        catch (RegexParseException wrong)
        {
            return Said(wrong, pattern);
        }
        catch (NotSupportedException)
        {
            // Look-around and references back.
            return $"invalid or unsupported Perl syntax: `{HostileText.Plain(pattern)}`";
        }
    }

    private static bool IsTooMany(string count) =>
        count.Length > 0 && !(int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= MostRepetitions);

    private static string Said(RegexParseException wrong, string pattern)
    {
        string whole = HostileText.Plain(pattern);
        string at = wrong.Offset > 0 && wrong.Offset <= pattern.Length ? HostileText.Plain(pattern[(wrong.Offset - 1)..]) : whole;
        return wrong.Error switch
        {
            RegexParseError.InsufficientClosingParentheses => $"missing closing ): `{whole}`",
            RegexParseError.InsufficientOpeningParentheses => $"unexpected ): `{whole}`",
            RegexParseError.UnterminatedBracket => $"missing closing ]: `{HostileText.Plain(pattern[Math.Max(0, pattern.LastIndexOf('['))..])}`",
            RegexParseError.QuantifierAfterNothing => $"missing argument to repetition operator: `{at}`",
            RegexParseError.NestedQuantifiersNotParenthesized => $"invalid nested repetition operator: `{at}`",
            RegexParseError.ReversedCharacterRange => $"invalid character class range: `{at}`",
            RegexParseError.ReversedQuantifierRange => $"invalid repeat count: `{at}`",
            RegexParseError.UnescapedEndingBackslash => "trailing backslash at end of expression: ``",
            RegexParseError.UnrecognizedEscape => $"invalid escape sequence: `{at}`",
            _ => $"invalid or unsupported Perl syntax: `{at}`",
        };
    }

    [GeneratedRegex(@"\{(\d*)(?:,(\d*))?\}", RegexOptions.NonBacktracking)]
    private static partial Regex Repetition();
}
