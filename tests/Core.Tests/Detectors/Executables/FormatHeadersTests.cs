using ImageScan.Core.Detectors.Executables.Formats;

namespace ImageScan.Core.Tests.Detectors.Executables;

public sealed class FormatHeadersTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void FindsSectionsAndAddressesOfElf(bool is64Bit, bool isBigEndian)
    {
        var elf = new MadeElf(is64Bit, isBigEndian);
        ulong address = elf.Add(".first", [1, 2, 3]).NextAddress;
        ExecutableFile file = Assert.Single(ExecutableFile.In(elf.Add(".second", [4, 5]).ToArray()));

        Assert.Equal([".first", ".second", ".shstrtab"], file.Sections.Select(section => section.Name));
        Assert.Equal([4, 5], file.Section(".second").ToArray());
        Assert.Equal([5], file.At(address + 1, 1).ToArray());
        Assert.Equal((is64Bit, isBigEndian), (file.Is64Bit, file.IsBigEndian));
    }

    [Fact]
    public void FindsNothingAtAnAddressThatIsNotLoaded()
    {
        ExecutableFile file = Assert.Single(ExecutableFile.In(MadeElf.With(".x", [1])));

        Assert.True(file.At(MadeElf.Base - 1, 1).IsEmpty);
        Assert.True(file.At(ulong.MaxValue, 1).IsEmpty);
        Assert.Equal(1, file.At(MadeElf.Base, 1).Length);
    }

    [Fact]
    public void CutsARangeToWhatTheFileHas()
    {
        Assert.Equal((90, 10), StartAndLength(FileRange.Within(100, "", 0, 90, 20, isData: false)));
        Assert.Equal((100, 0), StartAndLength(FileRange.Within(100, "", 0, ulong.MaxValue, ulong.MaxValue, isData: false)));
        Assert.Equal((0, 100), StartAndLength(FileRange.Within(100, "", 0, 0, ulong.MaxValue, isData: false)));
    }

    [Fact]
    public void GivesNoMoreDataThanTheFileHas()
    {
        FileRange whole = FileRange.Within(100, "", 0, 0, 100, isData: true);
        var file = new ExecutableFile { Bytes = new byte[100], Is64Bit = true, IsBigEndian = false, Sections = [], Segments = [whole, whole, whole] };

        Assert.Single(file.Data());
    }

    [Fact]
    public void ReadsZeroBeyondTheEnd()
    {
        var fields = new ByteFields([1, 2, 3, 4], isBigEndian: false);

        Assert.Equal((0x0403, 0, 0, 0UL), (fields.U16(2), fields.U16(3), (int)fields.U32(long.MaxValue), fields.U64(-1)));
    }

    private static (int Start, int Length) StartAndLength(FileRange range) => (range.Start, range.Length);
}
