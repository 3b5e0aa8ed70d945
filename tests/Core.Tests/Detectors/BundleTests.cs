using System.Formats.Tar;
using System.Text;
using CsCheck;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Executables;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Tests.Detectors.Executables;
using ImageScan.Core.Tests.Detectors.Java;
using ImageScan.Core.Tests.Layers;
using ImageScan.TestSupport;
using static ImageScan.Core.Tests.Detectors.Bundling;

namespace ImageScan.Core.Tests.Detectors;

/// <summary>A layer's bundle says what the layer says, or that it cannot.</summary>
public sealed class BundleTests
{
    private const string X = "app/node_modules/x/package.json";
    private const string Json = """{"name":"x","version":"1"}""";

    private static readonly byte[] Program = MadeElf.With(".rodata", [0, .. "3.11.2\0"u8, .. new byte[BundleRecorder.SkimmedBytes]]);

    // Every shape of entry, twice where an order matters.
    private static readonly byte[] Made = new TarBuilder()
        .Folder("./").Folder("etc/")
        .File("etc/os-release", "ID=debian\nVERSION_ID=12\n")
        .File("var/lib/dpkg/status", "Package: a\nStatus: install ok installed\nVersion: 2\n\nPackage: b\nVersion: 3\n\n")
        .File("var/lib/dpkg/info/a.list", "/.\n/usr/lib/python3/dist-packages/x.egg-info\n")
        .File("usr/share/doc/a/copyright", "Format: x\n\nFiles: *\nLicense: MIT\n")
        .File(X, "{ spoilt").File("app", "in the place of a folder").File(X, Json)
        .File("app/y.jar", new MadeJar().WithPom("org.example", "y", "1.0").ToBytes())
        .SymbolicLink("lib64", "usr/lib").SymbolicLink("opt/node_modules", "/srv/\u00e4/../x y\n")
        .File("usr/bin/python3", Program, change: Executable).Header("usr/bin/python3.11", 0, '1', "usr/bin/python3", Executable)
        .HardLink("usr/bin/again", "usr/bin/python3")
        .File("usr/bin/script", "#!/bin/sh\n" + new string('x', 300), change: Executable)
        .File("store/1", Json).HardLink("store/2", "store/1").HardLink("other/node_modules/y/package.json", "store/2")
        .HardLink("other/node_modules/z/package.json", "not/here")
        .Pax(("path", $"long/{new string('n', 300)}/node_modules/l/package.json")).File("x", Json)
        .Pax(("GNU.sparse.size", "9000"), ("GNU.sparse.map", "2,5,8018,3"), ("GNU.sparse.name", "sparse/node_modules/s/package.json")).File("y", "abcdefgh")
        .File("a/.wh.b", "").File("a/.wh..wh..opq", "").File(".wh..wh..opq", "").File(".wh..wh.plnk", "")
        .Header("dev/null", 0, '3')
        .File("unread/large", new byte[100_000])
        .Folder("gone").File("gone/node_modules/q/package.json", Json).File("gone", "")
        .End().ToArray();

    [Theory]
    [InlineData("alpine-3.4.tar")]
    [InlineData("alpine-3.9.tar")]
    [InlineData("alpine-3.10.tar")]
    [InlineData("alpine-3.14.tar")]
    [InlineData("alpine-3.20.tar")]
    [InlineData("debian-11.tar")]
    [InlineData("distroless-base12.tar")]
    [InlineData("rpm-ubi8-bdb.tar")]
    [InlineData("rpm-sle15-bci.tar")]
    [InlineData("rpm-amazonlinux-2023.tar")]
    [InlineData("rpm-oraclelinux9.tar")]
    public async Task SaysOfARealLayerWhatTheLayerSays(string archive)
    {
        string path = SharedData.Path("images", archive);
        (long start, long length) = LayerIn(path);

        using LayerBundle bundle = await AssertSameAsync(() => new Slice(path, start, length));

        TestContext.Current.TestOutputHelper?.WriteLine($"{archive}: layer {length}, bundle {bundle.Length} bytes");
        Assert.InRange(bundle.Length, 1, length / 2);
    }

