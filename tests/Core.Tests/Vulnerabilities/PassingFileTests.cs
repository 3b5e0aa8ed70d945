using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Tests.Vulnerabilities;

public sealed class PassingFileTests
{
    [Fact]
    public void GivesBackWhatWasWritten()
    {
        using FileStream file = PassingFile.Open();

        file.Write([1, 2, 3]);
        file.Position = 1;

        Assert.Equal((2, 3), (file.ReadByte(), file.Length));
    }

    // A process that is killed comes to no closing: what has a name stays for good, some hundred megabytes each time.
    [Fact]
    public void HasNoNameThatAKilledProcessCouldLeave()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows removes it itself.");

        using FileStream file = PassingFile.Open();

        Assert.False(File.Exists(file.Name));
    }
}
