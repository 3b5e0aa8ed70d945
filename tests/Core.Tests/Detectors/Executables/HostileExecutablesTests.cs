using System.Diagnostics;
using CsCheck;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Executables;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Detectors.Executables;

/// <summary>No bytes make the readers of programs throw, take long or give more than they are asked for.</summary>
public sealed class HostileExecutablesTests
{
    private const int MaxPackages = 5;

    private static readonly (string Path, byte[] Bytes)[] Good =
    [
        ("usr/bin/go", RealPrograms.Read("go1.19-linux-amd64")),
        ("usr/bin/go", RealPrograms.Read("go1.19-linux-ppc64")),
        ("usr/bin/go", RealPrograms.Read("go1.19-windows-386")),
        ("usr/bin/go", RealPrograms.Read("go1.19-darwin-arm64")),
        ("usr/bin/go", RealPrograms.Read("go1.17-linux-386")),
        ("usr/bin/hello", RealPrograms.Read("rust-auditable")),
        ("usr/bin/ls", RealPrograms.Read("ls")),
        ("usr/lib/libx.so", NeededLibrariesTests.Dynamic(false, true, "\0liba\0", 1)),
        ("app/server", SingleFileBundleTests.Bundle(6, isCompressed: true)),
        ("app/server", SingleFileBundleTests.Bundle(1, isCompressed: false)),
        ("usr/bin/perl", MadeElf.With(".rodata", "\0v5.36.0\0v5.36.0\0"u8.ToArray())),
    ];

    // What of each file is not zero: a change elsewhere changes nothing.
    private static readonly int[][] Places =
        [.. Good.Select(good => good.Bytes.Select((value, at) => (value, at)).Where(item => item.value != 0).Select(item => item.at).ToArray())];

    [Fact]
    public void SpoiltProgramsThrowNothing()
    {
        Gen<byte> value = Gen.OneOf(Gen.Byte, Gen.OneOf<byte>(0, 0xff, 0x7f));
        Gen<(int Place, int Beside, byte Value)> change = Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[-8, 8], value);
        Gen.Select(Gen.Int[0, Good.Length - 1], change.Array[1, 8], Gen.Int[0, int.MaxValue], Gen.Int[0, 3]).Sample(
            (index, changes, cut, cuts) =>
            {
                byte[] bytes = [.. Good[index].Bytes];
                foreach ((int place, int beside, byte changed) in changes)
                {
                    bytes[Math.Clamp(Places[index][place % Places[index].Length] + beside, 0, bytes.Length - 1)] = changed;
                }

                Read(Good[index].Path, cuts == 0 ? bytes[..^(cut % bytes.Length)] : bytes);
            },
            iter: 1500);
    }

    [Fact]
    public void RandomBytesBehindAMagicThrowNothing()
    {
        byte[][] magics = ["\u007fELF\u0002\u0001"u8.ToArray(), "\u007fELF\u0001\u0002"u8.ToArray(), [.. "MZ"u8, .. new byte[58], 64, 0, 0, 0, .. "PE\0\0"u8],
            [0xcf, 0xfa, 0xed, 0xfe], [0xfe, 0xed, 0xfa, 0xce], [0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 3]];
        Gen.Select(Gen.OneOf(magics), Gen.Byte.Array[0, 2000]).Sample((magic, bytes) => Read("usr/bin/perl", [.. magic, .. bytes]), iter: 3000);
    }

    [Fact]
    public void ManySegmentsOverTheWholeFileTakeNoLongerThanOne()
    {
        byte[] file = new byte[16 << 20];
        NeededLibrariesTests.Dynamic(true, false, "\0").CopyTo(file, 0);
        (file[0x20], file[0x21], file[0x38], file[0x39]) = (0, 0x10, 0xff, 0xff);
        for (int i = 0; i < 0xffff; i++)
        {
            Span<byte> segment = file.AsSpan(0x1000 + (i * 56), 56);
            (segment[0], segment[4], segment[35]) = (1, 6, 1);
        }

        var time = Stopwatch.StartNew();
        Read("usr/bin/x", file);

        Assert.True(time.Elapsed < TimeSpan.FromSeconds(5), $"{time.Elapsed}");
    }

    [Fact]
    public void AFileFullOfMarksTakesNoTime()
    {
        byte[] marks = [.. Enumerable.Repeat(GoProgramsTests.Inline("no version", ""), 20_000).SelectMany(header => header)];
        byte[] anchors = [.. Enumerable.Repeat("\0v5."u8.ToArray(), 500_000).SelectMany(anchor => anchor)];

        var time = Stopwatch.StartNew();
        Read("usr/bin/perl", MadeElf.With(".data", marks));
        Read("usr/bin/perl", MadeElf.With(".data", anchors));

        Assert.True(time.Elapsed < TimeSpan.FromSeconds(5), $"{time.Elapsed}");
    }

    [Fact]
    public void TakesNoMorePackagesThanAllowed()
    {
        string lines = string.Concat(Enumerable.Range(0, 100).Select(i => $"dep\tm{i}\tv1.0.0\th1:x=\n"));

        FileFindings found = Read("usr/bin/x", MadeElf.With(".go.buildinfo", GoProgramsTests.Inline("go1.22.1", lines)));

        Assert.Equal(MaxPackages, found.Packages.Count);
        Assert.Contains("LayerPackages", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    private static FileFindings Read(string path, byte[] bytes)
    {
        var findings = new FileFindings(path, MaxPackages, MaxPackages);
        new ExecutableDetector().Read(new LayerEntry(path, LayerEntryKind.File, bytes.Length), new MemoryStream(bytes), findings);
        Assert.True(findings.Packages.Count <= MaxPackages);
        Assert.All(findings.Packages, package => Assert.True(package is { Name.Length: > 0, Version.Length: > 0, Path: var place } && place == path));
        return findings;
    }
}
