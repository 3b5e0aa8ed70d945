using System.Globalization;

namespace ImageScan.Core.Policies.Criteria;

/// <summary>
/// How the values of a group are read and joined. Each throws <see cref="FormatException"/> for a value that cannot be
/// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/booleanpolicy/value_regex.go).
/// </summary>
internal static class GroupValues
{
    private const int MaxDays = 100_000;

    /// <summary>A test that joins those of the values as the group says.</summary>
    /// <param name="group">The group.</param>
    /// <param name="testOf">The test of one value.</param>
    public static Func<T, bool> Test<T>(this PolicyGroup group, Func<string, Func<T, bool>> testOf)
    {
        Func<T, bool>[] tests = [.. group.Values.Select(value => testOf(value.Value))];
        Func<T, bool> joined = group.BooleanOperator == BooleanOperator.And
            ? subject => tests.All(test => test(subject))
            : subject => tests.Any(test => test(subject));
        return group.Negate ? subject => !joined(subject) : joined;
    }

    /// <summary>A test whether a whole text fits the patterns.</summary>
    public static Func<string, bool> TextTest(this PolicyGroup group) => group.Test<string>(value =>
        string.IsNullOrWhiteSpace(value) ? throw new FormatException("a value is empty") : WholePattern.Of(value).Fits);

    /// <summary>A test of two texts, <c>pattern=pattern</c>; an empty one fits everything.</summary>
    public static Func<(string Left, string Right), bool> PairTest(this PolicyGroup group) => group.Test<(string Left, string Right)>(value =>
    {
        string[] parts = value.Split('=', 2);
        if (parts.Length != 2 || value == "=")
        {
            throw new FormatException($"{value} is not of the form name=value");
        }

        WholePattern left = WholePattern.Of(parts[0].Length > 0 ? parts[0] : ".*");
        WholePattern right = WholePattern.Of(parts[1].Length > 0 ? parts[1] : ".*");
        return pair => left.Fits(pair.Left) && right.Fits(pair.Right);
    });

    /// <summary>The one value as a number of days.</summary>
    public static TimeSpan Days(this PolicyGroup group) =>
        int.TryParse(group.Values[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int days) && days <= MaxDays
            ? TimeSpan.FromDays(days)
            : throw new FormatException($"{group.Values[0].Value} is no number of days up to {MaxDays}");

    /// <summary>The one value as a truth.</summary>
    public static bool Truth(this PolicyGroup group) =>
        bool.TryParse(group.Values[0].Value, out bool truth) ? truth : throw new FormatException($"{group.Values[0].Value} is neither true nor false");

    /// <summary>A comparison, <c>&gt;= 7.5</c>, as a test of what a value compares to; without a sign it means the same value.</summary>
    /// <param name="value">The comparison.</param>
    /// <param name="read">Reads what stands behind the sign; null if it cannot be read.</param>
    public static Func<T, bool> Comparison<T>(string value, Func<string, T?> read)
        where T : struct, IComparable
    {
        string sign = ((string[])["<=", ">=", "<", ">"]).FirstOrDefault(sign => value.StartsWith(sign, StringComparison.Ordinal), "");
        T bound = read(value[sign.Length..].Trim()) ?? throw new FormatException($"{value} compares with nothing");
        return sign switch
        {
            "<=" => subject => subject.CompareTo(bound) <= 0,
            ">=" => subject => subject.CompareTo(bound) >= 0,
            "<" => subject => subject.CompareTo(bound) < 0,
            ">" => subject => subject.CompareTo(bound) > 0,
            _ => subject => subject.CompareTo(bound) == 0,
        };
    }
}
