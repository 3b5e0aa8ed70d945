using System.Globalization;
using System.Runtime.CompilerServices;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Tests.Vulnerabilities.Refresh;

/// <summary>
/// A feed made for tests. Its list <c>index</c> names documents, a line each: <c>PATH</c>, <c>PATH part of DOCUMENT</c>, <c>kept PATH</c>,
/// <c>window PATH</c>, <c>deleted DOCUMENT ID</c>. A document has a record a line, <c>ID DATE</c>; <c>broken</c> ends it, <c>bug</c> is a parser's mistake.
/// </summary>
internal sealed class LineFeed(string name, string address) : IAdvisoryFeed
{
    public FeedDescription Description { get; } = new() { Name = name, Title = name, Licence = "none", Address = address };

    /// <summary>What the last plan was told of earlier runs.</summary>
    public IReadOnlyDictionary<string, KnownDocument> Known { get; private set; } = new Dictionary<string, KnownDocument>();

    public bool Recognises(string path) => path.EndsWith(".lines", StringComparison.Ordinal);

    public async Task<FeedPlan> PlanAsync(FeedSource source, IReadOnlyDictionary<string, KnownDocument> known, CancellationToken cancellationToken)
    {
        Known = known;
        await using FeedDocument index = await source.OpenAsync("index", null, cancellationToken) ?? throw new FeedException("There is no index.");
        string[][] lines = [.. (await new StreamReader(index.Content).ReadToEndAsync(cancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))];
        return new FeedPlan
        {
            Documents =
            [
                .. lines.Where(line => line[0] is not ("kept" or "deleted" or "window"))
                    .Select(line => new PlannedDocument(line[0], line.Length > 1 ? line[3] : null)),
                .. lines.Where(line => line[0] == "window").Select(line => new PlannedDocument(line[1]) { IsWindow = true }),
            ],
            Kept = [.. lines.Where(line => line[0] == "kept").Select(line => line[1])],
            Deleted = [.. lines.Where(line => line[0] == "deleted").Select(line => new DeletedRecord(line[1], line[2]))],
        };
    }

    public async IAsyncEnumerable<FeedRecord> ReadAsync(FeedDocument document, FeedReport report, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using Stream text = await FeedContent.ExpandAsync(document.Content, cancellationToken);
        using var reader = new StreamReader(text);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            switch (line.Split(' '))
            {
                case ["broken"]: throw new InvalidDataException("It is broken.");
                case ["bug"]: throw new KeyNotFoundException("a mistake");
                case ["failed"]: report.AddFailed(document.Path, "has no end"); break;
                case ["malformed"]: report.AddMalformed(document.Path, "makes no sense"); break;
                case ["skipped"]: report.AddSkipped("not wanted"); break;
                case [var id, var date]: yield return Record(id, date); break;
                default: break;
            }
        }
    }

    public static string Lines(int count, string date = "2025-01-01") => string.Concat(Enumerable.Range(0, count).Select(number => $"A-{number} {date}\n"));

    private static Advisory Record(string id, string date) => new()
    {
        Id = id,
        Modified = DateTimeOffset.Parse(date, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal),
        Affected = [new AffectedPackage { Ecosystem = OsvEcosystem.Parse("npm"), Name = id, Versions = ["1.0"] }],
    };
}
