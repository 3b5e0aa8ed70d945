using ImageScan.Core.Results;
using ImageScan.Core.Storage;
using ImageScan.Core.Storage.Lists;
using ImageScan.Core.Tests.Scans;

namespace ImageScan.Core.Tests.Storage;

public sealed class ScanTermsTests
{
    // A row names all terms of an image in a partition, and takes 64 KiB of them however badly they compress.
    [Fact]
    public void FitTheirRowsHoweverManyAndWhateverTheNames()
    {
        var random = new Random(7);
        string Name() => new([.. Enumerable.Range(0, 200).Select(_ => (char)random.Next('!', '~'))]);
        Scan scan = MadeScan.Of([.. Enumerable.Range(0, 5_000).Select(_ => MadeScan.Package(Name(), "1"))]);

        var terms = ScanTerms.Of(scan);

        Assert.All(
            ScanTerms.Partitions,
            partition => Assert.InRange(
                Compressed.Write(terms.ByPartition[partition].ToDictionary(term => term.Key, term => term.Value.Hash)).Length, 1_000, StorageLimits.PropertyBytes));
    }
}
