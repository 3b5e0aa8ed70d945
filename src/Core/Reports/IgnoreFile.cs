using System.Globalization;
using System.Text;
using ImageScan.Core.Images;

namespace ImageScan.Core.Reports;

/// <summary>
/// A caller's own list of what it knows and does not want to be told again, in the form of Trivy's <c>.trivyignore</c>: an id a line, <c>#</c> for
/// comments, and <c>exp:2027-01-31</c> behind an id for when it ends
/// (https://github.com/aquasecurity/trivy/blob/main/pkg/result/ignore.go, parseIgnore). Every text in it is hostile.
/// </summary>
public sealed class IgnoreFile
{
    /// <summary>A larger file is refused.</summary>
    public const int MaxBytes = 1 << 20;

    private const int MaxIdCharacters = 200;
    private const string Expiry = "exp:";

    private readonly Dictionary<string, Entry> _entries;

    private IgnoreFile(Dictionary<string, Entry> entries, IReadOnlyList<string> warnings)
    {
        _entries = entries;
        Warnings = warnings;
    }

    /// <summary>A list of nothing.</summary>
    public static IgnoreFile Empty { get; } = new([], []);

    /// <summary>What of the file was not taken, a sentence a line; harmless.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The ids that hold at a moment, as they are written.</summary>
    public IEnumerable<string> IdsAt(DateTimeOffset now) => _entries.Where(entry => entry.Value.HoldsAt(now)).Select(entry => entry.Key);

    /// <summary>Reads a list. Throws <see cref="FormatException"/> if it is too large, or is no UTF-8.</summary>
    public static IgnoreFile Read(Stream input)
    {
        var entries = new Dictionary<string, Entry>(StringComparer.OrdinalIgnoreCase);
        var warnings = new List<string>();
        foreach ((int index, string line) in TextOf(input).Split('\n').Index())
        {
            string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0 || fields[0].StartsWith('#'))
            {
                continue;
            }

            string? expiry = fields.Skip(1).FirstOrDefault(field => field.StartsWith(Expiry, StringComparison.Ordinal))?[Expiry.Length..];
            if (fields[0].Length > MaxIdCharacters || HostileText.Plain(fields[0], MaxIdCharacters) != fields[0])
            {
                warnings.Add($"Line {index + 1} names no id: {HostileText.Plain(fields[0], 40)}");
            }
            else if (expiry is not null && !IsDay(expiry, out _))
            {
                // A line that means to end must not hold for ever, so Trivy passes over it, too.
                warnings.Add($"Line {index + 1} is not used: {HostileText.Plain(expiry, 40)} is no day such as 2027-01-31.");
            }
            else
            {
                var entry = new Entry(expiry is not null && IsDay(expiry, out DateTimeOffset day) ? day : null, CommentOf(fields));
                entries[fields[0]] = entries.TryGetValue(fields[0], out Entry? before) ? before.OrLonger(entry) : entry;
            }
        }

        return new IgnoreFile(entries, warnings);
    }

    /// <summary>
    /// The report with what the list names marked as ignored: by the CVE, the advisory's id or any other id of the same vulnerability.
    /// </summary>
    /// <param name="report">The report.</param>
    /// <param name="now">The moment at which entries must hold.</param>
    public ImageReport Apply(ImageReport report, DateTimeOffset now) => _entries.Count == 0 ? report : report.Decided(reported =>
    {
        Entry? entry = reported.Finding.Aliases.Prepend(reported.Finding.AdvisoryId).Prepend(reported.Finding.Cve)
            .Select(id => _entries.GetValueOrDefault(id)).FirstOrDefault(found => found?.HoldsAt(now) == true);
        return entry is null ? null : new ReportedDecision(DecisionKind.Ignored, entry.Comment, entry.Until);
    });

    /// <summary>Whether the list names that id.</summary>
    public bool Names(string id, DateTimeOffset now) => _entries.GetValueOrDefault(id)?.HoldsAt(now) == true;

    private static string TextOf(Stream input)
    {
        byte[] bytes = new byte[MaxBytes + 1];
        int length = input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > MaxBytes)
        {
            throw new FormatException($"The list of what to ignore has more than {MaxBytes} bytes.");
        }

        try
        {
            // What Windows' editors put in front is no part of the first id.
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetString(bytes, 0, length).TrimStart('\ufeff');
        }
        catch (DecoderFallbackException)
        {
            throw new FormatException("The list of what to ignore is no UTF-8.");
        }
    }

    private static bool IsDay(string text, out DateTimeOffset day) => DateTimeOffset.TryParseExact(
        text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out day);

    // Of Trivy's own files: CVE-2024-1 exp:2027-01-31 # the reason
    private static string CommentOf(string[] fields) =>
        HostileText.Plain(string.Join(' ', fields.SkipWhile(field => !field.StartsWith('#'))).TrimStart('#', ' '));

    /// <summary>One id. It ends with the beginning of its day, as in Trivy.</summary>
    private sealed record Entry(DateTimeOffset? Until, string Comment)
    {
        public bool HoldsAt(DateTimeOffset now) => Until is not { } until || now <= until;

        public Entry OrLonger(Entry other) => Until is null || (other.Until is not null && other.Until <= Until) ? this : other;
    }
}
