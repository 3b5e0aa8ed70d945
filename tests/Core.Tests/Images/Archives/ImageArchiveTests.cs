using ImageScan.Core.Images;
using ImageScan.Core.Images.Archives;
using ImageScan.Core.Tests.Images.Registries;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Images.Archives;

public sealed class ImageArchiveTests : IDisposable
{
    private static readonly byte[] Config = TestImages.Config;
    private static readonly byte[] Layer = TestImages.Layer;

    private readonly TestTar _tar = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _tar.Dispose();

    [Fact]
    public async Task ReadsAnOldDockerArchiveWithLayersBehindLinks()
    {
        _tar.File("blob.tar", Layer).Link("one/layer.tar", '2', "../blob.tar").File("two/layer.tar", [0x1f, 0x8b, 8, 0])
            .File("c.json", Config).File("manifest.json", """[{"Config":"c.json","RepoTags":["docker.io/lab/x:1"],"Layers":["one/layer.tar","two/layer.tar"]}]""");

        IImageSource source = await OpenAsync(_tar.Save());
        ImageManifest manifest = await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        Assert.Null(manifest.Digest);
        Assert.Equal(FakeRegistry.DescriptorOf(Config, MediaTypes.DockerConfig), manifest.Config);
        Assert.Equal(
            [FakeRegistry.DescriptorOf(Layer, MediaTypes.DockerLayerTar), FakeRegistry.DescriptorOf([0x1f, 0x8b, 8, 0], MediaTypes.DockerLayerTarGzip)],
            manifest.Layers);
        Assert.Equal("app", (await source.ReadConfigAsync(manifest, Token)).User);
        Assert.Equal(Layer, await BytesAsync(source, manifest.Layers[0]));
    }

    [Fact]
    public async Task ReadsANewDockerArchiveWithItsManifestDigest()
    {
        AddLayout(Entry(TestImages.Manifest, ""));
        _tar.File("manifest.json", $$"""[{"Config":"{{Path(Config)}}","RepoTags":["x:1"],"Layers":["{{Path(Layer)}}"]}]""");

        IImageSource source = await OpenAsync(_tar.SaveCompressed());
        ImageManifest manifest = await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        Assert.Equal(FakeRegistry.DigestOf(TestImages.Manifest), manifest.Digest);
        Assert.Equal(Layer, await BytesAsync(source, manifest.Layers[0]));
    }

    [Fact]
    public async Task RefusesALayerThatIsNotWhatItsPathSays()
    {
        _tar.File(Path(Layer), [1, 2, 3]).File("c.json", Config).File("manifest.json", $$"""[{"Config":"c.json","RepoTags":null,"Layers":["{{Path(Layer)}}"]}]""");
        IImageSource source = await OpenAsync(_tar.Save());
        ImageManifest manifest = await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => BytesAsync(source, manifest.Layers[0]));

