using System.Net;
using System.Text;
using ImageScan.Core.Api.Wire;
using ImageScan.Core.Tests.Api.Wire;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Signatures;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

/// <summary>The values of enums in answers: all that scans of made images give, and that no value is forgotten.</summary>
[Collection(ScanServers.Name)]
public sealed class EnumValuesTests(SharedAzurite azurite)
{
    [Fact]
    public async Task AreGivenByScans()
    {
        using var advisories = new TestAdvisories();
        await advisories.ReplaceByDocumentsAsync(EnumImages.Advisories());
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Advisories:Path", advisories.Path), ("Api:Level", "latest"));
        var given = new HashSet<(string, string)>();
        foreach ((string name, MadeImage image) in EnumImages.All())
        {
            given.UnionWith(ValuesIn(await app.ScanAsync(app.Registry.Push($"made/{name}", "1", image))));
        }

        foreach (string name in await ImagesOfEverySignature.PushAsync(app))
        {
            given.UnionWith(ValuesIn(await app.ScanAsync(name)));
        }

        await SendAsync(app, "PATCH", "/v1/imagecves/suppress", """{"cves":["CVE-2026-1000"],"duration":"1h"}""");
        given.UnionWith(await ValuesWithSnoozedAsync(app));
        ApiAnswer exception = await SendAsync(
            app, "POST", "/v2/vulnerability-exceptions/false-positive",
            """{"cves":["CVE-2026-1001"],"comment":"not ours","scope":{"imageScope":{"registry":".*","remote":".*","tag":".*"}}}""");
        string id = exception.Json.GetProperty("exception").GetProperty("id").GetString()!;
        await SendAsync(app, "POST", $"/v2/vulnerability-exceptions/{id}/approve", """{"comment":"fine"}""");
        given.UnionWith(await ValuesWithSnoozedAsync(app));

        Assert.Empty(EnumTable.Given.Except(given));
        Assert.Empty(given.Except(EnumTable.Given));
    }

    [Fact]
    public void AreAllInOneOfTheTwoLists() => Assert.Equal(EnumTable.InAnswers().Order(), EnumTable.All.Order());

    [Fact]
    public void AreWrittenByTheirNamesWhereNoScanGivesThem()
    {
        var image = new WireImage
        {
            Notes = Enum.GetValues<ImageNote>(),
            SignatureVerificationData = new WireVerification
            {
                Results = [.. Enum.GetValues<VerificationStatus>().Select(status => new WireVerificationResult { Status = status })],
            },
            Scan = new WireScan
            {
                Notes = Enum.GetValues<ScanNote>(),
                Components =
                [
                    new WireComponent
                    {
                        Vulns =
                        [
                            .. Enum.GetValues<VulnerabilityState>().Select(state => new WireVulnerability { State = state }),
                            .. Enum.GetValues<VulnerabilityType>().Select(type => new WireVulnerability { VulnerabilityType = type, VulnerabilityTypes = [type] }),
                            new WireVulnerability { CvssV2 = new WireCvssV2(), CvssV3 = new WireCvssV3() },
                        ],
                    },
                ],
            },
        };

        string json = Encoding.UTF8.GetString(WireJson.BytesOf(image, WireLayout.Compact));

        Assert.All(EnumTable.All.Except(EnumTable.Given), unseen => Assert.Contains($"\"{unseen.Value}\"", json, StringComparison.Ordinal));
    }

    private static async Task<IEnumerable<(string, string)>> ValuesWithSnoozedAsync(ScanApp app) => ValuesIn(
        await SendAsync(app, "POST", "/v1/images/scan", $$"""{"imageName":"{{app.Registry.Host}}/made/scores:1","includeSnoozed":true}"""));

    private static async Task<ApiAnswer> SendAsync(ScanApp app, string method, string path, string json)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        ApiAnswer answer = await app.SendAsync(request);
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer;
    }

    private static IEnumerable<(string, string)> ValuesIn(ApiAnswer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return EnumTable.In(WireReader.Read<WireImage>(Encoding.UTF8.GetBytes(answer.Text)));
    }
}
