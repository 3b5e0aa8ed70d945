using System.Security.Cryptography;
using ImageScan.Core.Images;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

/// <summary>
/// A diff_id is what an image claims of its layer, and nobody checks it before it is run. A scanner that keeps layers under it can be made to
/// show one image's packages for another's, in either order.
/// </summary>
[Collection(ScanServers.Name)]
public sealed class ClaimedDiffIdTests(SharedAzurite azurite)
{
    private static readonly MadeImage Honest = TestImages.OfNpm("lodash@4.17.20");
    private static readonly MadeBlob OtherLayer = TestImages.OfNpm("minimist@1.2.5").Layers[0];

    // The layer of another, under the diff_id of the honest one's.
    private static readonly MadeImage Liar = new ImageBuilder().AddLayer("RUN npm install lodash", OtherLayer, DiffIdOf(Honest)).Build();

    [Theory]
    [InlineData("1000000", true)]
    [InlineData("1000000", false)]
    [InlineData("0", true)]
    [InlineData("0", false)]
    public async Task ChangesNothingForEither(string inlineBytes, bool liarFirst)
    {
        await using ScanApp app = await ScanApp.StartAsync(azurite, ("Scan:InlineBytes", inlineBytes));
        string honest = app.Registry.Push("made/honest", "1", Honest);
        string liar = app.Registry.Push("made/liar", "1", Liar);

        var found = new Dictionary<string, string[]>();
        foreach (string name in liarFirst ? new[] { liar, honest } : [honest, liar])
        {
            found[name] = (await app.ScanAsync(name)).Components;
        }

        Assert.Equal(["lodash 4.17.20"], found[honest]);
        Assert.Equal(["minimist 1.2.5"], found[liar]);
    }

    private static Digest DiffIdOf(MadeImage image)
    {
        using var expanded = new MemoryStream();
        using var gzip = new System.IO.Compression.GZipStream(new MemoryStream(image.Layers[0].Bytes.ToArray()), System.IO.Compression.CompressionMode.Decompress);
        gzip.CopyTo(expanded);
        return Digest.OfSha256(SHA256.HashData(expanded.ToArray()));
    }
}
