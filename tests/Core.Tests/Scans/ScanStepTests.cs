using ImageScan.Core.Images;
using ImageScan.Core.Scans;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Tests.Scans;

public sealed class ScanStepTests
{
    [Fact]
    public void QuotesOnlyFailuresThatWereForeseen()
    {
        Assert.Equal("of the registry", ScanStep.ReasonOf(new RegistryException("of the registry")));
        Assert.Equal("of storage", ScanStep.ReasonOf(new StorageException("of storage")));
        Assert.Equal("internal error: the log says more", ScanStep.ReasonOf(new InvalidOperationException("of /home/app on 10.0.0.4")));
    }
}
