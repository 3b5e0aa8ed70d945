namespace ImageScan.Core.Scans.Search;

/// <summary>How a value is to be found.</summary>
internal enum ValueMatch
{
    /// <summary>At the beginning, whatever the case.</summary>
    Prefix,

    /// <summary>As the whole, case and all: <c>"value"</c>.</summary>
    Exact,

    /// <summary>As a regular expression that fits anywhere, whatever the case: <c>r/value</c>.</summary>
    Regex,
}

/// <summary>A value without its modifiers (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/parser.go).</summary>
/// <param name="Text">What is left of it.</param>
/// <param name="Match">How it is to be found.</param>
/// <param name="IsNegated">Whether it must not be found: <c>!value</c>.</param>
internal readonly record struct QueryValue(string Text, ValueMatch Match, bool IsNegated)
{
    private const string Negation = "!";
    private const string Regex = "r/";

    public bool HasModifiers => IsNegated || Match != ValueMatch.Prefix;

    public static QueryValue Read(string text)
    {
        bool isNegated = text.Length > Negation.Length && text.StartsWith(Negation, StringComparison.Ordinal);
        string rest = isNegated ? text[Negation.Length..] : text;
        bool isPattern = rest.Length > Regex.Length && rest.StartsWith(Regex, StringComparison.Ordinal);
        return isPattern ? new QueryValue(rest[Regex.Length..], ValueMatch.Regex, isNegated)
            : rest is ['"', .., '"'] ? new QueryValue(rest[1..^1], ValueMatch.Exact, isNegated)
            : new QueryValue(rest, ValueMatch.Prefix, isNegated);
    }
}
