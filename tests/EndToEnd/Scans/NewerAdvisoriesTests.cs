using System.Net;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class NewerAdvisoriesTests(SharedAzurite azurite)
{
    private static readonly string Known = TestAdvisories.Record("CVE-2026-1001", "lodash", "4.17.21");
    private static readonly string New = TestAdvisories.Record("CVE-2026-1002", "minimist", "1.2.6");

    [Fact]
    public async Task AreMatchedWithoutAPull()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(Known);
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path));
        string name = app.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5"));
        ApiAnswer first = await app.ScanAsync(name);
        int before = app.Registry.Requests.Count;

        await advisories.ReplaceAsync(Known, New);
        ApiAnswer second = await app.ScanAsync(name);

        Assert.Equal(["lodash CVE-2026-1001"], first.Findings);
        Assert.Equal(["lodash CVE-2026-1001", "minimist CVE-2026-1002"], second.Findings);
        Assert.Equal("1.2.6", second.Vulnerability("CVE-2026-1002").GetProperty("fixedBy").GetString());
        RegistryRequest request = Assert.Single(app.Registry.Requests.Skip(before));
        Assert.Equal("HEAD", request.Method);
        Assert.Equal(second.Findings, (await app.GetAsync($"/v1/images/{first.Id}")).Findings);
    }

    [Fact]
    public async Task AreNotUndoneByAProcessThatHasOnlyTheStarterSet()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(New);
        string prefix = ScanApp.NewPrefix();
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Storage:Prefix", prefix), ("Advisories:Path", advisories.Path));
        await using ScanApp other = await ScanApp.StartAsync(azurite, ("Storage:Prefix", prefix));
        ApiAnswer first = await app.ScanAsync(app.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5")));

        ApiAnswer second = await other.ScanAsync(other.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5")));

        Assert.Equal(["minimist CVE-2026-1002"], first.Findings);
        Assert.Equal(first.Findings, second.Findings);
    }

    [Fact]
    public async Task LeaveTheFirstOccurrencesAsTheyWere()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(Known);
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path));
        string name = app.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5"));
        ApiAnswer first = await app.ScanAsync(name);

        await advisories.ReplaceAsync(New);
        await app.ScanAsync(name);
        await advisories.ReplaceAsync(Known, New);
        ApiAnswer third = await app.ScanAsync(name);

        foreach (string occurrence in (string[])["firstImageOccurrence", "firstSystemOccurrence"])
        {
            DateTimeOffset before = TimeOf(first, "CVE-2026-1001", occurrence);
            Assert.Equal(before, TimeOf(third, "CVE-2026-1001", occurrence));
            Assert.True(before < TimeOf(third, "CVE-2026-1002", occurrence));
        }
    }

    [Fact]
    public async Task ThatCannotBeReadLeaveTheOldOnesAtWork()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceAsync(Known);
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path));
        string name = app.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20"));
        ApiAnswer first = await app.ScanAsync(name);

        await File.WriteAllTextAsync($"{advisories.Path}.new", "no snapshot", TestContext.Current.CancellationToken);
        File.Move($"{advisories.Path}.new", advisories.Path, overwrite: true);
        ApiAnswer second = await app.ScanAsync(name);

        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.Equal(first.Text, second.Text);
    }

    [Fact]
    public async Task ThatAreMissingAreSaidToBe()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:UseStarterSet", "false"));

        ApiAnswer answer = await app.ScanAsync(app.Registry.Push("made/image", "1", TestImages.OfNpm("lodash@4.17.20")));

        Assert.Empty(answer.Findings);
        Assert.Contains("OS_CVES_UNAVAILABLE", answer.ScanNotes);
        Assert.Contains("PARTIAL_SCAN_DATA", answer.ScanNotes);
    }

    private static DateTimeOffset TimeOf(ApiAnswer answer, string cve, string name)
    {
        JsonElement time = answer.Vulnerability(cve).GetProperty(name);
        return time.GetDateTimeOffset();
    }
}
