using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.EndToEnd.Azurite;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Scans;

[Collection(ScanServers.Name)]
public sealed class BadImageTests(SharedAzurite azurite) : IAsyncLifetime
{
    private static readonly MadeImage Image = TestImages.OfNpm("lodash@4.17.20");

    private ScanApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await ScanApp.StartAsync(
        azurite, ("Limits:LayerRatioFloorBytes", "100000"), ("Limits:LayerCompressedBytes", "50000"));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("made/image:none", "/v2/made/image/manifests/none")]
    [InlineData("made/none:1", "/v2/made/none/manifests/1")]
    public async Task NamesWhatTheRegistryDoesNotHave(string image, string asked)
    {
        _app.Registry.Push("made/image", "1", Image);

        ApiAnswer answer = await _app.ScanAsync($"{_app.Registry.Host}/{image}");

        AssertFailed(answer, $"{_app.Registry.Host}/{image}", $"\"http://{_app.Registry.Host}{asked}\"", "status=404");
    }

    [Fact]
    public async Task NamesARegistryThatNobodyKnows()
    {
        ApiAnswer answer = await _app.ScanAsync("registry.invalid/made/image:1");

        AssertFailed(answer, "registry.invalid/made/image:1", "https://registry.invalid/", "the host name is not known");
    }

    [Fact]
    public async Task NamesAPortThatNobodyListensOn()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string host = $"{listener.LocalEndpoint}";
        listener.Stop();

        ApiAnswer answer = await _app.ScanAsync($"{host}/made/image:1");

        AssertFailed(answer, $"http://{host}/", "no connection (ConnectionRefused)");
    }

    [Theory]
    [InlineData("application/vnd.cncf.helm.config.v1+json", "a Helm chart, not an image")]
    [InlineData("application/vnd.example.thing+json", "an artifact of type \"application/vnd.example.thing+json\", not an image")]
    public async Task NamesAnArtifactThatIsNoImage(string configType, string reason)
    {
        string manifest = Encoding.UTF8.GetString(Image.Manifest.Bytes.Span);
        string written = JsonSerializer.Serialize(MediaTypes.OciConfig);
        Assert.Contains(written, manifest, StringComparison.Ordinal);
        manifest = manifest.Replace(written, $"\"{configType}\"", StringComparison.Ordinal);
        _app.Registry.Content.AddManifest("made/thing", "1", new MadeBlob(MediaTypes.OciManifest, Encoding.UTF8.GetBytes(manifest)));

        ApiAnswer answer = await _app.ScanAsync($"{_app.Registry.Host}/made/thing:1");

        AssertFailed(answer, reason);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task NamesAManifestThatIsNone(string manifest)
    {
        var blob = new MadeBlob(MediaTypes.OciManifest, Encoding.UTF8.GetBytes(manifest));
        _app.Registry.Content.AddManifest("made/thing", "1", blob);

        ApiAnswer answer = await _app.ScanAsync($"{_app.Registry.Host}/made/thing:1");

        AssertFailed(answer, blob.Digest.ToString());
    }

    [Fact]
    public async Task NamesAConfigurationThatIsNone()
    {
        var config = new MadeBlob(MediaTypes.OciConfig, "no json"u8.ToArray());
        string manifest = Encoding.UTF8.GetString(Image.Manifest.Bytes.Span)
            .Replace($"{Image.Config.Digest}", $"{config.Digest}", StringComparison.Ordinal)
            .Replace($"\"size\":{Image.Config.Bytes.Length}", $"\"size\":{config.Bytes.Length}", StringComparison.Ordinal);
        string name = _app.Registry.Push("made/thing", "1", Image with { Config = config, Manifest = new MadeBlob(MediaTypes.OciManifest, Encoding.UTF8.GetBytes(manifest)) });

        ApiAnswer answer = await _app.ScanAsync(name);

        AssertFailed(answer, config.Digest.ToString());
    }

    [Fact]
    public async Task StopsABombAndKeepsWhatStoodBeforeIt()
    {
        byte[] tar = TestImages.TarOf(File(TestImages.Npm("lodash", "4.17.20")), new UstarTarEntry(TarEntryType.RegularFile, "bomb") { DataStream = new MemoryStream(new byte[4 << 20]) }, File(TestImages.Npm("minimist", "1.2.5")));
        string name = _app.Registry.Push("made/bomb", "1", TestImages.OfLayer(tar, CompressionLevel.SmallestSize));

        ApiAnswer answer = await _app.ScanAsync(name);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["lodash 4.17.20"], answer.Components);
        Assert.Contains("PARTIAL_SCAN_DATA", answer.ScanNotes);
    }

    [Fact]
    public async Task RefusesABlobThatIsTooLargeToBeChecked()
    {
        var noise = new byte[60_000];
        new Random(7).NextBytes(noise);
        MadeImage image = TestImages.OfLayer(TestImages.TarOf(new UstarTarEntry(TarEntryType.RegularFile, "noise") { DataStream = new MemoryStream(noise) }));

        ApiAnswer answer = await _app.ScanAsync(_app.Registry.Push("made/large", "1", image));

        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Contains($"{image.Layers[0].Digest}: The layer is too large as it is stored; the limit is 50000, set by Limits__LayerCompressedBytes.", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetsOutOfALoopOfLinks()
    {
        byte[] tar = TestImages.TarOf(
            new UstarTarEntry(TarEntryType.SymbolicLink, "var") { LinkName = "loop" },
            new UstarTarEntry(TarEntryType.SymbolicLink, "loop") { LinkName = "var" },
            new UstarTarEntry(TarEntryType.SymbolicLink, "etc/os-release") { LinkName = "../usr/lib/os-release" },
            new UstarTarEntry(TarEntryType.SymbolicLink, "usr/lib/os-release") { LinkName = "../../etc/os-release" },
            new UstarTarEntry(TarEntryType.HardLink, "lib/apk/db/installed") { LinkName = "lib/apk/db/other" },
            new UstarTarEntry(TarEntryType.HardLink, "lib/apk/db/other") { LinkName = "lib/apk/db/installed" },
            File(TestImages.Npm("lodash", "4.17.20")));

        ApiAnswer answer = await _app.ScanAsync(_app.Registry.Push("made/loop", "1", TestImages.OfLayer(tar)));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal(["lodash 4.17.20"], answer.Components);
        Assert.Contains("PARTIAL_SCAN_DATA", answer.ScanNotes);
    }

    [Fact]
    public async Task ReadsWhatStandsBeforeTheBreakOfAnArchive()
    {
        byte[] tar = TestImages.TarOf(File(TestImages.Npm("lodash", "4.17.20")), File(TestImages.Npm("minimist", "1.2.5")));

        ApiAnswer answer = await _app.ScanAsync(_app.Registry.Push("made/broken", "1", TestImages.OfLayer(tar[..1024])));

        Assert.Equal(["lodash 4.17.20"], answer.Components);
        Assert.Contains("PARTIAL_SCAN_DATA", answer.ScanNotes);
    }

    private static UstarTarEntry File((string Path, string Text) file) =>
        new(TarEntryType.RegularFile, file.Path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(file.Text)) };

    private static void AssertFailed(ApiAnswer answer, params string[] parts)
    {
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.Equal(13, answer.Json.GetProperty("code").GetInt32());
        Assert.StartsWith("image enrichment error: error getting metadata for image: ", answer.Message, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, answer.Message, StringComparison.Ordinal));
    }
}
