using System.Globalization;
using System.Text.RegularExpressions;
using ImageScan.Core.Images;

namespace ImageScan.Core.Api;

/// <summary>
/// Times as 4.5's gateway reads them in JSON: with Go's own parsers, of which the one for durations takes more than proto's JSON mapping has
/// (https://github.com/gogo/protobuf/blob/v1.3.2/jsonpb/jsonpb.go).
/// </summary>
internal static partial class GoTime
{
    // https://pkg.go.dev/time#Duration: 64 bits of nanoseconds, some 292 years.
    private const decimal LongestNanoseconds = long.MaxValue;
    private const int NanosecondsPerTick = 100;

    // Its digits fit a decimal; Go takes more and means no more by them.
    private const int MaxCharacters = 100;

    private static readonly Dictionary<string, decimal> NanosecondsOf = new(StringComparer.Ordinal)
    {
        ["ns"] = 1,
        ["us"] = 1_000,
        ["µs"] = 1_000,
        ["μs"] = 1_000,
        ["ms"] = 1_000_000,
        ["s"] = 1_000_000_000,
        ["m"] = 60_000_000_000,
        ["h"] = 3_600_000_000_000,
    };

    /// <summary>Reads <c>86400s</c>, <c>24h</c>, <c>-1.5h30m</c>. Throws <see cref="ApiException"/> with code 3 in Go's words.</summary>
    public static TimeSpan DurationOf(string text)
    {
        if (text is "0" or "+0" or "-0")
        {
            return TimeSpan.Zero;
        }

        Match match = text.Length <= MaxCharacters ? Duration().Match(text) : Match.Empty;
        if (!match.Success)
        {
            throw Bad("Duration", $"time: invalid duration {HostileText.Quote(text)}");
        }

        decimal nanoseconds = 0;
        foreach ((Capture number, Capture unit) in match.Groups["number"].Captures.Zip(match.Groups["unit"].Captures))
        {
            if (unit.Length == 0)
            {
                throw Bad("Duration", $"time: missing unit in duration {HostileText.Quote(text)}");
            }

            if (!NanosecondsOf.TryGetValue(unit.Value, out decimal factor))
            {
                throw Bad("Duration", $"time: unknown unit {HostileText.Quote(unit.Value)} in duration {HostileText.Quote(text)}");
            }

            if (!decimal.TryParse(number.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal count)
                || count > LongestNanoseconds / factor
                || (nanoseconds += count * factor) > LongestNanoseconds)
            {
                throw Bad("Duration", $"time: invalid duration {HostileText.Quote(text)}");
            }
        }

        var duration = TimeSpan.FromTicks((long)(nanoseconds / NanosecondsPerTick));
        return text[0] == '-' ? -duration : duration;
    }

    /// <summary>Reads a moment of RFC 3339. Throws <see cref="ApiException"/> with code 3.</summary>
    public static DateTimeOffset MomentOf(string text)
    {
        Match match = text.Length <= MaxCharacters ? Timestamp().Match(text) : Match.Empty;
        if (match.Success
            && DateTime.TryParseExact(
                match.Groups["local"].Value, "yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime local))
        {
            long ticks = local.Ticks + TicksOf(match.Groups["fraction"].Value) - OffsetOf(match).Ticks;
            if (ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks)
            {
                return new DateTimeOffset(ticks, TimeSpan.Zero);
            }
        }

        throw Bad("Timestamp", $"parsing time {HostileText.Quote(text)} as \"2006-01-02T15:04:05.999999999Z07:00\"");
    }

    private static long TicksOf(string fraction) =>
        fraction.Length == 0 ? 0 : long.Parse(fraction.PadRight(7, '0')[..7], NumberStyles.None, CultureInfo.InvariantCulture);

    // DateTimeOffset ends at 14 hours.
    private static TimeSpan OffsetOf(Match match)
    {
        if (!match.Groups["sign"].Success)
        {
            return TimeSpan.Zero;
        }

        var offset = new TimeSpan(
            int.Parse(match.Groups["hours"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture),
            int.Parse(match.Groups["minutes"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture),
            seconds: 0);
        return match.Groups["sign"].ValueSpan is "-" ? -offset : offset;
    }

    private static ApiException Bad(string kind, string reason) => new(GrpcCode.InvalidArgument, $"bad {kind}: {reason}");

    // A unit is what is neither digit nor point; whether there is such a unit is said in words of its own. Atomic, or digits could be cut anywhere.
    [GeneratedRegex(@"\A[-+]?(?>(?<number>[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?<unit>[^0-9.]*))+\z")]
    private static partial Regex Duration();

    [GeneratedRegex(
        @"\A(?<local>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:[.,](?<fraction>[0-9]+))?"
            + @"(?:Z|(?<sign>[-+])(?<hours>[01][0-9]|2[0-3]):(?<minutes>[0-5][0-9]))\z")]
    private static partial Regex Timestamp();
}
