using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Executables;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Detectors.Executables;

public sealed class ExecutableDetectorTests
{
    private readonly ExecutableDetector _detector = new();

    [Theory]
    [InlineData("usr/bin/ls")]
    [InlineData("usr/bin/python3.11")]
    [InlineData("usr/lib/x86_64-linux-gnu/libc.so.6")]
    [InlineData("app/node_modules/x/build/Release/x.node")]
    [InlineData("app/Shop.Service")]
    [InlineData("app/server.exe")]
    [InlineData("usr/share/dotnet/dotnet")]
    [InlineData("usr/share/kibana/node/bin/node")]
    [InlineData("usr/local/bin/[")]
    [InlineData("documents/x")]
    public void WantsWhatMayBeAProgram(string path) => Assert.True(_detector.Wants(path));

    [Theory]
    [InlineData("usr/lib/python3/dist-packages/x.py")]
    [InlineData("app/x.min.js")]
    [InlineData("usr/bin/start.sh")]
    [InlineData("etc/init.d/x")]
    [InlineData("usr/share/doc/x/copyright")]
    [InlineData("usr/share/zoneinfo/Europe/Rome")]
    [InlineData("usr/share/man/man1/ls.1.gz")]
    [InlineData("usr/include/c++/12/vector")]
    [InlineData("var/lib/dpkg/info/x.list")]
    [InlineData("lib/modules/6.1/x.ko")]
    public void PassesOverWhatIsNone(string path) => Assert.False(_detector.Wants(path));

    [Theory]
    [InlineData("usr/bin/x", 1000, true, true)]
    [InlineData("usr/bin/x", 1000, false, false)]
    [InlineData("usr/bin/x", 40, true, false)]
    [InlineData("usr/lib/libx.so.1", 1000, false, true)]
    [InlineData("usr/lib/libx.so", 1000, false, true)]
    [InlineData("app/x.dll", 1000, false, true)]
    [InlineData("app/x.node", 1000, false, true)]
    [InlineData("usr/lib/libx.some", 1000, false, false)]
    public void OpensProgramsWithTheBitAndLibrariesWithout(string path, long size, bool isExecutable, bool opens) =>
        Assert.Equal(opens, _detector.Opens(new LayerEntry(path, LayerEntryKind.File, size, IsExecutable: isExecutable)));

    [Fact]
    public void OpensAHardLinkWhoseSizeIsThatOfItsTarget() =>
        Assert.True(_detector.Opens(new LayerEntry("bin/x", LayerEntryKind.HardLink, 0, "bin/y", IsExecutable: true)));

    [Theory]
    [InlineData("#!/bin/sh\necho nginx version: nginx/1.22.1\n")]
    [InlineData("\u007fELG")]
    [InlineData("MZ")]
    public void ReadsNoMoreThanTheStartOfWhatIsNoProgram(string start)
    {
        byte[] bytes = new byte[100_000];
        System.Text.Encoding.Latin1.GetBytes(start).CopyTo(bytes, 0);
        var content = new MemoryStream(bytes);
        var findings = new FileFindings("usr/sbin/nginx");

        _detector.Read(new LayerEntry("usr/sbin/nginx", LayerEntryKind.File, bytes.Length), content, findings);

        Assert.Empty(findings.Packages);
        Assert.Empty(findings.Warnings);
        Assert.True(start == "MZ" || content.Position <= 1024, $"It read {content.Position} bytes.");
    }

    [Fact]
    public void ReadsNoMoreThanTheHeadersOfAnAssembly()
    {
        byte[] bytes = File.ReadAllBytes(typeof(ExecutableDetector).Assembly.Location);
        var content = new MemoryStream(bytes);

        _detector.Read(new LayerEntry("app/x.dll", LayerEntryKind.File, bytes.Length), content, new FileFindings("app/x.dll"));

        Assert.Equal(1024, content.Position);
    }

    [Fact]
    public void SaysThatAPackedProgramWasNotRead()
    {
        byte[] program = MadeElf.With(".data", [1]);
        "UPX!"u8.CopyTo(program.AsSpan(0xec));

        Assert.Contains("UPX", Assert.Single(Detection.Read(_detector, "usr/bin/x", program).Warnings).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ListsAUniversalProgramOnce(bool is64Bit)
    {
        byte[] program = Universal(is64Bit, RealPrograms.Read("go1.19-darwin-amd64"), RealPrograms.Read("go1.19-darwin-arm64"));

        FileFindings found = Detection.Read(_detector, "usr/bin/app", program);

        Assert.Equal(5, found.Packages.Count);
    }

    [Fact]
    public void PassesOverAClassOfJavaThoughItBeginsLikeAUniversalProgram()
    {
        byte[] program = Universal(false, RealPrograms.Read("go1.19-darwin-amd64"));
        program[7] = 61;

        Assert.Empty(Detection.Read(_detector, "usr/bin/app", program).Packages);
    }

    // https://github.com/apple-oss-distributions/xnu/blob/main/EXTERNAL_HEADERS/mach-o/fat.h
    private static byte[] Universal(bool is64Bit, params byte[][] programs)
    {
        const int FirstProgram = 4096;
        var file = new MemoryStream();
        file.Write([0xca, 0xfe, 0xba, (byte)(is64Bit ? 0xbf : 0xbe), 0, 0, 0, (byte)programs.Length]);
        long place = FirstProgram;
        foreach (byte[] program in programs)
        {
            file.Write(new byte[8]);
            WriteWord(file, place, is64Bit ? 8 : 4);
            WriteWord(file, program.Length, is64Bit ? 8 : 4);
            file.Write(new byte[is64Bit ? 8 : 4]);
            place += program.Length;
        }

        file.SetLength(FirstProgram);
        file.Position = FirstProgram;
        foreach (byte[] program in programs)
        {
            file.Write(program);
        }

        return file.ToArray();
    }

    private static void WriteWord(MemoryStream file, long value, int width)
    {
        for (int shift = 8 * (width - 1); shift >= 0; shift -= 8)
        {
            file.WriteByte((byte)(value >> shift));
        }
    }
}
