using ImageScan.Core.Detectors.Executables;

namespace ImageScan.Core.Tests.Detectors.Executables;

public sealed class NeededLibrariesTests
{
    private const ulong TagNeeded = 1;
    private const ulong TagNames = 5;

    private readonly ExecutableDetector _detector = new();

    [Fact]
    public void ReadsThoseOfARealProgram() =>
        Assert.Equal(["libselinux.so.1", "libc.so.6"], Detection.Read(_detector, "usr/bin/ls", RealPrograms.Read("ls")).NeededLibraries);

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void ReadsThemInBothWidthsAndByteOrders(bool is64Bit, bool isBigEndian)
    {
        byte[] program = Dynamic(is64Bit, isBigEndian, "\0liba.so.1\0libb.so\0", 11, 1, 1);

        Assert.Equal(["libb.so", "liba.so.1"], Detection.Read(_detector, "usr/lib/libx.so", program).NeededLibraries);
    }

    [Fact]
    public void HasNoneOfALibraryThatNeedsNone() =>
        Assert.Equal([], Detection.Read(_detector, "usr/lib/libx.so", Dynamic(true, false, "\0")).NeededLibraries);

    [Fact]
    public void IsNullForAProgramThatIsNotLinkedDynamically() =>
        Assert.Null(Detection.Read(_detector, "usr/bin/x", MadeElf.With(".data", [1])).NeededLibraries);

    [Fact]
    public void PassesOverNamesThatAreTooLongOrNotThere()
    {
        byte[] program = Dynamic(true, false, $"\0{new string('x', 256)}\0{new string('y', 255)}\0", 1, 258, 0, 100_000, ulong.MaxValue);

        Assert.Equal([new string('y', 255)], Detection.Read(_detector, "usr/lib/libx.so", program).NeededLibraries);
    }

    [Fact]
    public void StopsAtTooManyNames()
    {
        string names = string.Concat(Enumerable.Range(1000, 500).Select(i => $"{i}\0"));
        byte[] program = Dynamic(true, false, names, [.. Enumerable.Range(0, 500).Select(i => (ulong)i * 5)]);

        Assert.Equal(256, Detection.Read(_detector, "usr/lib/libx.so", program).NeededLibraries?.Count);
    }

    internal static byte[] Dynamic(bool is64Bit, bool isBigEndian, string names, params ulong[] needed)
    {
        var elf = new MadeElf(is64Bit, isBigEndian);
        ulong namesAt = elf.NextAddress;
        elf.Add(".dynstr", System.Text.Encoding.ASCII.GetBytes(names));
        return elf
            .Add(".dynamic", [.. needed.SelectMany(place => Entry(TagNeeded, place)), .. Entry(TagNames, namesAt), .. Entry(0, 0)])
            .ToArray();

        byte[] Entry(ulong tag, ulong value) => [.. elf.Word(tag), .. elf.Word(value)];
    }
}
