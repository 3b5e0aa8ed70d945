using System.Globalization;

namespace ImageScan.Local.Output;

/// <summary>Lines of a result with what they are about before them, and how numbers and days are written in them.</summary>
internal static class LabelledLines
{
    public static void Write(string label, string text) => Terminal.Line($"{label,-12} {text}");

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Counted(long number, string noun) => number == 1 ? $"1 {noun}" : $"{Number(number)} {noun}s";

    public static string Day(DateTimeOffset? day) => day?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "unknown";

    public static string Minute(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? "never";
}
