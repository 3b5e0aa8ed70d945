using System.Globalization;
using System.Text.RegularExpressions;
using ImageScan.Core.Images;

namespace ImageScan.Core.Scans.Search;

/// <summary>
/// One value of a time's field: a day (<c>03/31/2026</c>) or moment in UTC, with or without a sign; an age in days (<c>&gt;3d</c> is longer ago
/// than three days), or a range of ages (<c>1d-7d</c>); <c>tr/</c> with two moments in milliseconds
/// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/search/postgres/query/time_query.go).
/// </summary>
internal static partial class MomentTest
{
    private const string RangePrefix = "tr/";
    private const long LastMillisecond = 253_402_300_799_999;

    // Go's layouts: a day alone, with minutes, with seconds.
    private static readonly string[] Layouts = ["MM/dd/yyyy h:mm:ss tt", "MM/dd/yyyy h:mm tt", "MM/dd/yyyy"];

    /// <summary>Reads a value that is asked for now. Throws <see cref="ImageQueryException"/>.</summary>
    public static Func<DateTimeOffset, bool> Read(string text, DateTimeOffset now)
    {
        if (QueryValue.Read(text).HasModifiers)
        {
            throw new ImageQueryException("modifiers not supported for time query");
        }

        if (text.StartsWith(RangePrefix, StringComparison.Ordinal))
        {
            return RangeOf(text[RangePrefix.Length..]);
        }

        (Comparison comparison, string rest) = NumberTest.SplitSign(text);
        if (TryReadMoment(rest, out DateTimeOffset moment))
        {
            return comparison == Comparison.None
                ? value => value >= moment && value - moment < TimeSpan.FromDays(1)
                : value => NumberTest.Holds(comparison, value.CompareTo(moment));
        }

        return AgesOf(rest) ?? AgeOf(comparison, rest)
            ?? throw new ImageQueryException($"invalid time query (value: {HostileText.Plain(text)}). Must be of the format (01/02/2006 or 1d)");

        Func<DateTimeOffset, bool>? AgeOf(Comparison sign, string age)
        {
            // Older than three days is before the moment three days ago.
            return DaysOf(age) is { } days ? value => NumberTest.Holds(sign, (now - value).CompareTo(TimeSpan.FromDays(days))) : null;
        }

        Func<DateTimeOffset, bool>? AgesOf(string ages)
        {
            int hyphen = ages.Length > 1 ? ages.IndexOf('-', 1) : -1;
            if (hyphen < 0 || DaysOf(ages[..hyphen]) is not { } low || DaysOf(ages[(hyphen + 1)..]) is not { } high)
            {
                return null;
            }

            return low < high
                ? value => now - value > TimeSpan.FromDays(low) && now - value < TimeSpan.FromDays(high)
                : throw new ImageQueryException($"invalid range {HostileText.Plain(ages)} (first value must be strictly less than the second)");
        }
    }

    private static Func<DateTimeOffset, bool> RangeOf(string text)
    {
        string[] ends = text.Split('-');
        if (ends.Length != 2 || !TryReadMilliseconds(ends[0], out DateTimeOffset from) || !TryReadMilliseconds(ends[1], out DateTimeOffset to))
        {
            throw new ImageQueryException($"malformed time range query string: {HostileText.Plain(text)}");
        }

        return value => value >= from && value < to;
    }

    private static bool TryReadMilliseconds(string text, out DateTimeOffset moment)
    {
        bool isRead = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds) && milliseconds <= LastMillisecond;
        moment = isRead ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : default;
        return isRead;
    }

    // Central's clock is UTC, and Go takes the name of a zone that it does not know for UTC.
    private static bool TryReadMoment(string text, out DateTimeOffset moment) => DateTimeOffset.TryParseExact(
        Zone().Replace(text, ""), Layouts, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out moment);

    private static int? DaysOf(string text) =>
        int.TryParse(text.EndsWith('d') ? text[..^1] : text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int days)
        && Math.Abs((long)days) < 3_000_000
            ? days
            : null;

    [GeneratedRegex("(?<=[0-9 M]) (?!AM$|PM$)[A-Z]{3,4}$", RegexOptions.CultureInvariant)]
    private static partial Regex Zone();
}
