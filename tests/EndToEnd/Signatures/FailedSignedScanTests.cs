using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Signatures;

/// <summary>Signatures of an image whose layers cannot be read.</summary>
[Collection(StateServers.Name)]
public sealed class FailedSignedScanTests(SharedAzurite azurite)
{
    [Fact]
    public async Task AreAskedForNoMore()
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Scan:InlineBytes", "1000000"));
        await TrustSomebodyAsync(app);
        MadeImage image = TestImages.OfNpm("lodash@4.17.20");
        string name = app.Registry.Push("made/image", "1", image);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Registry.Misbehave(async (context, _) =>
        {
            if (!context.Request.Path.Value!.EndsWith(".sig", StringComparison.Ordinal))
            {
                return false;
            }

            using CancellationTokenRegistration left = context.RequestAborted.Register(gone.SetResult);
            asked.TrySetResult();
            await gone.Task;
            return true;
        });
        app.Registry.Misbehave(Faults.On(image.Layers[0].Digest, async (context, blob) =>
        {
            await asked.Task;
            return await Faults.Deny("not for you")(context, blob);
        }));

        ApiAnswer failed = await app.ScanAsync(name);

        Assert.NotEqual(HttpStatusCode.OK, failed.Status);
        Assert.Contains("not for you", failed.Message, StringComparison.Ordinal);

        // The registry hears of it a moment later; a question that nobody ends would wait for half a minute.
        await gone.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private static async Task TrustSomebodyAsync(ScanApp app)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/signatureintegrations")
        {
            Content = JsonContent.Create(new
            {
                name = "acme",
                cosign = new { publicKeys = new[] { new { name = "k", publicKeyPemEnc = key.ExportSubjectPublicKeyInfoPem() } } },
            }),
        };
        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync(request)).Status);
    }
}
