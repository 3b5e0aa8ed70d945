using System.Globalization;
using ImageScan.Core.Images;

namespace ImageScan.Core.Scans.Search;

/// <summary>How a value compares.</summary>
internal enum Comparison
{
    None,
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// <summary>
/// One value of a number's field: <c>7</c>, <c>&gt;=7.5</c>, or <c>7-9</c> for what lies between, both ends left out
/// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/postgres/query/numeric_query.go).
/// </summary>
internal static class NumberTest
{
    private const NumberStyles Digits = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    // The longer ones first.
    private static readonly (string Sign, Comparison Comparison)[] Signs =
    [
        ("<=", Comparison.LessOrEqual), (">=", Comparison.GreaterOrEqual), ("==", Comparison.Equal),
        ("<", Comparison.Less), (">", Comparison.Greater), ("=", Comparison.Equal),
    ];

    /// <summary>Reads a value. Throws <see cref="ImageQueryException"/>.</summary>
    public static Func<decimal, bool> Read(string text)
    {
        if (QueryValue.Read(text).HasModifiers)
        {
            throw new ImageQueryException("modifiers not supported for numeric query");
        }

        (Comparison comparison, string rest) = SplitSign(text);

        // The first hyphen may be a minus.
        int hyphen = comparison == Comparison.None && rest.Length > 1 ? rest.IndexOf('-', 1) : -1;
        if (hyphen < 0)
        {
            decimal number = NumberOf(rest);
            return value => Holds(comparison, value.CompareTo(number));
        }

        decimal low = NumberOf(rest[..hyphen]);
        decimal high = NumberOf(rest[(hyphen + 1)..]);
        return low < high
            ? value => value > low && value < high
            : throw new ImageQueryException($"invalid range {HostileText.Plain(rest)} (first value must be strictly less than the second)");
    }

    /// <summary>A value without the sign that it begins with.</summary>
    public static (Comparison Comparison, string Number) SplitSign(string text)
    {
        foreach ((string sign, Comparison comparison) in Signs)
        {
            if (text.StartsWith(sign, StringComparison.Ordinal))
            {
                return (comparison, text[sign.Length..].Trim());
            }
        }

        return (Comparison.None, text);
    }

    /// <summary>Whether that comparison holds of a value that lies so to the one that was asked for.</summary>
    public static bool Holds(Comparison comparison, int order) => comparison switch
    {
        Comparison.Less => order < 0,
        Comparison.LessOrEqual => order <= 0,
        Comparison.Greater => order > 0,
        Comparison.GreaterOrEqual => order >= 0,
        _ => order == 0,
    };

    private static decimal NumberOf(string text) => decimal.TryParse(text, Digits, CultureInfo.InvariantCulture, out decimal number)
        ? number
        : throw new ImageQueryException($"strconv.ParseFloat: parsing \"{HostileText.Plain(text)}\": invalid syntax");
}
