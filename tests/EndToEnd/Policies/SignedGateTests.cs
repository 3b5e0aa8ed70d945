using System.Net;
using System.Net.Http.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.EndToEnd.Signatures;

namespace ImageScan.EndToEnd.Policies;

/// <summary>The policy that an image must be signed, with images of a real registry.</summary>
[Collection(StateServers.Name)]
public sealed class SignedGateTests(SharedAzurite azurite)
{
    private const string NotVerified = "Image Signature Not Verified";

    [Fact]
    public async Task FailsWhatNoTrustedKeyHasSigned()
    {
        using var key = OpenSslKey.OfCurve("P-256");
        using var stranger = OpenSslKey.OfCurve("P-256");
        await using SignedLab lab = await SignedLab.StartAsync(azurite, ("Policies:Choices:0:Policy", NotVerified), ("Policies:Choices:0:State", "fail"));
        PushedImage unsigned = await lab.PushAsync("made/unsigned");
        PushedImage foreign = await lab.PushAsync("made/foreign");
        PushedImage signed = await lab.PushAsync("made/signed");
        await lab.SignAsync(foreign, foreign.SignedBy(stranger));
        await lab.SignAsync(signed, signed.SignedBy(key));

        string[] untrusted = await PoliciesOfAsync(lab, unsigned);
        await lab.TrustAsync("acme", key);

        Assert.DoesNotContain(NotVerified, untrusted);
        Assert.Contains(NotVerified, await PoliciesOfAsync(lab, unsigned));
        Assert.Contains(NotVerified, await PoliciesOfAsync(lab, foreign));
        Assert.DoesNotContain(NotVerified, await PoliciesOfAsync(lab, signed));
        Assert.Equal(("fail", "pass"), (await VerdictAsync(lab, unsigned), await VerdictAsync(lab, signed)));
    }

    [Fact]
    public async Task KeepsAnIntegrationThatAPolicyNames()
    {
        using var key = OpenSslKey.OfCurve("P-256");
        string prefix = ScanApp.NewPrefix();
        await using ScanApp before = await ScanApp.StartAsync(azurite, ("Storage:Prefix", prefix));
        string id = await TrustAsync(before, "acme", key);
        string other = await TrustAsync(before, "other", key);
        string policies = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.json");
        await File.WriteAllTextAsync(policies, PolicyNaming(id), TestContext.Current.CancellationToken);
        try
        {
            await using ScanApp app = await ScanApp.StartAsync(azurite, ("Storage:Prefix", prefix), ("Policies:Path", policies));

            ApiAnswer refused = await DeleteAsync(app, id);
            ApiAnswer deleted = await DeleteAsync(app, other);

            Assert.Equal(
                (9, "failed to delete signature integration: cannot delete signature integration \"acme\" since there are existing policies that reference it: "
                    + "[Signed by acme]"),
                (refused.Json.GetProperty("code").GetInt32(), refused.Message));
            Assert.Equal(HttpStatusCode.OK, deleted.Status);
        }
        finally
        {
            File.Delete(policies);
        }
    }

    private static string PolicyNaming(string id) => $$"""
        {"policies":[{"id":"1","name":"Signed by acme","severity":"HIGH_SEVERITY","lifecycleStages":["BUILD"],"categories":["Supply Chain Security"],
        "policySections":[{"policyGroups":[{"fieldName":"Image Signature Verified By","values":[{"value":"{{id}}"}]}]}]}]}
        """;

    private static async Task<string> TrustAsync(ScanApp app, string name, OpenSslKey key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/signatureintegrations")
        {
            Content = JsonContent.Create(new { name, cosign = new { publicKeys = new[] { new { name, publicKeyPemEnc = key.PublicPem } } } }),
        };
        return (await app.SendAsync(request)).Id;
    }

    private static async Task<ApiAnswer> DeleteAsync(ScanApp app, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/v1/signatureintegrations/{id}");
        return await app.SendAsync(request);
    }

    private static async Task<string[]> PoliciesOfAsync(SignedLab lab, PushedImage image) =>
        PolicyLab.PoliciesOf(await lab.SendAsync("POST", "/v1/detect/build", new { imageName = image.Name }));

    private static async Task<string> VerdictAsync(SignedLab lab, PushedImage image)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images/scan?gate=true") { Content = JsonContent.Create(new { imageName = image.Name }) };
        return Assert.Single((await lab.App.SendAsync(request)).Headers.GetValues("X-Gate-Verdict"));
    }
}
