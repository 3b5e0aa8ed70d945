using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using CsCheck;
using ImageScan.Core.Detectors;
using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Layers;
using ImageScan.Core.Tests.Detectors.Executables;
using ImageScan.Core.Tests.Detectors.Java;

namespace ImageScan.Core.Tests.Detectors;

public sealed class LayerInspectionTests
{
    private const string MediaType = "application/vnd.oci.image.layer.v1.tar+gzip";
    private const string X = "app/node_modules/x/package.json";
    private const string Json = """{"name":"x","version":"1"}""";

    [Fact]
    public async Task ReadsALayerOnce()
    {
        byte[] blob = Gzip(Tar(File(X, Json), File("lib/apk/db/installed", "P:a\nV:1-r0\n"), Link("lib64", "lib")));

        (LayerInventory layer, int opened) = await ReadAsync(blob);

        Assert.Equal([X, "lib/apk/db/installed"], layer.Files.Select(file => file.Path));
        Assert.Equal([new SymbolicLink("lib64", "lib").ToString()], layer.Links.Select(link => link.ToString()));
        Assert.Empty(layer.Warnings);
        Assert.Equal(1, opened);
    }

    [Fact]
    public void HasAnotherVersionUnderOtherLimits()
    {
        string version = VersionUnder(new LayerLimits());

        Assert.Equal(version, VersionUnder(new LayerLimits()));
        Assert.NotEqual(version, VersionUnder(new LayerLimits { LayerEntries = 7 }));
        Assert.StartsWith(PackageDetectors.VersionsOf(PackageDetectors.All), version, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadsTheLayerAgainForAWantedHardLink()
    {
        byte[] blob = Gzip(Tar(File("store/1", Json), HardLink(X, "store/1"), HardLink("app/unwanted", "store/1")));

        (LayerInventory layer, int opened) = await ReadAsync(blob);

        Assert.Equal("x", Assert.Single(Assert.Single(layer.Files).Packages).Name);
        Assert.Empty(layer.Warnings);
        Assert.Equal(2, opened);
    }

    [Fact]
    public async Task ReadsAJavaArchiveThatIsAHardLink()
    {
        byte[] jar = new MadeJar().WithPom("org.example", "x", "1.0").ToBytes();
        byte[] blob = Gzip(Tar(File("cache/1", jar), HardLink("app/x.jar", "cache/1")));

        (LayerInventory layer, _) = await ReadAsync(blob);

        Package package = Assert.Single(Assert.Single(layer.Files).Packages);
        Assert.Equal(("org.example:x", "app/x.jar"), (package.Name, package.Path));
    }

    [Fact]
    public async Task ReadsAProgramUnderTheKnownNameOfAHardLink()
    {
        byte[] python = MadeElf.With(".rodata", [0, .. "3.11.2\0"u8]);
        UstarTarEntry program = File("usr/bin/python3", python);
        UstarTarEntry link = HardLink("usr/bin/python3.11", "usr/bin/python3");
        program.Mode = link.Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute;

        (LayerInventory layer, _) = await ReadAsync(Gzip(Tar(program, link)));

        Package package = Assert.Single(layer.Files.SelectMany(file => file.Packages));
        Assert.Equal(("python", "3.11.2", "usr/bin/python3.11"), (package.Name, package.Version, package.Path));
    }

    [Fact]
    public async Task SaysNothingOfALinkToAJavaArchiveThatNamesNoPackage()
    {
        const string Jar = "usr/share/java/java-atk-wrapper.jar";
        (LayerInventory layer, _) = await ReadAsync(Gzip(Tar(
            File(Jar, new MadeJar().ToBytes()), Link("usr/lib/jvm/ext/java-atk-wrapper.jar", "../../../share/java/java-atk-wrapper.jar"))));

        Assert.Empty(layer.Files);
        Assert.Empty(LayerMerge.Of([layer], TestContext.Current.CancellationToken).Warnings);
    }

    [Theory]
    [InlineData("opt/deps", 1)]
    [InlineData("opt/node_modules", 0)]
    public async Task SaysThatALinkedFolderOfPackagesWasNotReadUnderAnotherName(string folder, int warnings)
    {
        (LayerInventory layer, _) = await ReadAsync(Gzip(Tar(File($"{folder}/x/package.json", Json), Link("app/node_modules", $"/{folder}"))));

        IReadOnlyList<InventoryWarning> said = LayerMerge.Of([layer], TestContext.Current.CancellationToken).Warnings;

        Assert.Equal(warnings, said.Count(warning => warning.Path == "app/node_modules/"));
    }

    [Fact]
    public async Task SaysThatTheBodyOfAHardLinkIsMissing()
    {
        (LayerInventory layer, _) = await ReadAsync(Gzip(Tar(HardLink(X, "store/1"))));

        Assert.Equal(X, Assert.Single(layer.Warnings).Path);
        Assert.Empty(Assert.Single(layer.Files).Packages);
    }

    [Fact]
    public async Task KeepsWhatStoodBeforeTheBreakAndSaysSo()
    {
        byte[] tar = Tar(File(X, Json), File("etc/os-release", "ID=debian\n"));

        (LayerInventory layer, _) = await ReadAsync(tar[..1400]);

        Assert.Equal([X], layer.Files.Select(file => file.Path));
        Assert.NotEmpty(layer.Warnings);
    }

    [Fact]
    public async Task KeepsWhatStoodBeforeALimitAndNamesIt()
    {
        byte[] blob = Gzip(Tar(File(X, Json), File("a", ""), File("b", "")));

        (LayerInventory layer, _) = await ReadAsync(blob, new LayerLimits { LayerEntries = 2 });

        Assert.Equal([X], layer.Files.Select(file => file.Path));
        Assert.Contains("LayerEntries", Assert.Single(layer.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadsABrokenBlobToItsEndForItsDigest()
    {
        byte[] tar = Tar(File(X, Json));
        Array.Fill(tar, (byte)0xff, 1024, 512);
        byte[] blob = [.. tar, .. new byte[200_000]];
        var stream = new MemoryStream(blob);

        LayerInventory layer = await Inspection().ReadAsync(_ => Task.FromResult<Stream>(new Lent(stream)), MediaType, TestContext.Current.CancellationToken);

        Assert.NotEmpty(layer.Warnings);
        Assert.Equal(stream.Length, stream.Position);
    }

    [Fact]
    public async Task ThrowsWhatTheBlobThrows()
    {
        byte[] blob = Gzip(Tar(File(X, Json)));

        await Assert.ThrowsAsync<InvalidTimeZoneException>(() => Inspection().ReadAsync(
            _ => Task.FromResult<Stream>(new FailingAtEnd(blob)), MediaType, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task RefusesABlobThatIsTooLargeToBeChecked()
    {
        byte[] blob = Tar(File(X, Json), File("a", new string('a', 10_000)));

        LayerLimitException refusal = await Assert.ThrowsAsync<LayerLimitException>(() => ReadAsync(blob, new LayerLimits { LayerCompressedBytes = 2000 }));

        Assert.Equal("LayerCompressedBytes", refusal.Limit);
    }

    [Fact]
    public async Task EndsWhenItIsCancelled()
    {
        byte[] blob = Gzip(Tar(File(X, Json)));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Inspection().ReadAsync(
            _ => Task.FromResult<Stream>(new MemoryStream(blob)), MediaType, new CancellationToken(canceled: true)));
    }

    [Fact]
    public void SpoiltLayersGiveAnInventoryAndNoOtherError()
    {
        byte[] tar = Tar(
            File("etc/os-release", "ID=x\n"),
            File("store/1", Json),
            HardLink(X, "store/1"),
            Link("lib", "usr/lib"),
            File("lib/apk/db/installed", "P:a\nV:1\n"));

        Gen.Select(Gen.Select(Gen.Int[0, tar.Length - 1], Gen.Byte).Array[1, 4], Gen.Int[0, 3000], Gen.Bool).Sample(
            (changes, cut, packed) =>
            {
                byte[] spoilt = [.. tar[..^cut]];
                foreach ((int at, byte value) in changes)
                {
                    spoilt[at % spoilt.Length] = value;
                }

                (LayerInventory layer, _) = ReadAsync(packed ? Gzip(spoilt) : spoilt).GetAwaiter().GetResult();

                LayerMerge.Of([layer, layer], TestContext.Current.CancellationToken);
            },
            iter: 500);
    }

    private static LayerInspection Inspection(LayerLimits? limits = null) => new(PackageDetectors.All, limits ?? new LayerLimits(), new InspectionLimits());

    private static async Task<(LayerInventory Layer, int Opened)> ReadAsync(byte[] blob, LayerLimits? limits = null)
    {
        int opened = 0;
        LayerInventory layer = await Inspection(limits).ReadAsync(
            _ =>
            {
                opened++;
                return Task.FromResult<Stream>(new MemoryStream(blob));
            },
            MediaType,
            CancellationToken.None);
        return (layer, opened);
    }

    private static byte[] Tar(params TarEntry[] entries)
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
        {
            Array.ForEach(entries, writer.WriteEntry);
        }

        return archive.ToArray();
    }

    private static UstarTarEntry File(string path, string text) => File(path, Encoding.UTF8.GetBytes(text));

    private static UstarTarEntry File(string path, byte[] content) => new(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(content) };

    private static UstarTarEntry HardLink(string path, string target) => new(TarEntryType.HardLink, path) { LinkName = target };

    private static UstarTarEntry Link(string path, string target) => new(TarEntryType.SymbolicLink, path) { LinkName = target };

    private static string VersionUnder(LayerLimits limits) =>
        new LayerInspection(PackageDetectors.All, limits, new InspectionLimits()).DetectorsVersion;

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    // Survives being closed, so that the test can see how far it was read.
    private sealed class Lent(Stream inner) : ForwardStream
    {
        public override int Read(Span<byte> buffer) => inner.Read(buffer);
    }

    // As a registry's stream does when the digest turns out to be another.
    private sealed class FailingAtEnd(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => Position < Length ? base.Read(buffer) : throw new InvalidTimeZoneException();

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }
}
