using System.Diagnostics;
using System.Text.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Policies;

/// <summary>
/// What StackRox's Jenkins plugin sends and reads, by curl: its test button, the scan and the policy check of each image
/// (https://github.com/stackrox/jenkins-plugin/tree/f4de654debd34c69445642e064a4d935586b11b3/stackrox-container-image-scanner/src/main/java/com/stackrox/jenkins/plugins:
/// StackroxBuilder, ImageService, DetectionService). Its client asks for JSON and takes fields that it does not know.
/// </summary>
[Collection(StateServers.Name)]
public sealed class JenkinsTranscriptTests(SharedAzurite azurite)
{
    [Fact]
    public async Task IsAcceptedAtEveryStep()
    {
        OnPath.Require("curl");
        await using PolicyLab lab = await PolicyLab.StartAsync(azurite);
        string image = lab.PushViolating();

        // doCheckRoxAuthStatus
        JsonElement status = await CurlAsync(lab, TokenServer.Scanner, "GET", "/v1/auth/status", null, expected: 200);
        Assert.NotEmpty(status.GetProperty("userId").GetString()!);

        // ImageService.getImageScanResults
        JsonElement scanned = await CurlAsync(
            lab, TokenServer.Scanner, "POST", "/v1/images/scan", $$"""{"imageName":"{{image}}","force":true,"cluster":""}""", expected: 200);
        JsonElement component = Assert.Single(scanned.GetProperty("scan").GetProperty("components").EnumerateArray());
        JsonElement cve = Assert.Single(component.GetProperty("vulns").EnumerateArray());
        Assert.Equal(
            ("left-pad", "1.2.0", "CVE-2024-1", 9.8, "V3", "1.3.0", "CRITICAL"),
            (
                component.GetProperty("name").GetString(),
                component.GetProperty("version").GetString(),
                cve.GetProperty("cve").GetString(),
                cve.GetProperty("cvss").GetDouble(),
                cve.GetProperty("scoreVersion").GetString(),
                cve.GetProperty("fixedBy").GetString(),
                cve.GetProperty("severity").GetString()!.Split('_')[0]));
        Assert.Equal(JsonValueKind.String, cve.GetProperty("link").ValueKind);

        // DetectionService.getPolicyViolations, and what of it fails the build (ImageCheckResults.isStatusPass)
        JsonElement detected = await CurlAsync(
            lab, TokenServer.Scanner, "POST", "/v1/detect/build", $$"""{"imageName":"{{image}}","cluster":""}""", expected: 200);
        JsonElement[] alerts = [.. detected.GetProperty("alerts").EnumerateArray()];
        Assert.All(alerts, alert =>
        {
            JsonElement policy = alert.GetProperty("policy");
            Assert.All((string[])["name", "severity", "description", "remediation"], field => Assert.NotEmpty(policy.GetProperty(field).GetString()!));
            Assert.Contains(policy.GetProperty("severity").GetString()!.Split('_')[0], (string[])["LOW", "MEDIUM", "HIGH", "CRITICAL"]);
            Assert.NotEqual("", string.Join(" - ", alert.GetProperty("violations").EnumerateArray().Select(violation => violation.GetProperty("message").GetString())));
        });
        Assert.Equal(
            PolicyLab.Fixable,
            Assert.Single(alerts, IsEnforced).GetProperty("policy").GetProperty("name").GetString());
    }

    [Fact]
    public async Task IsToldWhatIsWrong()
    {
        OnPath.Require("curl");
        await using PolicyLab lab = await PolicyLab.StartAsync(azurite);
        string missing = $"{lab.Registry.Host}/no/such:1";

        JsonElement unknown = await CurlAsync(lab, "nobody's token", "GET", "/v1/auth/status", null, expected: 401);
        JsonElement scan = await CurlAsync(
            lab, TokenServer.Scanner, "POST", "/v1/images/scan", $$"""{"imageName":"{{missing}}","force":true,"cluster":""}""", expected: 500);
        JsonElement detect = await CurlAsync(
            lab, TokenServer.Scanner, "POST", "/v1/detect/build", $$"""{"imageName":"{{missing}}","cluster":""}""", expected: 500);

        // ServiceException shows the message to people.
        Assert.NotEmpty(unknown.GetProperty("message").GetString()!);
        Assert.Contains(missing, scan.GetProperty("message").GetString()!, StringComparison.Ordinal);
        Assert.Equal(scan.GetProperty("message").GetString(), detect.GetProperty("message").GetString());
    }

    private static bool IsEnforced(JsonElement alert) =>
        alert.GetProperty("policy").GetProperty("enforcementActions").EnumerateArray().Any(action => action.GetString() == "FAIL_BUILD_ENFORCEMENT");

    private static async Task<JsonElement> CurlAsync(PolicyLab lab, string token, string method, string path, string? body, int expected)
    {
        // The headers of its generated client (OkHttp), the user agent as Jenkins makes it.
        var start = new ProcessStartInfo("curl") { RedirectStandardOutput = true, RedirectStandardInput = true };
        string[] arguments =
        [
            "-q", "-s", "--http1.1", "--noproxy", "*", "--max-time", "60", "-X", method, "-w", "\n%{http_code}",
            "-H", $"Authorization: Bearer {token}",
            "-H", "Accept: application/json",
            "-H", "Accept-Encoding: identity",
            "-H", "User-Agent: stackrox-container-image-scanner/1.4:2.479 (Linux; amd64) CI",
            .. body is null ? (string[])[] : ["-H", "Content-Type: application/json; charset=utf-8", "--data-binary", "@-"],
            new Uri(lab.Server.Address, path).AbsoluteUri,
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using Process curl = Process.Start(start)!;
        await curl.StandardInput.WriteAsync(body ?? "");
        curl.StandardInput.Close();
        string output = await curl.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await curl.WaitForExitAsync(TestContext.Current.CancellationToken);
        int end = output.LastIndexOf('\n');
        Assert.Equal($"{expected}", output[(end + 1)..]);
        return JsonDocument.Parse(output[..end]).RootElement;
    }
}
