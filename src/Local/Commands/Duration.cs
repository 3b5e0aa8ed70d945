using System.Globalization;
using System.Text.RegularExpressions;

namespace ImageScan.Local.Commands;

/// <summary>A time as people write it on command lines: seconds, or the form of Go's time.ParseDuration in hours, minutes and seconds.</summary>
internal static partial class Duration
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>The time; null for what is none, for none at all, and for more than a day.</summary>
    public static TimeSpan? Read(string text)
    {
        if (Form().Match(text) is not { Success: true } match)
        {
            return null;
        }

        double seconds = (Part("h") * 3600) + (Part("m") * 60) + Part("s");
        return seconds > 0 && seconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;

        double Part(string name) => match.Groups[name] is { Success: true } group
            ? double.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture)
            : 0;
    }

    [GeneratedRegex("^(?:(?<s>[0-9]{1,9})|(?=.)(?:(?<h>[0-9]{1,9})h)?(?:(?<m>[0-9]{1,9})m)?(?:(?<s>[0-9]{1,9})s)?)$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
