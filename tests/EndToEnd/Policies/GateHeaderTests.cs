using System.Net;
using System.Net.Http.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Policies;

[Collection(StateServers.Name)]
public sealed class GateHeaderTests(SharedAzurite azurite)
{
    [Fact]
    public async Task SaysWhetherABuildMayGoOnOnlyToThoseWhoAsk()
    {
        await using PolicyLab lab = await PolicyLab.StartAsync(azurite);
        string violating = lab.PushViolating();
        string fine = lab.Registry.Push("made/fine", "1", TestImages.OfNpm("left-pad@1.3.0"));

        ApiAnswer failed = await ScanAsync(lab, violating, "?gate=true");
        ApiAnswer passed = await ScanAsync(lab, fine, "?gate=true");
        ApiAnswer plain = await ScanAsync(lab, violating, "");

        Assert.Equal("fail", Verdict(failed));
        Assert.Equal($"{PolicyLab.PoliciesOf(await lab.DetectAsync(new { imageName = violating })).Length}", Assert.Single(failed.Headers.GetValues("X-Gate-Alerts")));
        Assert.Equal("pass", Verdict(passed));
        Assert.False(plain.Headers.Contains("X-Gate-Verdict") || plain.Headers.Contains("X-Gate-Alerts"));
        Assert.Equal(plain.Text, failed.Text);
    }

    [Fact]
    public async Task PassesWhatIsSnoozedAlsoWhereItIsShown()
    {
        await using PolicyLab lab = await PolicyLab.StartAsync(azurite);
        string name = lab.PushViolating();
        await lab.Server.SendAsync(
            "PATCH", "/v1/imagecves/suppress", TokenServer.Approver, JsonContent.Create(new { cves = (string[])["CVE-2024-1"], duration = "3600s" }));

        ApiAnswer answer = await lab.Server.SendAsync(
            "POST", "/v1/images/scan?gate=1", TokenServer.Scanner, JsonContent.Create(new { imageName = name, includeSnoozed = true }));

        Assert.Equal(["left-pad CVE-2024-1"], answer.Findings);
        Assert.Equal("pass", Verdict(answer));
    }

    [Fact]
    public async Task SaysNothingWhereThereIsNoImage()
    {
        await using PolicyLab lab = await PolicyLab.StartAsync(azurite);

        ApiAnswer missing = await ScanAsync(lab, $"{lab.Registry.Host}/no/such:1", "?gate=true");
        ApiAnswer unreadable = await ScanAsync(lab, lab.PushViolating(), "?gate=yes");

        Assert.Equal(HttpStatusCode.InternalServerError, missing.Status);
        Assert.False(missing.Headers.Contains("X-Gate-Verdict"));
        Assert.Equal((HttpStatusCode.BadRequest, "strconv.ParseBool: parsing \"yes\": invalid syntax"), (unreadable.Status, unreadable.Message));
    }

    private static Task<ApiAnswer> ScanAsync(PolicyLab lab, string imageName, string query) =>
        lab.Server.SendAsync("POST", $"/v1/images/scan{query}", TokenServer.Scanner, JsonContent.Create(new { imageName }));

    private static string Verdict(ApiAnswer answer) => Assert.Single(answer.Headers.GetValues("X-Gate-Verdict"));
}
