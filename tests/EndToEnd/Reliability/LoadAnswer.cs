using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageScan.Core.Api;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>What a caller of the load was told.</summary>
internal static partial class LoadAnswer
{
    /// <summary>
    /// An answer without what depends on when it was given, and to which of its names: the times, and the list of all names that were asked
    /// for so far.
    /// </summary>
    public static string Comparable(ApiAnswer answer) => Names().Replace(answer.WithoutTimes, "$1[]");

    /// <summary>What is wrong with an answer that should be an error in StackRox's form; null if nothing is.</summary>
    public static string? FaultOf(ApiAnswer answer)
    {
        try
        {
            JsonElement json = answer.Json;
            string message = json.GetProperty("message").GetString()!;
            var code = (GrpcCode)json.GetProperty("code").GetInt32();
            return message.Length == 0 || message != json.GetProperty("error").GetString() ? "error and message are not the same text"
                : json.GetProperty("details").ValueKind != JsonValueKind.Array ? "details is no array"
                : GrpcCodes.HttpStatusOf(code) != (int)answer.Status ? $"status and code {code} do not go together"
                : message.Contains("internal error", StringComparison.Ordinal) ? "nobody foresaw it"
                : null;
        }
        catch (Exception other) when (other is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return $"it is none of StackRox: {other.Message}";
        }
    }

    public static bool IsImage(ApiAnswer answer) => answer.Status == HttpStatusCode.OK;

    /// <summary>An error without what belongs to one image or job.</summary>
    public static string KindOf(string error) => string.Join(' ', Particulars().Replace(error, "…").Split(' ').Take(30));

    /// <summary>Where two texts differ first, and how.</summary>
    public static string Difference(string expected, string actual)
    {
        int at = expected.AsSpan().CommonPrefixLength(actual);
        return $"at {at} of {expected.Length}, «{Around(expected, at)}» and not «{Around(actual, at)}»";

        static string Around(string text, int at) => text[Math.Max(0, at - 60)..Math.Min(text.Length, at + 100)];
    }

    [GeneratedRegex("""("names":)\[[^\]]*\]""")]
    private static partial Regex Names();

    [GeneratedRegex(@"[0-9a-f]{12,}|\d[\d.,:]*|image\d+\S*")]
    private static partial Regex Particulars();
}
