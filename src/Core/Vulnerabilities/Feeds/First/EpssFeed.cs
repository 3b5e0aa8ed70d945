using System.Buffers;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace ImageScan.Core.Vulnerabilities.Feeds.First;

/// <summary>
/// FIRST's Exploit Prediction Scoring System, all scores of a day as CSV (https://www.first.org/epss/data_stats). Streams: one line is held.
/// </summary>
public sealed class EpssFeed : IAdvisoryFeed
{
    private const int MaxLineBytes = 4096;

    public FeedDescription Description { get; } = new()
    {
        Name = "epss",
        Title = "FIRST, exploit prediction (EPSS)",
        Licence = "free with attribution to https://www.first.org/epss",
        // epss.cyentia.com sends there since 2025.
        Address = "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
    };

    public bool Recognises(string path)
    {
        string name = path[(path.LastIndexOf('/') + 1)..];
        return name.StartsWith("epss_scores-", StringComparison.Ordinal)
            && (name.EndsWith(".csv", StringComparison.Ordinal) || name.EndsWith(".csv.gz", StringComparison.Ordinal));
    }

    public Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken) =>
        Task.FromResult(new FeedPlan { Documents = [new PlannedDocument("")] });

    public async IAsyncEnumerable<FeedRecord> ReadAsync(
        FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream csv = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        EpssColumns? columns = null;
        await foreach (ReadOnlySequence<byte> bytes in FeedLines.OfAsync(csv, MaxLineBytes, TooLong, cancellationToken))
        {
            string line = Encoding.UTF8.GetString(bytes).Trim();
            if (line.Length == 0 || line[0] == '#')
            {
                // Since 2022 the first line is a remark with the model's version and the day.
                continue;
            }

            if (columns is null)
            {
                columns = EpssColumns.Of(line) ?? throw new FeedException($"{document.Name} does not begin with the columns 'cve,epss'.");
            }
            else if (columns.Read(line) is { } cve)
            {
                yield return cve;
            }
            else
            {
                report.AddMalformed(document.Name, "has a line that is no score of a CVE");
            }
        }

        if (columns is null)
        {
            throw new FeedException($"{document.Name} has no lines.");
        }

        void TooLong() => report.AddMalformed(document.Name, "has a line that is too long");
    }

    private sealed record EpssColumns(int Cve, int Epss, int Percentile)
    {
        public static EpssColumns? Of(string header)
        {
            string[] names = header.Split(',');
            var columns = new EpssColumns(Array.IndexOf(names, "cve"), Array.IndexOf(names, "epss"), Array.IndexOf(names, "percentile"));
            return columns is { Cve: >= 0, Epss: >= 0 } ? columns : null;
        }

        // Files before September 2021 have no percentile; it is 0 then, as what proto's messages do not have.
        public CveMetadata? Read(string line)
        {
            string[] values = line.Split(',');
            return TryShare(values, Epss, out float probability)
                && (Percentile < 0 | TryShare(values, Percentile, out float percentile))
                && Cve < values.Length
                && CveId.IsOne(values[Cve])
                    ? new CveMetadata { Id = values[Cve], Epss = new EpssScore(probability, percentile) }
                    : null;
        }

        private static bool TryShare(string[] values, int column, out float share)
        {
            share = 0;
            return column >= 0
                && column < values.Length
                && float.TryParse(values[column], NumberStyles.Float, CultureInfo.InvariantCulture, out share)
                && share is >= 0 and <= 1;
        }
    }
}