        Assert.Equal(RegistryFailure.Corrupt, e.Failure);
    }

    [Theory]
    [InlineData("x:1", true)]
    [InlineData("docker.io/library/x:1", true)]
    [InlineData("y:2", true)]
    [InlineData(null, false)]
    [InlineData("z:1", false)]
    public async Task ChoosesAmongSeveralImagesByName(string? name, bool found)
    {
        _tar.File("c.json", Config).File("d.json", "{}").File("manifest.json", """[{"Config":"c.json","RepoTags":["x:1","docker.io/library/x:1"],"Layers":[]},{"Config":"d.json","RepoTags":["docker.io/library/y:2"],"Layers":[]}]""");

        Exception? e = await Record.ExceptionAsync(() => ImageArchive.OpenAsync(_tar.Save(), name, new ImageLimits(), Token));

        Assert.Equal(found, e is null);
        Assert.True(found || ((RegistryException)e!).Message.Contains("choose one of x:1, docker.io/library/x:1, docker.io/library/y:2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("c.json", "none.tar", "names the layer \"none.tar\" and does not hold it")]
    [InlineData("none.json", "blob.tar", "does not hold its image configuration \"none.json\"")]
    [InlineData("../c.json", "blob.tar", "does not hold its image configuration")]
    [InlineData("c.json", "../../etc/passwd", "does not hold it")]
    public async Task SaysWhatADockerArchiveLacks(string config, string layer, string reason)
    {
        _tar.File("c.json", Config).File("blob.tar", Layer).File("manifest.json", $$"""[{"Config":"{{config}}","RepoTags":[],"Layers":["{{layer}}"]}]""");

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(async () =>
        {
            IImageSource source = await OpenAsync(_tar.Save());
            await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);
        });

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("[5]")]
    public async Task RefusesAListThatIsNone(string list)
    {
        _tar.File("manifest.json", list);

        await Assert.ThrowsAsync<RegistryException>(() => OpenAsync(_tar.Save()));
    }

    [Fact]
    public async Task RefusesADockerArchiveWithMoreLayersThanAllowed()
    {
        _tar.File("c.json", Config).File("manifest.json", """[{"Config":"c.json","Layers":["a","b","c"]}]""");

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => ImageArchive.OpenAsync(_tar.Save(), null, new ImageLimits { LayersPerImage = 2 }, Token));

        Assert.Contains("(LayersPerImage)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadsAnOciLayout()
    {
        AddLayout(Entry(TestImages.Manifest, ""));

        IImageSource source = await OpenAsync(_tar.Save());
        Descriptor target = await source.ResolveAsync(Token);
        ImageManifest manifest = await source.ReadManifestAsync(target, Platform.Default, Token);

        Assert.Equal(FakeRegistry.DigestOf(TestImages.Manifest), target.Digest);
        Assert.Equal(target.Digest, manifest.Digest);
        Assert.Equal("app", (await source.ReadConfigAsync(manifest, Token)).User);
        Assert.Equal(Layer, await BytesAsync(source, manifest.Layers[0]));
    }

    [Fact]
    public async Task ChoosesThePlatformInANestedIndex()
    {
        byte[] index = TestImages.IndexOf(TestImages.Entry("{}"u8.ToArray(), "linux/arm64"), TestImages.Entry(TestImages.Manifest, "linux/amd64"));
        _tar.File(Path(index), index);
        AddLayout(Entry(index, "", MediaTypes.OciIndex));

        IImageSource source = await OpenAsync(_tar.Save());
        ImageManifest manifest = await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        Assert.Equal(FakeRegistry.DigestOf(TestImages.Manifest), manifest.Digest);
        Assert.Equal(FakeRegistry.DigestOf(index), manifest.Index);
    }

    [Fact]
    public async Task ChoosesThePlatformAmongNamelessEntriesOfALayout()
    {
        AddLayout(TestImages.Entry("{}"u8.ToArray(), "linux/arm64"), TestImages.Entry(TestImages.Manifest, "linux/amd64"));

        IImageSource source = await OpenAsync(_tar.Save());
        ImageManifest manifest = await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        Assert.Equal(FakeRegistry.DigestOf(TestImages.Manifest), manifest.Digest);
    }

    [Fact]
    public async Task ChoosesAmongSeveralTagsOfALayout()
    {
        AddLayout(Named("{}"u8.ToArray(), "1"), Named(TestImages.Manifest, "2"));
        string path = _tar.Save();

        IImageSource source = await ImageArchive.OpenAsync(path, "2", new ImageLimits(), Token);
        RegistryException unnamed = await Assert.ThrowsAsync<RegistryException>(() => OpenAsync(path));
        RegistryException unknown = await Assert.ThrowsAsync<RegistryException>(() => ImageArchive.OpenAsync(path, "3", new ImageLimits(), Token));

        Assert.Equal(FakeRegistry.DigestOf(TestImages.Manifest), (await source.ResolveAsync(Token)).Digest);
        Assert.EndsWith("holds several images: choose one of 1, 2.", unnamed.Message, StringComparison.Ordinal);
        Assert.EndsWith("holds no such image: choose one of 1, 2.", unknown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadsALayoutInAFolder()
    {
        Directory.CreateDirectory(System.IO.Path.Combine(_tar.Folder, "l", "blobs", "sha256"));
        foreach (byte[] blob in new[] { TestImages.Manifest, Config, Layer })
        {
            await File.WriteAllBytesAsync(System.IO.Path.Combine(_tar.Folder, "l", Path(blob)), blob, Token);
        }

        await File.WriteAllBytesAsync(System.IO.Path.Combine(_tar.Folder, "l", "index.json"), TestImages.IndexOf(Entry(TestImages.Manifest, "")), Token);

        IImageSource source = await OpenAsync(System.IO.Path.Combine(_tar.Folder, "l"));
        ImageManifest manifest = await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        Assert.Equal(Layer, await BytesAsync(source, manifest.Layers[0]));
    }

    [Fact]
    public async Task ReadsAnUnpackedDockerArchiveWithLayersBehindLinks()
    {
        string folder = Unpacked("c.json", "two/layer.tar");
        Directory.CreateDirectory(System.IO.Path.Combine(folder, "one"));
        await File.WriteAllBytesAsync(System.IO.Path.Combine(folder, "one", "layer.tar"), Layer, Token);
        Directory.CreateSymbolicLink(System.IO.Path.Combine(folder, "two"), "./three");
        Directory.CreateSymbolicLink(System.IO.Path.Combine(folder, "three"), "one");

        IImageSource source = await OpenAsync(folder);
        ImageManifest manifest = await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);

        Assert.True(ImageArchive.IsFolder(folder));
        Assert.Equal(Layer, await BytesAsync(source, manifest.Layers[0]));
    }

    [Theory]
    [InlineData("HOST/c.json", "", "does not hold its image configuration")]
    [InlineData("../secret/c.json", "", "does not hold its image configuration")]
    [InlineData("c.json", "../secret/host.tar", "does not hold it")]
    [InlineData("c.json", "HOST/host.tar", "does not hold it")]
    [InlineData("c.json", "relative/host.tar", "does not hold it")]
    [InlineData("c.json", "absolute/host.tar", "does not hold it")]
    [InlineData("c.json", "loop", "does not hold it")]
    [InlineData("c.json", "pipe", "does not hold it")]
    public async Task ReadsOnlyFilesWithinAnUnpackedDockerArchive(string config, string layer, string reason)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no pipes in folders there.");
        string host = Directory.CreateDirectory(System.IO.Path.Combine(_tar.Folder, "secret")).FullName;
        await File.WriteAllBytesAsync(System.IO.Path.Combine(host, "c.json"), Config, Token);
        await File.WriteAllBytesAsync(System.IO.Path.Combine(host, "host.tar"), Layer, Token);
        string folder = Unpacked(config.Replace("HOST", host, StringComparison.Ordinal), layer.Replace("HOST", host, StringComparison.Ordinal));
        Directory.CreateSymbolicLink(System.IO.Path.Combine(folder, "relative"), "../secret");
        Directory.CreateSymbolicLink(System.IO.Path.Combine(folder, "absolute"), host);
        File.CreateSymbolicLink(System.IO.Path.Combine(folder, "loop"), "loop");
        using (var pipe = System.Diagnostics.Process.Start("mkfifo", System.IO.Path.Combine(folder, "pipe")))
        {
            await pipe.WaitForExitAsync(Token);
        }

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(async () =>
        {
            IImageSource source = await OpenAsync(folder);
            await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);
        });

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RefusesABlobThatIsNotWhatItsPathSays()
    {
        _tar.File("index.json", TestImages.IndexOf(Entry(TestImages.Manifest, ""))).File(Path(TestImages.Manifest), "{}");

        IImageSource source = await OpenAsync(_tar.Save());
        RegistryException e = await Assert.ThrowsAsync<RegistryException>(async () => await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token));

        Assert.Equal(RegistryFailure.Corrupt, e.Failure);
    }

    [Fact]
    public async Task SaysThatAFileIsNeither()
    {
        _tar.File("etc/passwd", "root");

        RegistryException e = await Assert.ThrowsAsync<RegistryException>(() => OpenAsync(_tar.Save()));

        Assert.Contains("is neither an archive of docker save (manifest.json) nor an OCI layout (index.json)", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("alpine-3.20.tar", 1)]
    [InlineData("debian-11.tar", 1)]
    [InlineData("rpm-ubi8-bdb.tar", 1)]
    public async Task ReadsRealArchives(string file, int layers)
    {
        IImageSource source = await OpenAsync(SharedData.Path("images", file));
        ImageManifest manifest = await source.ReadManifestAsync(await source.ResolveAsync(Token), Platform.Default, Token);
        ImageConfig config = await source.ReadConfigAsync(manifest, Token);

        Assert.Equal(layers, manifest.Layers.Count);
        Assert.Equal("linux", config.Os);
        Assert.Equal(manifest.Layers[0].Size, (await BytesAsync(source, manifest.Layers[0])).Length);
    }

    private static Task<IImageSource> OpenAsync(string path) => ImageArchive.OpenAsync(path, null, new ImageLimits(), Token);

    private string Unpacked(string config, string layer)
    {
        string folder = Directory.CreateDirectory(System.IO.Path.Combine(_tar.Folder, "unpacked")).FullName;
        File.WriteAllBytes(System.IO.Path.Combine(folder, "c.json"), Config);
        File.WriteAllText(System.IO.Path.Combine(folder, "manifest.json"), $$"""[{"Config":"{{config}}","RepoTags":[],"Layers":["{{layer}}"]}]""");
        return folder;
    }

    private void AddLayout(params string[] entries) => _tar
        .File("oci-layout", """{"imageLayoutVersion":"1.0.0"}""")
        .File("index.json", TestImages.IndexOf(entries))
        .File(Path(TestImages.Manifest), TestImages.Manifest)
        .File(Path(Config), Config)
        .File(Path(Layer), Layer);

    private static string Entry(byte[] target, string platform, string mediaType = MediaTypes.OciManifest) => TestImages.Entry(target, platform, mediaType: mediaType);

    private static string Named(byte[] target, string name) => TestImages.Entry(target, "", $$""","annotations":{"org.opencontainers.image.ref.name":"{{name}}"}""");

    private static string Path(byte[] blob) => ArchiveContent.BlobPath(FakeRegistry.DigestOf(blob));

    private static async Task<byte[]> BytesAsync(IImageSource source, Descriptor blob)
    {
        await using Stream stream = await source.OpenBlobAsync(blob, Token);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, Token);
        return all.ToArray();
    }
}
