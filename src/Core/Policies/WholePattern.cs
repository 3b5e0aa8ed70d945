using System.Text.RegularExpressions;

namespace ImageScan.Core.Policies;

/// <summary>
/// A pattern of a policy that fits a text from its beginning to its end, whatever the case of letters, in time that grows with the text alone
/// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/regexutils/regex.go). StackRox reads it as RE2
/// (https://github.com/google/re2/wiki/Syntax), of which .NET knows all but a few escapes; those are refused rather than read otherwise.
/// </summary>
internal sealed partial class WholePattern
{
    private const int MaxCharacters = 1_000;
    private const RegexOptions Linear = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase;

    private readonly Regex _regex;

    private WholePattern(Regex regex) => _regex = regex;

    /// <summary>Reads a pattern. Throws <see cref="FormatException"/> if it is none.</summary>
    public static WholePattern Of(string pattern)
    {
        if (pattern.Length > MaxCharacters)
        {
            throw new FormatException($"a pattern has at most {MaxCharacters} characters");
        }

        if (OtherInDotNet().Match(pattern) is { Success: true } other)
        {
            throw new FormatException($"the pattern {pattern} has {other.Value}, which is not read here");
        }

        try
        {
            // By itself first: in brackets "a)|(b" would be a pattern, and one that is bound to neither end.
            _ = new Regex(pattern, Linear);
            return new WholePattern(new Regex($@"\A(?:{pattern})\z", Linear));
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw new FormatException($"{pattern} is no pattern: {wrong.Message}", wrong);
        }
    }

    public bool Fits(string text) => _regex.IsMatch(text);

    // POSIX classes are plain sets of letters to .NET, \Q…\E, \C and \pN are unknown to it, and (?P<name>) and (?U) are otherwise.
    [GeneratedRegex(@"\[:\^?[a-z]+:\]|\\[QEC]|\\[pP][^{]|\(\?P<|\(\?[a-z]*U", RegexOptions.NonBacktracking)]
    private static partial Regex OtherInDotNet();
}
