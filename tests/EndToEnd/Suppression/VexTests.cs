using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Azure.Data.Tables;
using ImageScan.Core.Scans.Suppression;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Policies;
using ImageScan.EndToEnd.Scans;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Suppression;

/// <summary>What scans and stored images look like once VEX documents speak of them, and who may have them do so.</summary>
[Collection(StateServers.Name)]
public sealed class VexTests(SharedAzurite azurite) : IAsyncLifetime
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
    public async Task HideWhatTheyMeanUnlessItIsAskedForAndNothingElse()
    {
        string name = Push("made/image");
        string other = _app.Registry.Push("made/other", "1", TestImages.OfNpm("lodash@4.17.20"));
        string id = (await _app.ScanAsync(name)).Id;
        await AddAsync(
            Statement(Lodash, "not_affected", $"pkg:oci/image@{id}", "pkg:npm/lodash@4.17.20"),
            Statement(Minimist, "not_affected", $"pkg:oci/image@{id}", "pkg:npm/lodash@4.17.20"));

        ApiAnswer without = await _app.ScanAsync(name);
        ApiAnswer with = await _app.PostAsync(JsonContent.Create(new { imageName = name, includeSnoozed = true }));
        ApiAnswer stored = await _app.GetAsync($"/v1/images/{id}");

        Assert.Equal([$"minimist {Minimist}"], without.Findings);
        Assert.Equal(1, without.Json.GetProperty("cves").GetInt32());
        Assert.Equal((false, "FALSE_POSITIVE"), StateOf(with, Lodash));
        Assert.Equal((false, "OBSERVED"), StateOf(with, Minimist));
        Assert.Equal(without.Findings, stored.Findings);
        Assert.Equal([$"lodash {Lodash}"], (await _app.ScanAsync(other)).Findings);
    }

    [Fact]
    public async Task ActInOtherProcessesAndUntilTheyAreTakenBack()
    {
        string name = Push("made/image");
        string id = await AddAsync(Statement(Lodash, "fixed", "pkg:npm/lodash@4.17.20"));
        await using ScanApp other = await NewAppAsync();
        string there = other.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5"));

        Assert.Equal([$"minimist {Minimist}"], (await _app.ScanAsync(name)).Findings);
        Assert.Equal([$"minimist {Minimist}"], (await other.ScanAsync(there)).Findings);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Delete, $"/v1/vex/{id}")).Status);

        Assert.Equal([$"lodash {Lodash}", $"minimist {Minimist}"], (await _app.ScanAsync(name)).Findings);
        Assert.Equal(
            [$"lodash {Lodash}", $"minimist {Minimist}"],
            (await Eventually.GetAsync(() => other.ScanAsync(there), answer => answer.Findings.Length == 2)).Findings);
    }

    [Fact]
    public async Task TakeBackWhatEarlierOnesSaid()
    {
        string name = Push("made/image");
        await AddAsync(Statement(Lodash, "affected", "pkg:npm/lodash", day: 2));

        await AddAsync(Statement(Lodash, "not_affected", "pkg:npm/lodash", day: 1), Statement(Minimist, "not_affected", "pkg:npm/minimist", day: 1));

        Assert.Equal([$"lodash {Lodash}"], (await _app.ScanAsync(name)).Findings);
    }

    [Fact]
    public async Task AreListedAndKeptOnce()
    {
        string document = Document(Statement(Lodash, "fixed", "pkg:npm/lodash"));
        ApiAnswer first = await SendAsync(HttpMethod.Post, "/v1/vex", document);
        ApiAnswer again = await SendAsync(HttpMethod.Post, "/v1/vex", document);

        JsonElement listed = Assert.Single((await _app.GetAsync("/v1/vex")).Json.GetProperty("documents").EnumerateArray());

        Assert.Equal((first.Text, first.Text), (again.Text, listed.GetRawText()));
        Assert.Equal(
            ("OpenVEX", "https://example.com/vex", "Ann", 1, "loopback"),
            (Text("format"), Text("documentId"), Text("author"), listed.GetProperty("statements").GetInt32(), Text("addedBy")));

        string? Text(string field) => listed.GetProperty(field).GetString();
    }

    [Theory]
    [InlineData("", "no valid JSON")]
    [InlineData("{}", "neither OpenVEX")]
    [InlineData("""{"@context":"https://openvex.dev/ns","@id":"x","timestamp":"2026-01-01T00:00:00Z","statements":[{"status":"\u001b[2J"}]}""", "status")]
    public async Task AreRefusedWithAWord(string document, string word)
    {
        ApiAnswer refused = await SendAsync(HttpMethod.Post, "/v1/vex", document);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', refused.Message);
        Assert.Empty((await _app.GetAsync("/v1/vex")).Json.GetProperty("documents").EnumerateArray());
    }

    [Fact]
    public async Task HaveBounds()
    {
        ApiAnswer tooLong = await SendAsync(HttpMethod.Post, "/v1/vex", new string(' ', VexUploads.MaxBytes + 1));
        ApiAnswer unknown = await SendAsync(HttpMethod.Delete, "/v1/vex/%1b");

        Assert.Equal((HttpStatusCode.BadRequest, $"the request body is longer than {VexUploads.MaxBytes} bytes"), (tooLong.Status, tooLong.Message));
        Assert.Equal((HttpStatusCode.NotFound, "there is no VEX document \"\\u001b\""), (unknown.Status, unknown.Message));
    }

    [Fact]
    public async Task FailAnswersWhereTheyCannotBeRead()
    {
        string name = Push("made/image");
        await _app.ScanAsync(name);
        TableClient table = await _app.Services.GetRequiredService<StorageAccount>().TableAsync(TableNames.Vex, Token);
        await table.AddEntityAsync(new TableEntity("documents", "document:x") { ["Content0"] = "no JSON"u8.ToArray() }, Token);
        await table.UpsertEntityAsync(new TableEntity("documents", "ledger") { ["Mark"] = "other" }, cancellationToken: Token);

        ApiAnswer answer = await Eventually.GetAsync(() => _app.ScanAsync(name), scanned => scanned.Status != HttpStatusCode.OK);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("The VEX document in row document:x of the table Vex is not readable. Delete the row and add it again.", answer.Message);
    }

    [Fact]
    public async Task PassGatesAndAreAudited()
    {
        await using PolicyLab lab = await PolicyLab.StartAsync(azurite);
        string name = lab.PushViolating();
        string document = Document(Statement("CVE-2024-1", "not_affected", "pkg:npm/left-pad"));

        ApiAnswer before = await ScanAsync();
        ApiAnswer added = await lab.Server.SendAsync("POST", "/v1/vex", TokenServer.Approver, new StringContent(document));
        ApiAnswer after = await ScanAsync();
        JsonElement entry = (await lab.Server.SendAsync("GET", "/v1/audit", TokenServer.Admin, null)).Json.GetProperty("entries")[0];

        Assert.Equal((HttpStatusCode.OK, "fail", "pass"), (added.Status, VerdictOf(before), VerdictOf(after)));
        Assert.Equal(("PostVex", 200), (entry.GetProperty("operation").GetString(), entry.GetProperty("status").GetInt32()));
        Assert.Contains("https://example.com/vex", entry.GetProperty("notes")[0].GetString(), StringComparison.Ordinal);

        Task<ApiAnswer> ScanAsync() => lab.Server.SendAsync(
            "POST", "/v1/images/scan?gate=1", TokenServer.Scanner, JsonContent.Create(new { imageName = name, includeSnoozed = true }));
        static string VerdictOf(ApiAnswer answer) => Assert.Single(answer.Headers.GetValues("X-Gate-Verdict"));
    }

    private static string Statement(string cve, string status, string product, string? subcomponent = null, int day = 1)
    {
        string parts = subcomponent is null ? "" : $$""","subcomponents":[{"@id":"{{subcomponent}}"}]""";
        return $$"""
            {"vulnerability":{"name":"{{cve}}"},"timestamp":"2026-01-0{{day}}T00:00:00Z","status":"{{status}}","impact_statement":"So it is.",
            "products":[{"@id":"{{product}}"{{parts}}}]}
            """;
    }

    private static string Document(params string[] statements) =>
        $$"""
        {"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://example.com/vex","author":"Ann","timestamp":"2026-01-01T00:00:00Z","version":1,
        "statements":[{{string.Join(',', statements)}}]}
        """;

    private Task<ScanApp> NewAppAsync() => ScanApp.StartAsync(azurite, ("Storage:Prefix", _prefix), ("Advisories:Path", _advisories.Path));

    private string Push(string repository) => _app.Registry.Push(repository, "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5"));

    private async Task<string> AddAsync(params string[] statements)
    {
        ApiAnswer added = await SendAsync(HttpMethod.Post, "/v1/vex", Document(statements));
        Assert.True(added.Status == HttpStatusCode.OK, $"{added.Status}: {added.Text}");
        return added.Json.GetProperty("id").GetString()!;
    }

    private async Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? document = null)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = document is null ? null : new StringContent(document, Encoding.UTF8, "application/json"),
        };
        return await _app.SendAsync(request);
    }

    private static (bool Suppressed, string State) StateOf(ApiAnswer answer, string cve)
    {
        JsonElement vulnerability = answer.Vulnerability(cve);
        return (vulnerability.GetProperty("suppressed").GetBoolean(), vulnerability.GetProperty("state").GetString()!);
    }
}
