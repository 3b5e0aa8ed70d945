using System.Globalization;

namespace ImageScan.Core.Inventory;

/// <summary>When a release of a distribution stops to be mended. The dates are those of <c>EndOfLife.tsv</c>, each with its source.</summary>
/// <param name="Date">The last day on which everybody gets fixes.</param>
/// <param name="Extended">The last day on which some do: volunteers' LTS, or a subscription; null if nobody does longer.</param>
/// <param name="Source">The page that says so.</param>
public sealed record EndOfLife(DateOnly Date, DateOnly? Extended, string Source)
{
    private static readonly Dictionary<(string Id, string Release), EndOfLife> Known = Read();

    /// <summary>The end of a distribution's release; null for a rolling one, and where it is not known.</summary>
    /// <param name="distribution">What an image is.</param>
    /// <param name="newer">Ends that count before those that ship with the app, by id and release; null if there are none.</param>
    public static EndOfLife? Of(Distribution? distribution, IReadOnlyDictionary<(string Id, string Release), EndOfLife>? newer = null)
    {
        if (distribution is null || distribution.VersionId.Contains('_', StringComparison.Ordinal))
        {
            // Alpine edge calls itself by the release that it will become: 3.21.0_alpha20240807.
            return null;
        }

        // CentOS Linux and CentOS Stream differ by nothing but their names.
        string id = distribution.Id == "centos" && distribution.Name.StartsWith("CentOS Stream", StringComparison.Ordinal) ? "centos-stream" : distribution.Id;
        string[] numbers = distribution.VersionId.Split('.');

        // "9.4" is mended as 9 and "3.20.3" as 3.20, but "15.5" is another release than "15", which is SUSE's 15.0.
        return Enumerable.Range(0, numbers.Length)
            .Select(dropped => string.Join('.', numbers.Take(numbers.Length - dropped)))
            .Append($"{distribution.VersionId}.0")
            .Select(release => newer?.GetValueOrDefault((id, release)) ?? Known.GetValueOrDefault((id, release)))
            .FirstOrDefault(end => end is not null);
    }

    /// <summary>Whether nobody, or nobody without extended support, gets fixes any more.</summary>
    public bool IsOverOn(DateOnly day) => Date < day;

    /// <summary>What it means for a release of this name, in one sentence; for one that is over.</summary>
    public string Sentence(string release, DateOnly day) => Extended >= day
        ? $"{release} has had fixes only for those with extended support since {TextOf(Date)}, until {TextOf(Extended.Value)}."
        : $"{release} has had no fixes since {TextOf(Extended ?? Date)}: what was found later may be missing here, and nobody mends it.";

    private static Dictionary<(string, string), EndOfLife> Read()
    {
        using Stream file = typeof(EndOfLife).Assembly.GetManifestResourceStream("end-of-life.tsv")!;
        using var reader = new StreamReader(file);
        var known = new Dictionary<(string, string), EndOfLife>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#') && line.Split('\t') is [var id, var release, var date, var extended, var source])
            {
                known.Add((id, release), new EndOfLife(DateOf(date), extended.Length == 0 ? null : DateOf(extended), source));
            }
        }

        return known;
    }

    private static string TextOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly DateOf(string text) => DateOnly.ParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture);
}
