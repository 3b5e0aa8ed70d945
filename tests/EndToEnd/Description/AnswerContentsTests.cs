using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.EndToEnd.Signatures;
using ImageScan.Local.Demo;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Description;

/// <summary>What <c>docs/compatibility.md</c> says of values and fields, against answers to scans of images of every kind.</summary>
[Collection(PageServers.Name)]
public sealed partial class AnswerContentsTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Page = "docs/compatibility.md";

    // Of which a scan alone does not tell; other tests show them.
    private static readonly string[] ShownElsewhere = ["Image.isClusterLocal", "Image.removedAt", "DataSource.mirror"];

    private readonly AnswerContents _contents = new();

    public async ValueTask InitializeAsync()
    {
        using var advisories = AdvisoriesOfEveryKind.Build();
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path), ("Api:Level", "latest"));
        foreach ((string name, MadeImage image) in ImagesOfEveryKind.All)
        {
            ApiAnswer scanned = await app.ScanAsync(app.Registry.Push($"made/{name}", "1", image));
            Assert.Equal((name, HttpStatusCode.OK), (name, scanned.Status));
            _contents.Add(scanned.Json);
            _contents.Add((await app.GetAsync($"/v1/images/{scanned.Id}")).Json);
        }

        foreach (string name in await ImagesOfEverySignature.PushAsync(app))
        {
            _contents.Add((await app.ScanAsync(name)).Json);
        }

        await SendAsync(app, HttpMethod.Patch, "/v1/imagecves/suppress", new { cves = new[] { "CVE-2026-1001" }, duration = "86400s" });
        await ExceptAsync(app, "deferral", "CVE-2026-1002");
        await ExceptAsync(app, "false-positive", "CVE-2026-1003");
        ApiAnswer stamped = await app.PostAsync(JsonContent.Create(new { imageName = $"{app.Registry.Host}/made/languages:1", includeSnoozed = true }));
        _contents.Add(stamped.Json);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public void AreGivenWhereThePageSaysSoAndNowhereElse()
    {
        IEnumerable<string> said = MarkdownTables.Rows(Page, "Values").SelectMany(row => Quoted().Matches(row[1]).Select(value => $"{row[0]} {value.Groups[1].Value}"));

        Assert.Empty(said.Except(_contents.Values));
        Assert.Empty(_contents.Values.Except(said));
    }

    [Fact]
    public void OfFieldsThatAreEmptyAreNever() => Assert.DoesNotContain(Fields(isEmpty: true), _contents.Filled.Contains);

    [Fact]
    public void OfEveryOtherFieldAreThere() => Assert.Empty(
        Fields(isEmpty: false).Where(field => _contents.Seen.Contains(field.Split('.')[0])).Except(_contents.Filled).Except(ShownElsewhere));

    // In all images, until tomorrow where there is an end, and approved.
    private static async Task ExceptAsync(ScanApp app, string kind, string cve)
    {
        ApiAnswer asked = await SendAsync(app, HttpMethod.Post, $"/v2/vulnerability-exceptions/{kind}", new
        {
            cves = new[] { cve },
            comment = "for a test",
            scope = new { imageScope = new { registry = ".*", remote = ".*", tag = ".*" } },
            exceptionExpiry = new { expiryType = "TIME", expiresOn = DateTimeOffset.UtcNow.AddDays(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", null) },
        });
        string id = asked.Json.GetProperty("exception").GetProperty("id").GetString()!;
        await SendAsync(app, HttpMethod.Post, $"/v2/vulnerability-exceptions/{id}/approve", new { id, comment = "for a test" });
    }

    private static async Task<ApiAnswer> SendAsync(ScanApp app, HttpMethod method, string path, object body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = JsonContent.Create(body) };
        ApiAnswer answer = await app.SendAsync(request);
        Assert.Equal((path, HttpStatusCode.OK), (path, answer.Status));
        return answer;
    }

    private static IEnumerable<string> Fields(bool isEmpty) => MarkdownTables.Under(Page, "Fields").SelectMany(message => MarkdownTables.Rows(Page, $"Fields/{message}")
        .Where(row => row[2].StartsWith("empty: ", StringComparison.Ordinal) == isEmpty)
        .SelectMany(row => Quoted().Matches(row[0]).Select(field => $"{message}.{field.Groups[1].Value}")));

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
