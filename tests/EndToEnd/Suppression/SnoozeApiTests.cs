using System.Net;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using static ImageScan.EndToEnd.Suppression.SuppressionLab;

namespace ImageScan.EndToEnd.Suppression;

[Collection(StateServers.Name)]
public sealed class SnoozeApiTests(SharedAzurite azurite)
{
    [Fact]
    public async Task TakesAnyNamesAndDurationsOfBothForms()
    {
        await using SuppressionLab lab = await SuppressionLab.StartAsync(azurite);

        foreach (string duration in new[] { "86400s", "24h", "0s", "-1h" })
        {
            Assert.Equal("{}", (await lab.SnoozeAsync("""["CVE-2026-1","GHSA-x/y#?\\","ä","\u202e"]""", duration)).Text);
        }

        Assert.Equal("{}", (await lab.UnsnoozeAsync("""["ä","never snoozed"]""")).Text);
    }

    [Fact]
    public async Task WantsCvesAndADuration()
    {
        await using SuppressionLab lab = await SuppressionLab.StartAsync(azurite);

        ApiAnswer none = await lab.SnoozeAsync("[]");
        ApiAnswer noneToEnd = await lab.UnsnoozeAsync("""[""]""");
        ApiAnswer noDuration = await lab.SendAsync("PATCH", Bob, "/v1/imagecves/suppress", """{"cves":["CVE-1"]}""");

        Assert.Equal((HttpStatusCode.BadRequest, "invalid arguments: no cves provided to snooze"), (none.Status, none.Message));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid arguments: no cves provided to un-snooze"), (noneToEnd.Status, noneToEnd.Message));
        Assert.Equal((HttpStatusCode.BadRequest, "duration: nil Duration"), (noDuration.Status, noDuration.Message));
    }

    [Fact]
    public async Task BoundsHowManyAtOnce()
    {
        await using SuppressionLab lab = await SuppressionLab.StartAsync(azurite);
        string many = $"[{string.Join(',', Enumerable.Range(0, 1_001).Select(i => $"\"CVE-{i}\""))}]";

        ApiAnswer answer = await lab.SnoozeAsync(many);

        Assert.Equal((HttpStatusCode.BadRequest, "at most 1000 CVEs may be given at once, not 1001: invalid arguments"), (answer.Status, answer.Message));
    }

    [Fact]
    public async Task IsForThoseWhoDecide()
    {
        await using SuppressionLab lab = await SuppressionLab.StartAsync(azurite);

        foreach (string token in new[] { Ann, TokenServer.Reader, TokenServer.Scanner })
        {
            ApiAnswer answer = await lab.SendAsync("PATCH", token, "/v1/imagecves/suppress", """{"cves":["CVE-1"],"duration":"1h"}""");

            Assert.Equal(
                (HttpStatusCode.Forbidden, "not authorized: \"READ_WRITE_ACCESS\" for \"VulnerabilityManagementApprovals\""), (answer.Status, answer.Message));
        }
    }

    [Fact]
    public async Task IsNotThereWhereItIsSwitchedOff()
    {
        await using SuppressionLab lab = await SuppressionLab.StartAsync(azurite, ("Api:Snooze", "false"));

        foreach (ApiAnswer answer in new[] { await lab.SnoozeAsync("""["CVE-1"]"""), await lab.UnsnoozeAsync("[]") })
        {
            Assert.Equal("""{"error":"not found","code":5,"message":"not found","details":[]}""", answer.Text);
        }
    }
}
