using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using CsCheck;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Core.Vulnerabilities.Feeds;
using ImageScan.Core.Vulnerabilities.Feeds.Osv;
using SharpCompress.Compressors.BZip2;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds.Osv;

public sealed class OsvDocumentTests
{
    private const string One = """
        {"id":"A-1","modified":"2024-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"x"},"versions":["1"]}]}
        """;

    // The same, packed by "xz --block-size=48" into three blocks.
    private const string OneInXz = "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4AAvACxdAD2IiSaBk1OFf1t6vBWLbF3dfmidHeeAd5NdB08HBifENapEZibyEJ60sYwAAHgWXQOsFdJeAgAhARYAAAB0"
        + "L+WjAQAvZmZlY3RlZCI6W3sicGFja2FnZSI6eyJlY29zeXN0ZW0iOiJucG0iLCJuYW1lIjoiAL78WMlN37x/AgAhARYAAAB0L+WjAQAWeCJ9LCJ2ZXJzaW9ucyI6WyIxIl19XX0AABbJ"
        + "JqxrVKWuAANIMEgwLxeb3eT9scRn+wIAAAAABFla";

    private static string Record(string id) => One.Replace("A-1", id, StringComparison.Ordinal);

    private static byte[] Tar(params (string Path, string Text)[] files)
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, text) in files)
            {
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
            }
        }

        return bytes.ToArray();
    }

    private static byte[] Packed(byte[] content, string how)
    {
        using var bytes = new MemoryStream();
        using (Stream packing = how switch
        {
            "gz" => new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true),
            "bz2" => BZip2Stream.Create(bytes, SharpCompress.Compressors.CompressionMode.Compress, false, true),
            "zst" => new ZstdSharp.CompressionStream(bytes, leaveOpen: true),
            _ => new BufferedStream(bytes),
        })
        {
            packing.Write(content);
            packing.Flush();
            return how.Length == 0 ? content : Finished(packing, bytes);
        }
    }

    private static byte[] Finished(Stream packing, MemoryStream bytes)
    {
        packing.Dispose();
        return bytes.ToArray();
    }

    private static Task<FeedReading> ReadAsync(string path, byte[] content) => FeedReading.OfAsync(new OsvFeed(), path, content);

    [Theory]
    [InlineData("")]
    [InlineData("gz")]
    [InlineData("bz2")]
    [InlineData("zst")]
    public async Task ReadsATarArchiveHoweverItIsPacked(string how)
    {
        byte[] archive = Tar(("osv/a/A-1.json", One), ("osv/README.md", "{"), ("osv/all.json", "[]"), ("osv/A-2.json", Record("A-2")));

        FeedReading reading = await ReadAsync("npm/all.tar", Packed(archive, how));

        Assert.Equal(["A-1", "A-2"], reading.Advisories.Select(advisory => advisory.Id));
        Assert.Equal(0, reading.Report.Malformed);
    }

    [Fact]
    public async Task ReadsARecordAlone()
    {
        Assert.Equal("A-1", Assert.Single((await ReadAsync("npm/A-1.json", Encoding.UTF8.GetBytes(One))).Advisories).Id);
    }

    [Fact]
    public async Task ReadsXzOfSeveralBlocks()
    {
        FeedReading reading = await ReadAsync("npm/A-1.json", Convert.FromBase64String(OneInXz));

        Assert.Equal("x", Assert.Single(Assert.Single(reading.Advisories).Affected).Name);
    }

    [Fact]
    public async Task ReadsAnEmptyZip()
    {
        Assert.Empty((await ReadAsync("npm/all.zip", OsvZip.Of())).Records);
    }

    [Fact]
    public async Task NamesTheFileThatIsMalformed()
    {
        FeedReading reading = await ReadAsync("npm/all.tar", Tar(("a/A-1.json", "{"), ("a/A-2.json", Record("A-2"))));

        Assert.Equal(["A-2"], reading.Advisories.Select(advisory => advisory.Id));
        Assert.StartsWith("npm/all.tar a/A-1.json: is no valid JSON", Assert.Single(reading.Report.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task LeavesOutARecordThatIsTooLarge()
    {
        string large = "{\"details\":\"" + new string('x', 16 * 1024 * 1024) + "\"}";

        FeedReading reading = await ReadAsync("npm/all.zip", OsvZip.Of(large, One));

        Assert.Equal(["A-1"], reading.Advisories.Select(advisory => advisory.Id));
        Assert.Contains("is larger than 16777216 bytes", Assert.Single(reading.Report.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task SaysThatATarArchiveBreaksOff()
    {
        byte[] archive = Tar(("A-1.json", One), ("A-2.json", Record("A-2")));

        await Assert.ThrowsAnyAsync<IOException>(() => ReadAsync("npm/all.tar", archive[..(archive.Length - 1536 - 300)]));
    }

    [Fact]
    public async Task SaysThatAZipIsNone()
    {
        await Assert.ThrowsAsync<FeedException>(() => ReadAsync("npm/all.zip", "no zip"u8.ToArray()));
    }

    [Fact]
    public async Task ARecordAloneThatIsNotTakenStillReplacesWhatWasStored()
    {
        string record = One.Replace("npm", "Hex", StringComparison.Ordinal);

        FeedReading alone = await ReadAsync("npm/A-1.json", Encoding.UTF8.GetBytes(record));
        FeedReading archived = await ReadAsync("npm/all.zip", OsvZip.Of(record));

        Assert.Empty(Assert.Single(alone.Advisories).Affected);
        Assert.Empty(archived.Advisories);
        Assert.Equal(1, archived.Report.Skipped["about an ecosystem that no detector knows"]);
    }

    [Theory]
    [InlineData("npm/all.zip")]
    [InlineData("npm/all.tar")]
    [InlineData("npm/A-1.json")]
    public async Task ThrowsNothingElseOnMutatedDocuments(string path)
    {
        byte[] whole = path switch
        {
            "npm/all.zip" => OsvZip.Of(One, Record("A-2")),
            "npm/all.tar" => Packed(Tar(("A-1.json", One), ("A-2.json", Record("A-2"))), "gz"),
            _ => Encoding.UTF8.GetBytes(One),
        };
        await Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Array[1, 8].SampleAsync(
            async changes => await SurvivesAsync(path, Changed(whole, changes)), iter: 1000);
    }

    [Fact]
    public async Task ThrowsNothingElseOnMutatedTarArchives()
    {
        byte[] whole = Tar(("A-1.json", One), ("A-2.json", Record("A-2")));
        await Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Array[1, 8].SampleAsync(
            async changes => await SurvivesAsync("npm/all.tar", Changed(whole, changes)), iter: 2000);
    }

    private static byte[] Changed(byte[] whole, (int Place, byte Value, int Cut)[] changes)
    {
        byte[] bytes = [.. whole];
        int length = bytes.Length;
        foreach (var (place, value, cut) in changes)
        {
            bytes[place] = value;
            length = value < 8 ? Math.Min(length, cut) : length;
        }

        return bytes[..length];
    }

    private static async Task SurvivesAsync(string path, byte[] content)
    {
        try
        {
            FeedReading reading = await ReadAsync(path, content);
            Assert.All(reading.Records, record => Assert.IsType<Advisory>(record));
        }
        catch (Exception broken) when (broken is FeedException or IOException or InvalidDataException)
        {
            // The document cannot be read, and says so.
        }
    }
}
