using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Clusters;
using ImageScan.EndToEnd.Scans;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Suppression;

/// <summary>What scans and stored images look like once something is snoozed, deferred or taken for a false positive.</summary>
[Collection(StateServers.Name)]
public sealed class SuppressedScanTests(SharedAzurite azurite) : IAsyncLifetime
{
    private const string Lodash = "CVE-2026-1001";
    private const string Minimist = "CVE-2026-1002";

    private readonly TestAdvisories _advisories = new();
    private readonly string _prefix = ScanApp.NewPrefix();
    private ScanApp _app = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _advisories.ReplaceAsync(TestAdvisories.Record(Lodash, "lodash", "4.17.21"), TestAdvisories.Record(Minimist, "minimist", "1.2.6"));
        _app = await NewAppAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _advisories.Dispose();
    }

    [Fact]
    public async Task LeaveOutWhatIsSnoozedUnlessItIsAskedFor()
    {
        string name = Push("made/image", "1");
        ApiAnswer before = await _app.ScanAsync(name);
        await SnoozeAsync(Lodash, "1h");

        ApiAnswer without = await _app.ScanAsync(name);
        ApiAnswer with = await IncludingAsync(name);
        ApiAnswer stored = await _app.GetAsync($"/v1/images/{before.Id}");
        ApiAnswer storedWith = await _app.GetAsync($"/v1/images/{before.Id}?includeSnoozed=true");

        Assert.Equal([$"lodash {Lodash}", $"minimist {Minimist}"], before.Findings);
        Assert.Equal((2, 2), CountsOf(before));
        Assert.Equal([$"minimist {Minimist}"], without.Findings);
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], without.Components);
        Assert.Equal((1, 2), CountsOf(without));
        Assert.Equal(before.Findings, with.Findings);
        Assert.Equal((2, 2), CountsOf(with));
        Assert.Equal((true, "DEFERRED"), StateOf(with, Lodash));
        Assert.Equal((false, "OBSERVED"), StateOf(with, Minimist));
        JsonElement snoozed = with.Vulnerability(Lodash);
        Assert.Equal(TimeSpan.FromHours(1), Moment(snoozed, "suppressExpiry") - WholeSecond(Moment(snoozed, "suppressActivation")));
        Assert.Equal((without.Findings, with.Findings), (stored.Findings, storedWith.Findings), ListsAreEqual);
        Assert.Equal((1, 2), CountsOf(stored));
        Assert.Equal((true, "DEFERRED"), StateOf(storedWith, Lodash));
        foreach (string unchanged in new[] { "riskScore", "topCvss", "fixableCves" })
        {
            Assert.Equal(before.Json.GetProperty(unchanged).GetRawText(), without.Json.GetProperty(unchanged).GetRawText());
        }
    }

    [Fact]
    public async Task ShowAgainAtOnceWhatIsNoLongerSnoozed()
    {
        string name = Push("made/image", "1");
        await SnoozeAsync(Lodash, "1h");
        ApiAnswer snoozed = await _app.ScanAsync(name);

        await PatchAsync("/v1/imagecves/unsuppress", $$"""{"cves":["{{Lodash}}"]}""");
        ApiAnswer after = await _app.ScanAsync(name);

        Assert.Equal([$"minimist {Minimist}"], snoozed.Findings);
        Assert.Equal([$"lodash {Lodash}", $"minimist {Minimist}"], after.Findings);
        Assert.Equal((false, "OBSERVED"), StateOf(after, Lodash));
    }

    [Fact]
    public async Task ShowAgainWithoutARestartWhatIsOver()
    {
        string name = Push("made/image", "1");
        await ApprovedAsync("deferral", Minimist, Everywhere, $$"""{"expiryType":"TIME","expiresOn":"{{DateTimeOffset.UtcNow.AddSeconds(2):yyyy-MM-dd'T'HH:mm:ss.fff'Z'}}"}""");

        ApiAnswer deferred = await IncludingAsync(name);
        ApiAnswer after = await Eventually.GetAsync(() => _app.ScanAsync(name), answer => answer.Findings.Length == 2);

        Assert.Equal((false, "DEFERRED"), StateOf(deferred, Minimist));
        Assert.Equal((false, "OBSERVED"), StateOf(after, Minimist));
        JsonElement exception = Assert.Single((await _app.GetAsync("/v2/vulnerability-exceptions")).Json.GetProperty("exceptions").EnumerateArray());
        Assert.Equal(("APPROVED", true), (exception.GetProperty("status").GetString(), exception.GetProperty("expired").GetBoolean()));
    }

    [Fact]
    public async Task LeaveOutWhatIsDeferredOrFalseInTheirScope()
    {
        string first = Push("made/image", "1");
        string second = Push("made/image", "2");
        await ApprovedAsync("false-positive", Lodash, ScopeOf("made/image", ".*"));
        await ApprovedAsync("deferral", Minimist, ScopeOf("made/image", "1"));

        ApiAnswer one = await IncludingAsync(first);
        ApiAnswer two = await IncludingAsync(second);

        Assert.Equal(((false, "FALSE_POSITIVE"), (false, "DEFERRED")), (StateOf(one, Lodash), StateOf(one, Minimist)));
        Assert.Equal(((false, "FALSE_POSITIVE"), (false, "OBSERVED")), (StateOf(two, Lodash), StateOf(two, Minimist)));
        Assert.Equal(JsonValueKind.Null, one.Vulnerability(Lodash).GetProperty("suppressExpiry").ValueKind);
        Assert.Empty((await _app.ScanAsync(first)).Findings);
        Assert.Equal(0, CountsOf(await _app.ScanAsync(first)).Cves);
        Assert.Equal([$"minimist {Minimist}"], (await _app.ScanAsync(second)).Findings);
    }

    // StackRox answers a second tag under the first one's name, and with its states; here each has its own.
    [Fact]
    public async Task GoByTheNameThatWasAskedForAndStoredOnesByTheirFirst()
    {
        string first = Push("made/image", "1");
        string second = Push("made/image", "2");
        await ApprovedAsync("false-positive", Lodash, ScopeOf("made/image", "2"));
        string id = (await _app.ScanAsync(first)).Id;

        ApiAnswer two = await _app.ScanAsync(second);
        ApiAnswer stored = await _app.GetAsync($"/v1/images/{id}");

        Assert.Equal(id, two.Id);
        Assert.Equal([$"minimist {Minimist}"], two.Findings);
        Assert.Equal((first, 2), (stored.Json.GetProperty("name").GetProperty("fullName").GetString(), stored.Findings.Length));
    }

    [Fact]
    public async Task GoByThatOfItsNamesByWhichAStoredOneIsAskedFor()
    {
        string first = Push("made/image", "1");
        string second = Push("made/image", "2");
        await ApprovedAsync("false-positive", Lodash, ScopeOf("made/image", "2"));
        string id = (await _app.ScanAsync(first)).Id;
        ApiAnswer scanned = await _app.ScanAsync(second);

        ApiAnswer one = await _app.GetAsync($"/v1/images/{id}?name={first}");
        ApiAnswer two = await _app.GetAsync($"/v1/images/{id}?name={second}");
        ApiAnswer report = await _app.GetAsync($"/v1/images/{id}?name={second}&format=csv");

        Assert.Equal((first, 2), (one.Json.GetProperty("name").GetProperty("fullName").GetString(), one.Findings.Length));
        Assert.Equal(scanned.Findings, two.Findings);
        Assert.Equal(scanned.Json.GetProperty("name").GetRawText(), two.Json.GetProperty("name").GetRawText());
        Assert.Equal(scanned.Json.GetProperty("names").GetRawText(), two.Json.GetProperty("names").GetRawText());
        Assert.Contains(Minimist, report.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Lodash, report.Text, StringComparison.Ordinal);
    }

    // Else whoever asks would choose the exceptions, too.
    [Fact]
    public async Task GoByNoNameThatTheImageNeverHad()
    {
        string name = Push("made/image", "1");
        string other = Push("made/other", "1");
        await ApprovedAsync("false-positive", Lodash, ScopeOf("made/other", ".*"));
        string id = (await _app.ScanAsync(name)).Id;

        ApiAnswer never = await _app.GetAsync($"/v1/images/{id}?name={other}");
        ApiAnswer report = await _app.GetAsync($"/v1/images/{id}?name={other}&format=csv");
        ApiAnswer none = await _app.GetAsync($"/v1/images/{id}?name=Not/A%20Name");

        Assert.Equal((HttpStatusCode.NotFound, $"image with id \"{id}\" has never had the name \"{other}\": not found"), (never.Status, never.Message));
        Assert.Equal((never.Status, never.Message), (report.Status, report.Message));
        Assert.Equal(HttpStatusCode.BadRequest, none.Status);
    }

    [Fact]
    public async Task AreFreeOfItTheFirstTimeTheyAreSeen()
    {
        await SnoozeAsync(Lodash, "1h");
        await ApprovedAsync("false-positive", Minimist, ScopeOf("brand/new", ".*"));

        ApiAnswer first = await _app.ScanAsync(Push("brand/new", "1"));

        Assert.Equal(HttpStatusCode.OK, first.Status);
        Assert.Empty(first.Findings);
        Assert.Equal((0, 2), CountsOf(first));
    }

    [Fact]
    public async Task GoOnWithTheOldValuesWhileAnUpdateIsPending()
    {
        string name = Push("made/image", "1");
        string id = await ApprovedAsync("false-positive", Lodash, Everywhere);

        await SendAsync(HttpMethod.Patch, $"/v2/vulnerability-exceptions/{id}", $$$"""{"comment":"c","falsePositiveUpdate":{"cves":["{{{Minimist}}}"]}}""");
        ApiAnswer pending = await _app.ScanAsync(name);
        await SendAsync(HttpMethod.Post, $"/v2/vulnerability-exceptions/{id}/approve", """{"comment":"c"}""");
        ApiAnswer approved = await _app.ScanAsync(name);
        await SendAsync(HttpMethod.Post, $"/v2/vulnerability-exceptions/{id}/cancel", "");
        ApiAnswer cancelled = await _app.ScanAsync(name);

        Assert.Equal([$"minimist {Minimist}"], pending.Findings);
        Assert.Equal([$"lodash {Lodash}"], approved.Findings);
        Assert.Equal([$"lodash {Lodash}", $"minimist {Minimist}"], cancelled.Findings);
    }

    [Fact]
    public async Task KnowOfItInAnotherProcess()
    {
        await SnoozeAsync(Lodash, "1h");
        await ApprovedAsync("false-positive", Minimist, Everywhere);
        await using ScanApp other = await NewAppAsync();

        ApiAnswer answer = await other.ScanAsync(other.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5")));

        Assert.Empty(answer.Findings);
    }

    [Fact]
    public async Task AreFreeOfItWhereAClusterHasDoneThem()
    {
        await using ClusterLab lab = await ClusterLab.StartAsync(azurite);
        await lab.StartClusterAsync(("Advisories:Path", _advisories.Path));
        string name = lab.Registry.Push("private/image", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5"));
        await lab.Central.SendAsync("PATCH", "/v1/imagecves/suppress", TokenServer.Admin, new StringContent($$"""{"cves":["{{Lodash}}"],"duration":"1h"}"""));

        ApiAnswer answer = await lab.ScanAsync(name, lab.Name);

        Assert.Equal((HttpStatusCode.OK, true), (answer.Status, answer.Json.GetProperty("isClusterLocal").GetBoolean()));
        Assert.Equal([$"minimist {Minimist}"], answer.Findings);
        Assert.Equal((1, 2), CountsOf(answer));
    }

    [Fact]
    public async Task FailWhereWhatIsSuppressedCannotBeRead()
    {
        string name = Push("made/image", "1");
        await _app.ScanAsync(name);
        TableClient table = await _app.Services.GetRequiredService<StorageAccount>().TableAsync(TableNames.Suppressions, Token);
        await table.AddEntityAsync(new TableEntity("suppressions", "2-in-force:x") { ["Content0"] = "no JSON"u8.ToArray() }, Token);
        await SnoozeAsync("CVE-1", "1h");

        ApiAnswer answer = await _app.ScanAsync(name);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal(
            "The exception in row 2-in-force:x of the table Suppressions is not readable. Delete the row and ask for it again.", answer.Message);
    }

    private const string Everywhere = """{"imageScope":{"registry":".*","remote":".*","tag":".*"}}""";

    private Task<ScanApp> NewAppAsync() => ScanApp.StartAsync(azurite, ("Storage:Prefix", _prefix), ("Advisories:Path", _advisories.Path));

    private string Push(string repository, string tag) => _app.Registry.Push(repository, tag, TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5"));

    private string ScopeOf(string remote, string tag) =>
        $$$"""{"imageScope":{"registry":"{{{_app.Registry.Host}}}","remote":"{{{remote}}}","tag":"{{{tag}}}"}}""";

    private Task<ApiAnswer> IncludingAsync(string imageName) => _app.PostAsync(JsonContent.Create(new { imageName, includeSnoozed = true }));

    private Task<ApiAnswer> SnoozeAsync(string cve, string duration) =>
        PatchAsync("/v1/imagecves/suppress", $$"""{"cves":["{{cve}}"],"duration":"{{duration}}"}""");

    private Task<ApiAnswer> PatchAsync(string path, string json) => SendAsync(HttpMethod.Patch, path, json);

    // On loopback everyone may do everything.
    private async Task<string> ApprovedAsync(string kind, string cve, string scope, string expiry = """{"expiryType":"TIME"}""")
    {
        ApiAnswer asked = await SendAsync(
            HttpMethod.Post,
            $"/v2/vulnerability-exceptions/{kind}",
            $$"""{"cves":["{{cve}}"],"comment":"c","scope":{{scope}},"exceptionExpiry":{{expiry}}}""");
        string id = SuppressionLab.IdOf(asked);
        await SendAsync(HttpMethod.Post, $"/v2/vulnerability-exceptions/{id}/approve", """{"comment":"c"}""");
        return id;
    }

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string json)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        ApiAnswer answer = await _app.SendAsync(request);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Status}: {answer.Text}");
        return answer;
    }

    private static (int Cves, int FixableCves) CountsOf(ApiAnswer answer) =>
        (answer.Json.GetProperty("cves").GetInt32(), answer.Json.GetProperty("fixableCves").GetInt32());

    private static (bool Suppressed, string State) StateOf(ApiAnswer answer, string cve)
    {
        JsonElement vulnerability = answer.Vulnerability(cve);
        return (vulnerability.GetProperty("suppressed").GetBoolean(), vulnerability.GetProperty("state").GetString()!);
    }

    private static DateTimeOffset Moment(JsonElement vulnerability, string name) => vulnerability.GetProperty(name).GetDateTimeOffset();

    private static DateTimeOffset WholeSecond(DateTimeOffset moment) => moment.AddTicks(-(moment.UtcTicks % TimeSpan.TicksPerSecond));

    private static bool ListsAreEqual((string[] First, string[] Second) expected, (string[] First, string[] Second) actual) =>
        expected.First.SequenceEqual(actual.First) && expected.Second.SequenceEqual(actual.Second);
}
