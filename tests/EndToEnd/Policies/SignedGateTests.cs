using System.Net.Http.Json;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.EndToEnd.Signatures;

namespace ImageScan.EndToEnd.Policies;

/// <summary>The policy that an image must be signed, with images of a real registry.</summary>
[Collection(ScanServers.Name)]
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

    private static async Task<string[]> PoliciesOfAsync(SignedLab lab, PushedImage image) =>
        PolicyLab.PoliciesOf(await lab.SendAsync("POST", "/v1/detect/build", new { imageName = image.Name }));

    private static async Task<string> VerdictAsync(SignedLab lab, PushedImage image)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/images/scan?gate=true") { Content = JsonContent.Create(new { imageName = image.Name }) };
        return Assert.Single((await lab.App.SendAsync(request)).Headers.GetValues("X-Gate-Verdict"));
    }
}
