using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;
using ImageScan.Core.Storage;
using ImageScan.Core.Telemetry;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Telemetry;

/// <summary>What <c>docs/operate.md</c>, <c>docs/kql.md</c>, the alerts and the workbook say of metrics and spans, held to the code.</summary>
public sealed partial class OperateDocsTests
{
    private const string Page = "docs/operate.md";

    private static readonly string[] Metrics = ConstantsOf(typeof(ScanMetrics));
    private static readonly string[] Tags = ConstantsOf(typeof(SpanTags));
    private static readonly string Alerts = File.ReadAllText(Repository.Path("infra", "alerts.bicep"));
    private static readonly string Workbook = File.ReadAllText(Repository.Path("infra", "workbook.json"));

    [Fact]
    public void EveryMetricHasItsRow() =>
        Assert.Equal(Metrics.Order(StringComparer.Ordinal), MarkdownTables.Rows(Page, "Metrics").Select(row => row[0].Trim('`')).Order(StringComparer.Ordinal));

    [Fact]
    public void EveryTagInARowIsOne() =>
        Assert.Empty(MarkdownTables.Rows(Page, "Metrics").SelectMany(row => Quoted().Matches(row[2]).Select(match => match.Groups[1].Value)).Except(Tags));

    [Fact]
    public void EverySpanIsExplained()
    {
        string spans = string.Join('\n', MarkdownTables.Rows(Page, "Traces").Select(row => row[0]));

        Assert.All(ConstantsOf(typeof(SpanNames)), name => Assert.Contains($"`{name}", spans, StringComparison.Ordinal));
        Assert.All(
            (string[])[QueueNames.ImageScans, QueueNames.LayerScans, QueueNames.BackgroundScans, QueueNames.Notifications],
            queue => Assert.Contains($"`{SpanNames.Process} {queue}`", spans, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryAlertHasItsSectionAndEverySectionItsAlert()
    {
        IEnumerable<string> alerts = AlertName().Matches(Alerts).Select(match => match.Groups[1].Value).Append("storage-throttling");
        string page = File.ReadAllText(Repository.Path(Page));
        string chapter = page[page.IndexOf("\n## Alerts\n", StringComparison.Ordinal)..page.IndexOf("\n## Costs\n", StringComparison.Ordinal)];

        Assert.Equal(alerts.Order(StringComparer.Ordinal), Section().Matches(chapter).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void QueriesNameMetricsAndTagsThatThereAre()
    {
        string queries = Alerts + Workbook + File.ReadAllText(Repository.Path("docs", "kql.md"));
        string[] named = [.. OfOurs().Matches(queries).Select(match => match.Groups[1].Value).Distinct()];

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(Metrics).Except(Tags));
    }

    [Fact]
    public void TheWorkbookShowsEveryMetric()
    {
        JsonElement items = JsonDocument.Parse(Workbook).RootElement.GetProperty("items");
        string[] queries =
        [
            .. items.EnumerateArray().Where(item => item.GetProperty("type").GetInt32() == 3)
                .Select(item => item.GetProperty("content").GetProperty("query").GetString()!),
        ];

        Assert.All(Metrics, metric => Assert.Contains(queries, query => query.Contains($"'{metric}'", StringComparison.Ordinal)));
        Assert.Equal("INSIGHTS_ID", Assert.Single(JsonDocument.Parse(Workbook).RootElement.GetProperty("fallbackResourceIds").EnumerateArray()).GetString());
    }

    [Fact]
    public void ThePageSaysWhatWasNotRun() => Assert.Contains("\n## Not yet run\n", File.ReadAllText(Repository.Path(Page)), StringComparison.Ordinal);

    private static string[] ConstantsOf(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex("^    name: '([a-z-]+)'$", RegexOptions.Multiline)]
    private static partial Regex AlertName();

    [GeneratedRegex("^### (.+)$", RegexOptions.Multiline)]
    private static partial Regex Section();

    [GeneratedRegex("'(imagescan\\.[a-z.]+)'")]
    private static partial Regex OfOurs();
}
