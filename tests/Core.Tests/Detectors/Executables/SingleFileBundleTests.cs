using System.IO.Compression;
using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Executables;
using ImageScan.Core.Detectors.Executables.Bundles;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Executables;

public sealed class SingleFileBundleTests
{
    internal const string DepsJson = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v8.0/linux-x64", "signature": "" },
          "targets": { ".NETCoreApp,Version=v8.0/linux-x64": {
            "app/1.0.0": { "runtime": { "app.dll": {} } },
            "Newtonsoft.Json/13.0.1": { "runtime": { "lib/net6.0/Newtonsoft.Json.dll": {} } } } },
          "libraries": {
            "app/1.0.0": { "type": "project", "serviceable": false, "sha512": "" },
            "Newtonsoft.Json/13.0.1": { "type": "package", "serviceable": true, "sha512": "" } }
        }
        """;

    private readonly ExecutableDetector _detector = new();

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(6, false)]
    [InlineData(6, true)]
    public void ReadsTheDepsJsonOfEveryVersion(uint version, bool isCompressed)
    {
        FileFindings found = Read(Bundle(version, isCompressed));

        Package package = Assert.Single(found.Packages);
        Assert.Equal((PackageType.NuGet, "Newtonsoft.Json", "13.0.1", "app/server"), (package.Type, package.Name, package.Version, package.Path));
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void FindsNothingInAHostThatIsNoBundle()
    {
        FileFindings found = Read(MadeElf.With(".data", [.. new byte[8], .. SingleFileBundle.Signature]));

        Assert.Empty(found.Packages);
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void SaysThatABundleIsOfAnotherVersion() =>
        Assert.Contains("version 7", Assert.Single(Read(Bundle(7, isCompressed: false)).Warnings).Reason, StringComparison.Ordinal);

    [Fact]
    public void SaysThatABundleWasCutOff() =>
        Assert.Contains("beyond its end", Assert.Single(Read(Bundle(6, isCompressed: false)[..600]).Warnings).Reason, StringComparison.Ordinal);

    [Fact]
    public void SaysThatABundleHasNoDepsJson()
    {
        byte[] bundle = Bundle(6, isCompressed: false);
        bundle[bundle.AsSpan().LastIndexOf("app.deps.json"u8)] = (byte)'/';

        Assert.Contains("was not found", Assert.Single(Read(bundle).Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void SaysThatADepsJsonIsNotCompressed()
    {
        byte[] bundle = Bundle(6, isCompressed: true);
        bundle.AsSpan(DepsJsonAt(bundle), 20).Fill(0xff);

        Assert.Contains("not compressed", Assert.Single(Read(bundle).Warnings).Reason, StringComparison.Ordinal);
    }

    /// <summary>A host with three files behind it and their list.</summary>
    internal static byte[] Bundle(uint version, bool isCompressed)
    {
        byte[] json = System.Text.Encoding.UTF8.GetBytes(DepsJson);
        byte[] stored = isCompressed ? Deflate(json) : json;
        byte[] host = MadeElf.With(".data", [.. new byte[8], .. SingleFileBundle.Signature]);
        var file = new MemoryStream();
        var writer = new BinaryWriter(file);
        writer.Write(host);
        writer.Write("MZ assembly"u8);
        long place = file.Position;
        writer.Write(stored);
        long list = file.Position;
        writer.Write(version);
        writer.Write(0U);
        writer.Write(3);
        writer.Write("AbCdEfGh");
        for (int i = 0; version >= 2 && i < 5; i++)
        {
            writer.Write((long)i);
        }

        WriteEntry(writer, version, host.Length, 11, 0, "app.dll");
        WriteEntry(writer, version, 0, 5, 0, "plugins/other.deps.json");
        WriteEntry(writer, version, place, json.Length, isCompressed ? stored.Length : 0, "app.deps.json");
        byte[] bundle = file.ToArray();
        BitConverter.GetBytes(list).CopyTo(bundle, bundle.AsSpan().IndexOf(SingleFileBundle.Signature) - 8);
        return bundle;
    }

    private static void WriteEntry(BinaryWriter writer, uint version, long offset, long size, long compressed, string name)
    {
        writer.Write(offset);
        writer.Write(size);
        if (version >= 6)
        {
            writer.Write(compressed);
        }

        writer.Write((byte)3);
        writer.Write(name);
    }

    private static int DepsJsonAt(byte[] bundle) => bundle.AsSpan().IndexOf("MZ assembly"u8) + 11;

    private static byte[] Deflate(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var deflate = new DeflateStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflate.Write(bytes);
        }

        return compressed.ToArray();
    }

    private FileFindings Read(byte[] program) => Detection.Read(_detector, "app/server", program);
}