    [Fact]
    public async Task SaysOfALayerOfAllShapesWhatTheLayerSays()
    {
        using LayerBundle bundle = await AssertSameAsync(Made);

        Assert.True(bundle.HasLinks);
    }

    [Fact]
    public async Task KeepsALayerWithNamesThatAreNoText()
    {
        byte[] blob = new TarBuilder()
            .File("opt/caf_.txt", "", change: header => header[7] = 0xe9)
            .File("caf_/node_modules/x/package.json", Json, change: header => header[3] = 0xe9).End().ToArray();

        using LayerBundle bundle = await AssertSameAsync(blob);

        IReadOnlyList<InventoryWarning> warnings = (await Inspection().ReadAsync(bundle)).Inventory!.Warnings;
        Assert.Equal("caf\uFFFD/node_modules/x/package.json", Assert.Single(warnings).Path);
    }

    [Fact]
    public async Task MadeLayerHasWhatTheTestsAreAbout()
    {
        LayerInventory layer = (await Inspection().RecordAsync(Made)).Layer;

        Assert.Equal(["a", "b"], layer.Files.Single(file => file.Path == "var/lib/dpkg/status").Packages.Select(package => package.Name));
        Assert.Equal("x", Assert.Single(layer.Files.Single(file => file.Path == "other/node_modules/y/package.json").Packages).Name);
        Assert.Equal("python", Assert.Single(layer.Files.Single(file => file.Path == "usr/bin/python3.11").Packages).Name);
        Assert.Contains(layer.Warnings, warning => warning.Path == "other/node_modules/z/package.json");
        Assert.Contains(layer.Warnings, warning => warning.Path == "sparse/node_modules/s/package.json");
        Assert.Equal(["", "a"], layer.OpaqueFolders);
        Assert.Equal(["a/b"], layer.Whiteouts);
    }

    [Fact]
    public async Task IsReadTheSameUnderLimitsThatCutTheInventory()
    {
        var limits = new InspectionLimits { LayerPackages = 3, LayerPathCharacters = 400, LayerWarnings = 2 };

        using LayerBundle bundle = await AssertSameAsync(Made, Inspection([.. PackageDetectors.All.Where(detector => !detector.Skims)], limits: limits));
        using LayerBundle largeFile = await AssertSameAsync(Made, Inspection(layerLimits: new LayerLimits { CandidateFileBytes = 60 }));
    }

    [Fact]
    public Task RandomLayersAreReadTheSame() => RandomLayers().SampleAsync(
        async blob =>
        {
            (LayerInventory layer, LayerBundle? bundle, _) = await Inspection().RecordAsync(blob);
            if (bundle is not null)
            {
                using (bundle)
                {
                    BundleReading reading = await Inspection().ReadAsync(bundle);
                    Assert.Equal(Text(layer), Text(reading.Inventory!));
                }
            }
            else
            {
                Assert.NotEmpty(layer.Warnings);
            }
        },
        iter: 400);

    [Fact]
    public async Task ANewerDetectorOfTheSameFilesFindsMoreInIt()
    {
        byte[] blob = new TarBuilder().File("a.txt", "one").File("b.bin", "two").ToArray();
        using LayerBundle bundle = await Inspection([new Reader(".txt")]).BundleAsync(blob);
        LayerInspection newer = Inspection([new Reader(".txt", version: 2)]);

        BundleReading reading = await newer.ReadAsync(bundle);

        Package package = Assert.Single(Assert.Single(reading.Inventory!.Files).Packages);
        Assert.Equal(("reader2", "one"), (package.Name, package.Version));
        Assert.Equal(newer.DetectorsVersion, reading.Inventory.DetectorsVersion);
    }

