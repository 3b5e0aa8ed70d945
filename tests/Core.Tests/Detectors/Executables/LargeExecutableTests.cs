using System.Text;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Executables;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Detectors.Executables;

public sealed class LargeExecutableTests
{
    private const int Large = (int)ExecutableDetector.MaxHeldBytes + 1;

    private readonly ExecutableDetector _detector = new();

    [Fact]
    public void FindsTheModulesOfGoAndTheNeededLibraries()
    {
        byte[] program = Padded(NeededLibrariesTests.Dynamic(true, false, "\0libc.so.6\0", 1), GoProgramsTests.Inline("go1.22.1", "mod\tx\tv1.0.0\th1:a=\n"));

        FileFindings found = Read(program);

        Assert.Equal(["stdlib 1.22.1", "x v1.0.0"], found.Packages.Select(package => $"{package.Name} {package.Version}"));
        Assert.Equal(["libc.so.6"], found.NeededLibraries);
    }

    [Fact]
    public void FindsTheModulesOfOldGoAndSaysThatItsVersionIsNotKnown()
    {
        byte[] lines =
        [
            .. Convert.FromHexString("3077af0c9274080241e1c107e6d618e6"), .. "mod\tx\tv1.0.0\th1:a=\n"u8,
            .. Convert.FromHexString("f932433186182072008242104116d8f2"),
        ];
        byte[] program = Padded(MadeElf.With(".text", lines), [.. GoProgramsTests.Magic, 8, 0, .. new byte[16]]);

        FileFindings found = Read(program);

        Assert.Equal(["x v1.0.0"], found.Packages.Select(package => $"{package.Name} {package.Version}"));
        Assert.Contains("version of Go", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void FindsTheVersionOfAKnownProgram() =>
        Assert.Equal("20.11.1", Assert.Single(Read(Padded(MadeElf.With(".x", [1]), "node.js/v20.11.1\0"u8.ToArray())).Packages).Version);

    [Fact]
    public void FindsTheDepsJsonOfABundle()
    {
        byte[] bundle = SingleFileBundleTests.Bundle(6, isCompressed: false);

        FileFindings found = Read(Padded(bundle, Encoding.UTF8.GetBytes(SingleFileBundleTests.DepsJson + "\u0003\0\0 and more")));

        Assert.Equal("Newtonsoft.Json", Assert.Single(found.Packages).Name);
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void SaysThatABundleHasNoDepsJson()
    {
        byte[] bundle = SingleFileBundleTests.Bundle(6, isCompressed: true);

        Assert.Contains("deps.json was not found", Assert.Single(Read(Padded(bundle, [1])).Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatAListOfCratesWasNotRead()
    {
        byte[] program = Padded(MadeElf.With(".x", [1]), "\0.shstrtab\0.dep-v0\0"u8.ToArray());

        Assert.Contains(".dep-v0", Assert.Single(Read(program).Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void FindsNothingInAnother()
    {
        FileFindings found = Read(Padded(MadeElf.With(".x", [1]), [1]));

        Assert.Empty(found.Packages);
        Assert.Empty(found.Warnings);
    }

    // The second part lies beyond the front, at a place that suits a header of Go, where two pieces meet.
    private static byte[] Padded(byte[] start, byte[] far)
    {
        byte[] file = new byte[Large];
        start.CopyTo(file, 0);
        far.CopyTo(file, (32 << 20) - 16);
        return file;
    }

    private FileFindings Read(byte[] program)
    {
        var findings = new FileFindings("usr/bin/node");
        _detector.Read(new LayerEntry("usr/bin/node", LayerEntryKind.File, program.Length), new MemoryStream(program), findings);
        return findings;
    }
}
