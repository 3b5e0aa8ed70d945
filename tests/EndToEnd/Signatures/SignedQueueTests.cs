using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;

namespace ImageScan.EndToEnd.Signatures;

/// <summary>Signatures where whoever asks is not the one who reads the image.</summary>
[Collection(StateServers.Name)]
public sealed class SignedQueueTests(SharedAzurite azurite)
{
    [Fact]
    public async Task AreFoundByWhoeverPutsTheLayersTogether()
    {
        using OpenSslKey key = OpenSslKey.OfCurve("P-256");
        await using SignedLab lab = await SignedLab.StartAsync(azurite, ("Scan:InlineBytes", "1"));
        await lab.TrustAsync("acme", key);
        PushedImage image = await lab.PushAsync("made/queued");
        await lab.SignAsync(image, image.SignedBy(key));

        ApiAnswer answer = await lab.App.ScanAsync(image.Name);

        Assert.Equal(
            "VERIFIED",
            answer.Json.GetProperty("signatureVerificationData").GetProperty("results")[0].GetProperty("status").GetString());
    }
}
