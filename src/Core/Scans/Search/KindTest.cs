using ImageScan.Core.Images;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Scans.Search;

/// <summary>Values of the fields of a finding that are no texts.</summary>
internal static class KindTest
{
    // StackRox's names begin so, and it looks for what they begin with: CRITICAL is CRITICAL_VULNERABILITY_SEVERITY.
    private static readonly (string Name, Severity Severity)[] Severities =
        [.. Enum.GetValues<Severity>().Select(severity => ($"{severity.ToString().ToUpperInvariant()}_VULNERABILITY_SEVERITY", severity))];

    /// <summary>
    /// The severities that a value means: <c>CRITICAL</c>, <c>&gt;=IMPORTANT</c>, <c>!LOW</c>. Throws <see cref="ImageQueryException"/>.
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/postgres/query/enum_query.go)
    /// </summary>
    public static Func<Severity, bool> ReadSeverity(string text)
    {
        (Comparison comparison, string name) = QueryValue.Read(text).HasModifiers ? (Comparison.None, text) : NumberTest.SplitSign(text);
        var test = TextTest.Read(name);
        Severity[] found = [.. Severities.Where(severity => IsMeant(test, severity.Name)).Select(severity => severity.Severity)];
        if (found.Length == 0 && test.Value.HasModifiers)
        {
            throw new ImageQueryException($"could not find corresponding enum at field \"Severity\" with value \"{HostileText.Plain(text)}\"");
        }

        return severity => found.Any(one => NumberTest.Holds(comparison, severity.CompareTo(one)));
    }

    /// <summary>
    /// A yes or no as StackRox reads it: <c>true</c>, <c>t</c>, <c>1</c> (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/parse/bool.go). Throws
    /// <see cref="ImageQueryException"/>.
    /// </summary>
    public static bool ReadFlag(string text) => text.Length == 0 ? throw new ImageQueryException("empty value is neither true nor false")
        : QueryValue.Read(text).HasModifiers ? throw new ImageQueryException("modifiers for bool query not allowed")
        : text == "1" || "true".StartsWith(text, StringComparison.OrdinalIgnoreCase) ? true
        : text == "0" || "false".StartsWith(text, StringComparison.OrdinalIgnoreCase) ? false
        : throw new ImageQueryException($"strconv.ParseBool: parsing \"{HostileText.Plain(text)}\": invalid syntax");

    // Names of enums are matched whatever the case, also within quotes.
    private static bool IsMeant(TextTest test, string name) => test.Value.Match == ValueMatch.Exact
        ? name.Equals(test.Value.Text, StringComparison.OrdinalIgnoreCase) != test.Value.IsNegated
        : test.Fits(name);
}