    [Fact]
    public async Task ADetectorOfOtherFilesFindsItInsufficient()
    {
        byte[] blob = new TarBuilder().File("a.txt", "one").File("b.bin", "two").ToArray();
        using LayerBundle bundle = await Inspection([new Reader(".txt")]).BundleAsync(blob);

        BundleReading reading = await Inspection([new Reader(".txt"), new Reader(".bin", name: "other")]).ReadAsync(bundle);

        Assert.Null(reading.Inventory);
        Assert.Contains("b.bin", reading.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ADetectorOfFilesThatTheLayerHasNotReadsIt()
    {
        using LayerBundle bundle = await Inspection([new Reader(".txt")]).BundleAsync(new TarBuilder().File("a.txt", "one").File("empty.bin", "").ToArray());

        BundleReading reading = await Inspection([new Reader(".bin", name: "other"), new Reader(".exe", name: "third")]).ReadAsync(bundle);

        Assert.Equal(["empty.bin"], reading.Inventory!.Files.Select(file => file.Path));
    }

    // The file is whole in the bundle, whatever part of it was read.
    [Fact]
    public async Task ANewerDetectorMayReadFurtherThanTheOldOne()
    {
        byte[] blob = new TarBuilder().File("a.txt", new string('a', 2 << 20)).ToArray();
        using LayerBundle bundle = await Inspection([new Reader(".txt", reads: 3)]).BundleAsync(blob);

        BundleReading reading = await Inspection([new Reader(".txt", version: 2, reads: 9000)]).ReadAsync(bundle);

        Assert.Equal("9000 of 2097152 bytes", reading.Inventory!.Warnings.Single().Reason);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(9000)]
    public async Task ASkimmingDetectorFindsTheSameAgain(int reads)
    {
        byte[] blob = new TarBuilder().File("a.txt", Long).ToArray();

        using LayerBundle bundle = await AssertSameAsync(blob, Inspection([new Reader(".txt", reads: reads, skims: true)]));

        Assert.InRange(bundle.Length, 0, 1500);
    }

    // It read the beginning, which is there; or more than is kept, and what it found is of no use to another.
    [Theory]
    [InlineData(100, 100, true)]
    [InlineData(100, 50, true)]
    [InlineData(100, 101, false)]
    [InlineData(9000, 9000, false)]
    [InlineData(9000, 1, false)]
    public async Task ANewerSkimmingDetectorReadsWhatTheOldOneDid(int reads, int thenReads, bool isSufficient)
    {
        byte[] blob = new TarBuilder().File("a.txt", Long).ToArray();
        using LayerBundle bundle = await Inspection([new Reader(".txt", reads: reads, skims: true)]).BundleAsync(blob);

        BundleReading reading = await Inspection([new Reader(".txt", version: 2, reads: thenReads, skims: true)]).ReadAsync(bundle);

        Assert.Equal(isSufficient, reading.Inventory is not null);
    }

    [Fact]
    public async Task ANewDetectorLeavesTheFindingsOfTheOthersAlone()
    {
        byte[] blob = new TarBuilder().File("a.txt", Long).File("b.bin", Long).File("c.bin", "").ToArray();
        IPackageDetector skimming = new Reader(".txt", reads: 9000, skims: true);
        using LayerBundle bundle = await Inspection([skimming]).BundleAsync(blob);

        BundleReading reading = await Inspection([new Reader("c.bin", name: "new"), skimming]).ReadAsync(bundle);

        Assert.Equal(["a.txt", "c.bin"], reading.Inventory!.Files.Select(file => file.Path));
    }

    [Fact]
    public async Task ADetectorThatWantsAnotherHardLinkFindsItInsufficient()
    {
        byte[] blob = new TarBuilder().File("1", "one").File("2", "two").HardLink("a.txt", "1").HardLink("b.bin", "2").ToArray();
        IPackageDetector txt = new Reader(".txt");
        using LayerBundle withLinks = await Inspection([txt]).BundleAsync(blob);
        using LayerBundle without = await Inspection([new Reader("none")]).BundleAsync(blob);

        Assert.NotNull((await Inspection([new Reader("a.txt", version: 2)]).ReadAsync(withLinks)).Inventory);
        Assert.Null((await Inspection([txt, new Reader(".bin", name: "other")]).ReadAsync(withLinks)).Inventory);
        Assert.Null((await Inspection([txt]).ReadAsync(without)).Inventory);
    }

    [Fact]
    public async Task HigherLimitsThatWouldReadMoreFindItInsufficient()
    {
        byte[] blob = new TarBuilder().File(X, Json).ToArray();
        using LayerBundle bundle = await Inspection(layerLimits: new LayerLimits { CandidateFileBytes = 10 }).BundleAsync(blob);

        Assert.Null((await Inspection().ReadAsync(bundle)).Inventory);
    }

    [Fact]
    public async Task LowerLimitsThatWouldKeepLessOfWhatWasFoundFindItInsufficient()
    {
        IPackageDetector skimming = new Reader(".txt", reads: 9000, skims: true);
        using LayerBundle bundle = await Inspection([skimming]).BundleAsync(new TarBuilder().File("a.txt", Long).File("b.txt", Long).ToArray());

        Assert.Null((await Inspection([skimming], limits: new InspectionLimits { LayerPackages = 1 }).ReadAsync(bundle)).Inventory);
    }

    [Theory]
    [MemberData(nameof(UnlikelyLayers))]
    public async Task ALayerThatWasNotReadAsItIsWrittenHasNone(byte[] blob)
    {
        (LayerInventory layer, LayerBundle? bundle, string? refusal) = await Inspection().RecordAsync(blob);

        Assert.Null(bundle);
        Assert.Contains(refusal, layer.Warnings.Select(warning => warning.Reason));
    }

    public static TheoryData<byte[]> UnlikelyLayers => new(
        new TarBuilder().File(X, Json).ToArray()[..520],
        new TarBuilder().File(X, Json).File("etc/.wh.", "").ToArray(),
        new TarBuilder().File(X, Json, change: header => header[105] = (byte)'x').ToArray(),
        new byte[600]);

    [Fact]
    public async Task FindingsThatALimitHasCutAreNotKept()
    {
        IPackageDetector skimming = new Reader(".txt", reads: 9000, skims: true);
        LayerInspection inspection = Inspection([skimming], limits: new InspectionLimits { LayerPackages = 1 });

        (_, LayerBundle? bundle, string? refusal) = await inspection.RecordAsync(new TarBuilder().File("a.txt", Long).File("b.txt", Long).ToArray());

        Assert.Null(bundle);
        Assert.Contains("b.txt", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ALayerThatNeedsMoreThanIsAllowedHasNoneAndIsReadAllTheSame()
    {
        var tar = new TarBuilder();
        Array.ForEach([.. Enumerable.Range(0, 500)], i => tar.File($"{i * 7919}", "x"));
        byte[] blob = tar.File(X, Json).ToArray();

        (LayerInventory layer, LayerBundle? bundle, string? refusal) = await Inspection().RecordAsync(blob, new LayerSettings { BundleBytes = 1000 });

        Assert.Null(bundle);
        Assert.Equal("It has more than 1000 bytes.", refusal);
        Assert.Equal(X, Assert.Single(layer.Files).Path);
    }

    [Fact]
    public async Task OfFilesThatThereIsNoRoomForWhatWasFoundIsKept()
    {
        byte[] noise = CompressionTests.Noise(300_000);
        byte[] blob = new TarBuilder().File("1.jar", Jar("a", noise)).File("2.jar", Jar("b", noise)).ToArray();
        LayerInspection inspection = Inspection();

        (LayerInventory layer, LayerBundle? bundle, _) = await inspection.RecordAsync(blob, new LayerSettings { BundleBytes = 400_000 });

        Assert.Equal(["g:a", "g:b"], layer.Files.SelectMany(file => file.Packages).Select(package => package.Name));
        Assert.All(layer.Files, file => Assert.NotNull(file.Md5));
        Assert.InRange(bundle!.Length, 300_000, 400_000);
        Assert.Equal(Text(layer), Text((await inspection.ReadAsync(bundle)).Inventory!));
        bundle.Dispose();
    }

    // Whoever could make us take a size or findings from a layer could hide what is in it.
    [Fact]
    public async Task WhatABundleSaysOfBodiesIsNotHeededInALayer()
    {
        byte[] blob = new TarBuilder()
            .Pax(("IMAGESCAN.omitted", "7"), ("IMAGESCAN.found", "reader:1"), ("IMAGESCAN.detectors", "x")).File("a.txt", "text")
            .Pax(("IMAGESCAN.omitted", "no number")).File("b.txt", "more")
            .ToArray();

        using LayerBundle bundle = await AssertSameAsync(blob, Inspection([new Reader(".txt")]));
        BundleReading reading = await Inspection([new Reader(".txt")]).ReadAsync(bundle);

        Assert.Equal(["4 of 4 bytes", "4 of 4 bytes"], reading.Inventory!.Warnings.Select(warning => warning.Reason));
        Assert.Equal([4, 4], Walked.Of(blob).Entries.Select(entry => entry.Size));
    }

    [Fact]
    public async Task SpoiltBundlesGiveAReadingAndNoError()
    {
        using LayerBundle bundle = await Inspection().BundleAsync(Made);
        byte[] good = BytesOf(bundle);

        await Gen.Select(Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte).Array[0, 5], Gen.Int[0, 40]).SampleAsync(
            async (changes, cut) =>
            {
                byte[] spoilt = [.. good[..^cut]];
                foreach ((int at, byte value) in changes)
                {
                    spoilt[at % spoilt.Length] = value;
                }

                await ReadSpoiltAsync(spoilt);
            },
            iter: 1000);
    }

    [Fact]
    public async Task SpoiltArchivesOfBundlesGiveAReadingAndNoError()
    {
        using LayerBundle bundle = await Inspection().BundleAsync(Made);
        byte[] archive = CompressionTests.Unzstd(bundle.OpenEntries());

        await Gen.Select(Gen.Int[0, archive.Length - 1], Gen.Byte).Array[1, 6].SampleAsync(
            async changes =>
            {
                byte[] spoilt = [.. archive];
                foreach ((int at, byte value) in changes)
                {
                    spoilt[at] = value;
                }

                byte[] packed = CompressionTests.Zstd(TarBuilder.WithSums(spoilt));
                await ReadSpoiltAsync([.. LayerBundle.HeaderOf(packed.Length), .. packed]);
            },
            iter: 1000);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[[[[[")]
    [InlineData("""{"Packages":[null],"Licenses":[],"Warnings":[]}""")]
    [InlineData("""{"Packages":[{"Type":"x","Name":"n","Version":"1","Path":"p"}],"Licenses":[],"Warnings":[]}""")]
    [InlineData("""{"Packages":[{"Type":7,"Name":"n","Version":"1","Path":"p"}],"Licenses":[],"Warnings":[]}""")]
    [InlineData("""{"Packages":[{"Type":"go","Name":null,"Version":"1","Path":"p"}],"Licenses":[],"Warnings":[]}""")]
    [InlineData("""{"Packages":[],"Licenses":[null],"Warnings":[]}""")]
    [InlineData("""{"Packages":[],"Licenses":[],"Warnings":null}""")]
    [InlineData("""{"Packages":[],"Licenses":[],"Warnings":[null]}""")]
    [InlineData("""{"Packages":[],"Licenses":[],"Warnings":[],"NeededLibraries":[null]}""")]
    public async Task FindingsThatMakeNoSenseAreNoAnswer(string findings)
    {
        BundleReading reading = await ReadSpoiltAsync(BundleOfFindings(KeptFindings.MarkOf(new ExecutableDetector()), findings));

        Assert.Equal("The findings in the bundle cannot be read.", reading.Reason);
    }

    [Theory]
    [InlineData("executables:1")]
    [InlineData("")]
    public async Task FindingsOfAnotherDetectorAreNoAnswer(string foundBy)
    {
        BundleReading reading = await ReadSpoiltAsync(BundleOfFindings(foundBy, """{"Packages":[],"Licenses":[],"Warnings":[]}"""));

        Assert.Contains("usr/bin/x", reading.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindingsWithoutEndAreNotRead()
    {
        BundleReading reading = await ReadSpoiltAsync(BundleOfFindings(KeptFindings.MarkOf(new ExecutableDetector()), new string(' ', 2 << 20)));

        Assert.Contains("more than 1048576 bytes of findings", reading.Reason, StringComparison.Ordinal);
    }

    private static byte[] BundleOfFindings(string foundBy, string findings)
    {
        byte[] tar = new TarBuilder()
            .Pax(("IMAGESCAN.omitted", "100"), ("IMAGESCAN.found", foundBy)).File("usr/bin/x", findings, change: Executable).ToArray();
        byte[] packed = CompressionTests.Zstd(tar);
        return [.. LayerBundle.HeaderOf(packed.Length), .. packed];
    }

    private static byte[] Jar(string name, byte[] noise) => new MadeJar().WithPom("g", name, "1").With("noise", noise).ToBytes();

    private static string Long => string.Concat(Enumerable.Range(0, 3000).Select(i => $"{i} "));

    private static void Executable(byte[] header) => TarBuilder.Put(header, 100, "0000755");

    private static async Task<BundleReading> ReadSpoiltAsync(byte[] stored)
    {
        try
        {
            using LayerBundle? bundle = await LayerBundle.TakeAsync(new MemoryStream(stored), 1 << 20, TestContext.Current.CancellationToken);
            BundleReading reading = await Inspection(layerLimits: new LayerLimits { LayerExpandedBytes = 16 << 20 }).ReadAsync(bundle!);
            Assert.Equal(reading.Inventory is null, reading.Reason.Length > 0);
            return reading;
        }
        catch (MalformedLayerException broken)
        {
            return new BundleReading(null, broken.Message);
        }
    }

    private static Gen<byte[]> RandomLayers()
    {
        string[] paths =
        [
            X, "app/node_modules/y/package.json", "app", "store/1", "store/2", "usr/bin/python3", "usr/bin/python3.11", "usr/bin/x", "lib", "lib/x.so",
            "var/lib/dpkg/status", "usr/share/doc/a/copyright", "a/.wh.app", "app/.wh..wh..opq", ".wh.lib", "etc/os-release", "app/a.jar", "app/z.jar",
        ];
        byte[][] bodies =
        [
            [], Encoding.UTF8.GetBytes(Json), Program, "Package: a\nVersion: 1\n"u8.ToArray(), new MadeJar().WithPom("g", "a", "1").ToBytes(),
            Encoding.UTF8.GetBytes("ID=debian\n"), new byte[5000], MadeElf.With(".x", new byte[64]),
        ];
        Gen<Action<TarBuilder>> entry = Gen.Select(Gen.OneOf(paths), Gen.OneOf(paths), Gen.OneOf(bodies), Gen.Int[0, 9]).Select(
            (path, target, body, kind) => (Action<TarBuilder>)(tar =>
            {
                _ = kind switch
                {
                    0 => tar.HardLink(path, target),
                    1 => tar.Header(path, 0, '1', target, Executable),
                    2 => tar.SymbolicLink(path, target),
                    3 => tar.Folder(path),
                    4 => tar.Pax(("GNU.sparse.size", $"{body.Length + 3000}"), ("GNU.sparse.map", $"0,{body.Length}")).File(path, body),
                    5 or 6 => tar.File(path, body),
                    _ => tar.File(path, body, change: Executable),
                };
            }));
        return entry.Array[1, 30].Select(entries =>
        {
            var tar = new TarBuilder();
            Array.ForEach(entries, add => add(tar));
            return tar.End().ToArray();
        });
    }

    // These images have one layer each, a tar in the tar.
    private static (long Start, long Length) LayerIn(string path)
    {
        using FileStream file = System.IO.File.OpenRead(path);
        using var reader = new TarReader(file);
        while (reader.GetNextEntry() is { } entry)
        {
            if (entry.Name.EndsWith(".tar", StringComparison.Ordinal) && entry.Length > 0)
            {
                return (entry.DataOffset, entry.Length);
            }
        }

        throw new InvalidOperationException($"{path} has no layer.");
    }

    private sealed class Slice(string path, long start, long length) : ForwardStream
    {
        private readonly FileStream _file = new(path, new FileStreamOptions { Access = FileAccess.Read }) { Position = start };

        public override int Read(Span<byte> buffer) => _file.Read(buffer[..(int)Math.Min(buffer.Length, start + length - _file.Position)]);

        protected override void Dispose(bool disposing)
        {
            _file.Dispose();
            base.Dispose(disposing);
        }
    }
}
