using System.Net;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.EndToEnd.Azurite;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using Microsoft.Extensions.DependencyInjection;

namespace ImageScan.EndToEnd.Webhooks;

/// <summary>The reference registry, its notifications pointed at the app: <c>skopeo copy</c> is all that anybody does.</summary>
[Collection(EventServers.Name)]
public sealed class DockerRegistryNotificationTests(SharedAzurite azurite)
{
    private const string Person = $"{RegistryTokenServer.User}:{RegistryTokenServer.Password}";

    // htpasswd -nbBC 5 ci 'a password of tests'
    private const string Users = "ci:$2y$05$3ULuM397kXGDE1RQixhMCutcX3PS19PTsInViH83OrnDlciDlabda";

    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20", "minimist@1.2.5");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task APushLeadsToAFinishedScan()
    {
        await using RegistryLab lab = await RegistryLab.StartAsync(azurite, new DockerRegistrySetup());

        await AssertIsScannedOnceAsync(lab, await lab.PushAsync("shop/cart", "1.4.2", Image));
    }

    [Fact]
    public async Task APushLeadsToAFinishedScanWherePasswordsAreAskedFor()
    {
        await using RegistryLab lab = await RegistryLab.StartAsync(azurite, new DockerRegistrySetup { Users = Users }, Person);

        await AssertIsScannedOnceAsync(lab, await lab.PushAsync("shop/cart", "1.4.2", Image));
    }

    [Fact]
    public async Task APushLeadsToAFinishedScanWhereTokensAreAskedFor()
    {
        await using RegistryTokenServer tokens = await RegistryTokenServer.StartAsync(Token);

        // A token server at an address that is not public must be listed, as its registry must.
        await using RegistryLab lab = await RegistryLab.StartAsync(
            azurite, new DockerRegistrySetup { Tokens = tokens }, Person, settings: [("Registries:1:Host", tokens.Host), ("Registries:1:Insecure", "true")]);

        await AssertIsScannedOnceAsync(lab, await lab.PushAsync("shop/cart", "1.4.2", Image));

        Assert.True(tokens.Given >= 2, $"{tokens.Given} tokens: one for who pushes, one for who scans");
    }

    [Fact]
    public async Task NothingIsLostWhenTheRegistryStopsAndStartsMeanwhile()
    {
        await using RegistryLab lab = await RegistryLab.StartAsync(
            azurite,
            new DockerRegistrySetup(),
            withoutApp: true,
            settings: [("RegistryClient:Retries", "10"), ("RegistryClient:LongestRetryDelay", "1")]);
        string name;
        await using (TokenServer receiver = await lab.StartReceiverAsync())
        {
            name = await lab.PushAsync("shop/cart", "1.4.2", Image);
            await OpenJobAsync(receiver.Services, _ => true);
        }

        await lab.Registry.StopAsync();
        await lab.StartAppAsync();
        await OpenJobAsync(lab.App.Services, job => job.Attempts > 0);
        await lab.Registry.StartAgainAsync(Token);

        await AssertIsScannedOnceAsync(lab, name);
    }

    [Fact]
    public async Task NothingIsLostWhileTheAppIsDown()
    {
        await using RegistryLab lab = await RegistryLab.StartAsync(azurite, new DockerRegistrySetup(), withoutApp: true);
        string name = await lab.PushAsync("shop/cart", "1.4.2", Image);

        await lab.StartAppAsync();

        await AssertIsScannedOnceAsync(lab, name);
    }

    [Fact]
    public async Task TheSameImageIsNotScannedAgain()
    {
        await using RegistryLab lab = await RegistryLab.StartAsync(azurite, new DockerRegistrySetup());
        await AssertIsScannedOnceAsync(lab, await lab.PushAsync("shop/cart", "1.4.2", Image));
        string[] read = [.. lab.Registry.BlobReads];

        string second = await lab.PushAsync("shop/cart", "latest", Image);
        ApiAnswer stored = await lab.ScannedAsync(Image.Manifest.Digest, found => found.FullNames.Length == 2);

        Assert.Contains($"{second}@{Image.Manifest.Digest}", stored.FullNames);
        Assert.Equal(read, lab.Registry.BlobReads);
    }

    [Fact]
    public async Task AnIndexIsScannedWithAllThatWasPushedForIt()
    {
        MadeImage arm64 = TestImages.ForArm64(TestImages.OfNpm("left-pad@1.3.0"));
        MadeBlob index = TestImages.IndexOf(Image, arm64);
        await using RegistryLab lab = await RegistryLab.StartAsync(azurite, new DockerRegistrySetup());

        string name = await lab.PushAsync("shop/cart", "1.4.2", index, Image, arm64);
        ApiAnswer amd64Stored = await lab.ScannedAsync(Image.Manifest.Digest, found => found.FullNames.Length == 2);
        ApiAnswer arm64Stored = await lab.ScannedAsync(arm64.Manifest.Digest);

        // Each image came by its digest alone; the tag is the index's, which stands for the image of the platform that is the default.
        string repository = name[..name.LastIndexOf(':')];
        Assert.Equal([$"{name}@{index.Digest}", $"{repository}@{Image.Manifest.Digest}"], amd64Stored.FullNames.Order(StringComparer.Ordinal));
        Assert.Equal([$"{repository}@{arm64.Manifest.Digest}"], arm64Stored.FullNames);
        Assert.Equal(["left-pad 1.3.0"], arm64Stored.Components);
        AssertEachBlobIsReadOnce(lab);
    }

    [Fact]
    public async Task ADeletionMarksTheImageUntilItIsPushedAgain()
    {
        await using RegistryLab lab = await RegistryLab.StartAsync(azurite, new DockerRegistrySetup());
        await AssertIsScannedOnceAsync(lab, await lab.PushAsync("shop/cart", "1.4.2", Image));
        using var client = new HttpClient();

        using HttpResponseMessage deleted = await client.DeleteAsync(
            new Uri($"http://{lab.Registry.Host}/v2/shop/cart/manifests/{Image.Manifest.Digest}"), Token);
        ApiAnswer marked = await lab.ScannedAsync(Image.Manifest.Digest, IsRemoved);
        await lab.PushAsync("shop/cart", "1.4.2", Image);
        ApiAnswer back = await lab.ScannedAsync(Image.Manifest.Digest, found => !IsRemoved(found));

        Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
        Assert.Equal(marked.FullNames, back.FullNames);
    }

    private static bool IsRemoved(ApiAnswer found) => found.Json.TryGetProperty("removedAt", out _);

    private static async Task AssertIsScannedOnceAsync(RegistryLab lab, string name)
    {
        ApiAnswer stored = await lab.ScannedAsync(Image.Manifest.Digest);

        Assert.Equal([$"{name}@{Image.Manifest.Digest}"], stored.FullNames);
        Assert.Equal(["lodash 4.17.20", "minimist 1.2.5"], stored.Components);
        AssertEachBlobIsReadOnce(lab);
    }

    private static Task<ScanJob?> OpenJobAsync(IServiceProvider services, Predicate<ScanJob> isAwaited) => Eventually.GetAsync(
        async () => await services.GetRequiredService<JobStore>().ClaimedAsync(Token).FirstOrDefaultAsync(Token), job => job is not null && isAwaited(job));

    // Skopeo asks whether blobs are there, with HEAD; only a scan reads them.
    private static void AssertEachBlobIsReadOnce(RegistryLab lab)
    {
        string[] paths = [.. lab.Registry.BlobReads.Select(line => line.Split('"')[1])];
        Assert.NotEmpty(paths);
        Assert.Equal(paths.Distinct(), paths);
    }
}
