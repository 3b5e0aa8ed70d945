using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Policies;

[Collection(StateServers.Name)]
public sealed class BuildDetectionTests(SharedAzurite azurite)
{
    [Fact]
    public async Task GivesAlertsInTheFormOfStackRox()
    {
        await using PolicyLab lab = await PolicyLab.StartAsync(azurite);
        string name = lab.PushViolating();

        ApiAnswer answer = await lab.DetectAsync(new { imageName = name });

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        JsonElement alert = answer.Json.GetProperty("alerts")[0];
        Assert.Equal(
            [
                "id", "policy", "lifecycleStage", "clusterId", "clusterName", "namespace", "namespaceId", "image", "violations", "processViolation",
                "enforcement", "time", "firstOccurred", "resolvedAt", "state", "snoozeTill",
            ],
            alert.EnumerateObject().Select(field => field.Name));
        Assert.True(Guid.TryParse(alert.GetProperty("id").GetString(), out _));
        Assert.Equal(("BUILD", "ACTIVE"), (alert.GetProperty("lifecycleStage").GetString(), alert.GetProperty("state").GetString()));
        Assert.Equal(name, alert.GetProperty("image").GetProperty("name").GetProperty("fullName").GetString());
        Assert.Equal(
            """[{"message":"Fixable CVE-2024-1 (CVSS 9.8) (severity Critical) found in component 'left-pad' (version 1.2.0), resolved by version 1.3.0","type":"GENERIC","time":null}]""",
            alert.GetProperty("violations").GetRawText());
        JsonElement policy = alert.GetProperty("policy");
        Assert.Equal(
            [
                "id", "name", "description", "rationale", "remediation", "disabled", "categories", "lifecycleStages", "eventSource", "exclusions", "scope",
                "severity", "enforcementActions", "notifiers", "lastUpdated", "SORTName", "SORTLifecycleStage", "SORTEnforcement", "policyVersion",
                "policySections", "mitreAttackVectors", "criteriaLocked", "mitreVectorsLocked", "isDefault",
            ],
            policy.EnumerateObject().Select(field => field.Name));
        Assert.Equal(
            (PolicyLab.Fixable, "HIGH_SEVERITY", """["FAIL_BUILD_ENFORCEMENT"]"""),
            (policy.GetProperty("name").GetString(), policy.GetProperty("severity").GetString(), policy.GetProperty("enforcementActions").GetRawText()));
    }

    [Fact]
    public async Task LeavesOutWhatIsSnoozed()
    {
        await using PolicyLab lab = await PolicyLab.StartAsync(azurite);
        string name = lab.PushViolating();
        string[] before = PolicyLab.PoliciesOf(await lab.DetectAsync(new { imageName = name }));

        await lab.Server.SendAsync(
            "PATCH", "/v1/imagecves/suppress", TokenServer.Approver, JsonContent.Create(new { cves = (string[])["CVE-2024-1"], duration = "3600s" }));

        Assert.Equal(before.Except([PolicyLab.Fixable]), PolicyLab.PoliciesOf(await lab.DetectAsync(new { imageName = name })));
        Assert.Contains(PolicyLab.Fixable, before);
    }

    [Fact]
    public async Task AsksForPoliciesOfCategories()
    {
        await using PolicyLab lab = await PolicyLab.StartAsync(azurite);
        string name = lab.PushViolating("latest");

        ApiAnswer supply = await lab.DetectAsync(new { imageName = name, policyCategories = (string[])["Supply Chain Security"] });
        ApiAnswer unknown = await lab.DetectAsync(new { imageName = name, policyCategories = (string[])["Docker CIS", "Nobody's", "docker cis"] });

        Assert.Equal(["90-Day Image Age", "Latest tag"], PolicyLab.PoliciesOf(supply));
        Assert.Equal(
            (HttpStatusCode.BadRequest, """allowed categories ["Nobody's" "docker cis"] did not match any policy categories"""), (unknown.Status, unknown.Message));
    }

    [Fact]
    public async Task TakesTheFormOfRoxctlAndReadsAgainIfForced()
    {
        await using PolicyLab lab = await PolicyLab.StartAsync(azurite);
        string name = lab.PushViolating();
        object image = new { id = "", name = new { registry = lab.Registry.Host, remote = "made/violating", tag = "1", fullName = name } };
        await lab.DetectAsync(new { image });
        int before = lab.Registry.BlobRequests.Count;

        ApiAnswer stored = await lab.DetectAsync(new { image });
        int between = lab.Registry.BlobRequests.Count;
        ApiAnswer forced = await lab.DetectAsync(new { image, force = true });

        Assert.Equal(before, between);
        Assert.True(lab.Registry.BlobRequests.Count > between);
        Assert.Equal(PolicyLab.PoliciesOf(stored), PolicyLab.PoliciesOf(forced));
    }

