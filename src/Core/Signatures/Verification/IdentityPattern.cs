using System.Text;
using System.Text.RegularExpressions;
using ImageScan.Core.Images;

namespace ImageScan.Core.Signatures.Verification;

/// <summary>
/// A pattern of RE2 (https://github.com/google/re2/wiki/Syntax), which is what StackRox and cosign take: found anywhere in a text unless it
/// has anchors, in linear time. What .NET reads otherwise is rewritten, and refused where that cannot be done.
/// </summary>
internal sealed partial class IdentityPattern
{
    private const int MaxCharacters = 4096;
    private readonly Regex _regex;

    private IdentityPattern(Regex regex) => _regex = regex;

    /// <summary>Throws <see cref="UnverifiedException"/> (Error) for a pattern that cannot be used.</summary>
    /// <param name="pattern">The pattern as written.</param>
    /// <param name="what">What it is for, for the message.</param>
    public static IdentityPattern Parse(string pattern, string what)
    {
        try
        {
            string dotNet = pattern.Length <= MaxCharacters ? Rewritten(pattern) : throw new NotSupportedException();
            return new IdentityPattern(new Regex(dotNet, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            throw UnverifiedException.Error($"malformed {what} in identity: {HostileText.Plain(pattern)}");
        }
    }

    /// <summary>Whether the pattern is found. Never in a text with control characters: no identity has any, and `.` and `$` mean lines.</summary>
    public bool IsIn(string text) => !text.Any(char.IsControl) && _regex.IsMatch(text);

    private static string Rewritten(string pattern)
    {
        var dotNet = new StringBuilder(pattern.Length + 16);
        bool inClass = false;
        for (int at = 0; at < pattern.Length; at++)
        {
            string rest = pattern[at..Math.Min(pattern.Length, at + 4)];
            if (rest[0] == '\\')
            {
                dotNet.Append(Escape(rest, inClass));
                at++;
            }
            else if (inClass && (rest.StartsWith("[:", StringComparison.Ordinal) || rest.StartsWith("-[", StringComparison.Ordinal)))
            {
                // Classes by name, and what .NET would take for the difference of two.
                throw new NotSupportedException();
            }
            else if (!inClass && rest.StartsWith("(?", StringComparison.Ordinal) && !GroupOfRe2().IsMatch(pattern.AsSpan(at)))
            {
                // Comments, blanks that mean nothing, names in quotes, conditions, look-around.
                throw new NotSupportedException();
            }
            else if (!inClass && rest.StartsWith("(?P<", StringComparison.Ordinal))
            {
                dotNet.Append("(?<");
                at += 3;
            }
            else if (!inClass && (rest.StartsWith("[]", StringComparison.Ordinal) || rest.StartsWith("[^]", StringComparison.Ordinal)))
            {
                // A bracket that is its own member.
                throw new NotSupportedException();
            }
            else
            {
                inClass = inClass ? rest[0] != ']' : rest[0] == '[';
                dotNet.Append(rest[0]);
            }
        }

        return dotNet.ToString();
    }

    // A group without a number, with a name, or with flags.
    [GeneratedRegex(@"^\(\?(?::|P?<[0-9A-Za-z_]+>|(?:[imsU]+(?:-[imsU]+)?|-[imsU]+)[:)])", RegexOptions.CultureInvariant)]
    private static partial Regex GroupOfRe2();

    // RE2's classes are of ASCII, .NET's of all of Unicode.
    private static string Escape(string text, bool inClass) => (text.Length > 1 ? text[1] : ' ', inClass) switch
    {
        ('d', _) => inClass ? "0-9" : "[0-9]",
        ('w', _) => inClass ? "0-9A-Za-z_" : "[0-9A-Za-z_]",
        ('s', _) => inClass ? @"\t\n\f\r " : @"[\t\n\f\r ]",
        ('D', false) => "[^0-9]",
        ('W', false) => "[^0-9A-Za-z_]",
        ('S', false) => @"[^\t\n\f\r ]",
        ('A' or 'z' or 'b' or 'B', false) => text[..2],
        ('t' or 'n' or 'f' or 'r' or 'v' or 'a', _) => text[..2],
        (var other, _) when char.IsAsciiLetterOrDigit(other) || text.Length < 2 => throw new NotSupportedException(),
        (var other, _) => Regex.Escape(other.ToString()) is ['\\', ..] escaped ? escaped : $"\\u{(int)other:x4}",
    };
}
