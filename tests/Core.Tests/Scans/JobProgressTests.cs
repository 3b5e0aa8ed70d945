using System.Security.Cryptography;
using ImageScan.Core.Images;
using ImageScan.Core.Results;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;
using ImageScan.Core.Tests.Images.Registries;
using Microsoft.Extensions.Logging.Abstractions;

namespace ImageScan.Core.Tests.Scans;

public sealed class JobProgressTests
{
    // An image of as many layers as are read, of which each has the longest media type that is read, and the largest numbers.
    [Fact]
    public void FitsIntoTheRowOfAJobWhateverTheManifestClaims()
    {
        Assert.True(ImageReference.TryParse("r.io/n", out ImageReference? name, out _));
        Descriptor[] layers =
        [
            .. Enumerable.Range(0, new ImageLimits().LayersPerImage)
                .Select(i => new Descriptor(RandomNumberGenerator.GetHexString(255), DigestOf(i), long.MaxValue - i)),
        ];
        var job = new ScanJob
        {
            Id = "a",
            Target = "t",
            ImageName = "r.io/n",
            Platform = "",
            Force = false,
            State = ScanJobState.Reading,
            CreatedAt = DateTimeOffset.UnixEpoch,
        };
        var progress = new JobProgress(null!, job, new ScanSettings(), TimeProvider.System, NullLogger.Instance);

        progress.Plan(new ScanPlan
        {
            Request = new ScanRequest(name),
            Source = new FakeRegistry(_ => throw new InvalidOperationException()).Open("r.io/n"),
            Manifest = new ImageManifest(null, null, layers[0], layers),
            Unread = layers,
        });
        ScanJob shown = progress.ApplyTo(job);

        Assert.Equal(layers.Length, shown.Layers.Count);
        Assert.InRange(Compressed.Write(shown).Length, 1, StorageLimits.PropertyBytes);
    }

    private static Digest DigestOf(int layer) => Digest.OfSha256(SHA256.HashData(BitConverter.GetBytes(layer)));
}
