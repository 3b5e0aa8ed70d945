using System.Text.RegularExpressions;
using ImageScan.Core.Images;

namespace ImageScan.Core.Scans.Search;

/// <summary>One value of a text field (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/postgres/query/string_query.go).</summary>
internal sealed class TextTest
{
    private const int MaxPatternCharacters = 1_000;

    // Every text there is, and none: texts are never null.
    private const string Any = "*";
    private const string None = "-";

    private readonly Regex? _pattern;

    private TextTest(QueryValue value, Regex? pattern) => (Value, _pattern) = (value, pattern);

    public QueryValue Value { get; }

    /// <summary>Whether every text fits.</summary>
    public bool IsAny => Value is { Text: Any or "", HasModifiers: false };

    /// <summary>Whether a range of keys holds all that fits.</summary>
    public bool IsRange => !Value.IsNegated && Value.Match != ValueMatch.Regex && !IsAny && Value is not { Text: None, HasModifiers: false };

    /// <summary>Reads a value. Throws <see cref="ImageQueryException"/> for a pattern that cannot be matched in linear time.</summary>
    public static TextTest Read(string text)
    {
        QueryValue value = QueryValue.Read(text);
        return new TextTest(value, value.Match == ValueMatch.Regex ? PatternOf(value.Text) : null);
    }

    public bool Fits(string text)
    {
        if (!Value.HasModifiers && Value.Text is Any or None)
        {
            return IsAny;
        }

        bool found = Value.Match switch
        {
            ValueMatch.Exact => text.Equals(Value.Text, StringComparison.Ordinal),
            ValueMatch.Regex => _pattern!.IsMatch(text),
            _ => text.StartsWith(Value.Text, StringComparison.OrdinalIgnoreCase),
        };
        return found != Value.IsNegated;
    }

    // StackRox lowers the pattern's letters first; that would make \S of \s, so only the match ignores them here.
    private static Regex PatternOf(string pattern)
    {
        if (pattern.Length > MaxPatternCharacters)
        {
            throw new ImageQueryException($"a pattern has at most {MaxPatternCharacters:N0} characters");
        }

        try
        {
            return new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw new ImageQueryException($"invalid regexp {HostileText.Plain(pattern)}");
        }
    }
}