    [Fact]
    public async Task AsksNoRegistryIfItShallNot()
    {
        await using PolicyLab lab = await PolicyLab.StartAsync(azurite);
        ApiAnswer scan = await lab.Server.ScanAsync(lab.PushViolating());
        int before = lab.Registry.Requests.Count;

        ApiAnswer stored = await lab.DetectAsync(new { imageName = $"{lab.Registry.Host}/made/violating@{scan.Id}", noExternalMetadata = true });
        ApiAnswer unknown = await lab.DetectAsync(new { imageName = $"{lab.Registry.Host}/made/violating:latest", noExternalMetadata = true });

        Assert.Contains(PolicyLab.Fixable, PolicyLab.PoliciesOf(stored));
        Assert.Equal(["Image Not Scanned", "Latest tag"], PolicyLab.PoliciesOf(unknown));
        Assert.Equal(before, lab.Registry.Requests.Count);
    }

    [Fact]
    public async Task SaysInTheWordsOfStackRoxWhatCannotBe()
    {
        await using PolicyLab lab = await PolicyLab.StartAsync(azurite);

        Assert.Equal("invalid arguments: image or image_name must be specified", (await lab.DetectAsync(new { })).Message);
        Assert.Equal(
            "force option is incompatible with not fetching metadata from external sources",
            (await lab.DetectAsync(new { imageName = "a", force = true, noExternalMetadata = true })).Message);
        ApiAnswer cluster = await lab.DetectAsync(new { imageName = "a", cluster = "nowhere" });
        Assert.Equal(
            (HttpStatusCode.NotFound, "cluster \"nowhere\" not found, ensure cluster exists and have access"), (cluster.Status, cluster.Message));
        ApiAnswer missing = await lab.DetectAsync(new { imageName = $"{lab.Registry.Host}/no/such:1" });
        Assert.Equal(HttpStatusCode.InternalServerError, missing.Status);
        Assert.StartsWith($"image enrichment error: error getting metadata for image: {lab.Registry.Host}/no/such:1 error: ", missing.Message, StringComparison.Ordinal);
        ApiAnswer reader = await lab.Server.SendAsync("POST", "/v1/detect/build", TokenServer.Reader, JsonContent.Create(new { imageName = "a" }));
        Assert.Equal((HttpStatusCode.Forbidden, "not authorized: \"READ_ACCESS\" for \"Detection\""), (reader.Status, reader.Message));
    }

    [Fact]
    public async Task DoesWhatTheSettingsChoose()
    {
        await using PolicyLab lab = await PolicyLab.StartAsync(
            azurite,
            ("Policies:Choices:0:Policy", PolicyLab.Fixable),
            ("Policies:Choices:0:State", "off"),
            ("Policies:Choices:1:Policy", "2db9a279-2aec-4618-a85d-7f1bdf4911b1"),
            ("Policies:Choices:1:State", "fail"));

        ApiAnswer answer = await lab.DetectAsync(new { imageName = lab.PushViolating() });
        ApiAnswer listed = await lab.Server.SendAsync("GET", "/v1/policies", TokenServer.Reader);
        ApiAnswer one = await lab.Server.SendAsync("GET", "/v1/policies/2db9a279-2aec-4618-a85d-7f1bdf4911b1", TokenServer.Reader);
        ApiAnswer none = await lab.Server.SendAsync("GET", "/v1/policies/none", TokenServer.Reader);

        Assert.DoesNotContain(PolicyLab.Fixable, PolicyLab.PoliciesOf(answer));
        Assert.Contains("90-Day Image Age", PolicyLab.PoliciesOf(answer));
        JsonElement off = listed.Json.GetProperty("policies").EnumerateArray().Single(policy => policy.GetProperty("name").GetString() == PolicyLab.Fixable);
        Assert.True(off.GetProperty("disabled").GetBoolean());
        Assert.Equal("""["FAIL_BUILD_ENFORCEMENT"]""", one.Json.GetProperty("enforcementActions").GetRawText());
        Assert.Equal((HttpStatusCode.NotFound, "policy with ID 'none' does not exist: not found"), (none.Status, none.Message));
    }
}
