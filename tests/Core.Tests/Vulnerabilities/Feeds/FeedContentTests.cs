using System.IO.Compression;
using System.Text;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

public sealed class FeedContentTests
{
    // Made by Python's lzma and bz2 of the text below.
    private const string Xz = "/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4BGJARpdADYaSh8IoCYDTQad7+2IogDPzV88+XRw6IER2MbPs/el8qHWTqiKGmUsAPRaHtfGjXO4Gn4KW+N6N5r1"
        + "KjTTlAc6jGwTXFaYWlfTtyIyr5VN+/9Hjf9DAYLdSCJ7YqmB8mK5bgG2E6bGnME6UpOTtxG6i8iQ4cGeXXNejQ3dVYHzhvXX5MQLqA9tdG/+UJHl3giRwFxv"
        + "gwiRizsavcvdiGXSDvJcZ0ZAyyQ+ntb0LjrOYFV7MYEX1jJmz5SvUH/1JAbxXcY5W278httRnxDFKZ8NIRd8ItwIkow+xF891pyr75uHvxRu1K+OudGi6osy"
        + "8FSx4ULSRJXFW2KwuMM8N+xpSwdQaddbs8QKm0NVKLVoigTU7iT45LIWAAAAAPRAGAp8C+srAAG2AoojAAAz2enNscRn+wIAAAAABFla";

    private const string Bzip2 = "QlpoOTFBWSZTWflkGRkABaVZgAAQQAB/4C8nhgBAAh2EABQaNGgyA0KpsHqn/qqgGgwUGjRoMgNBJqpIe/U9VUaaA8p5AgT8gQJ+gIE+gIE+u0bzfb7/P4+r"
        + "x5wCFQGRYDAXBcGAsBkVAQ0ANVAAhUBkWAwFwXBgLAZFQENADVQAPRQB1kkk77pDic5znOc5rbbbbxILILILILILILILILILIbrO222utttvKqqqqqrututt"
        + "trdbbbztVVVVVXdbbxttrbrbbz4VVVVVV3W23tttbbrbee6qqqqqu6223vtrbbrbz2VVVVVV3W223xtbbbreeFVVVVVd1tttu9bbbdedKqqqqq9LvG222777"
        + "777777yqqqqqsCBPIECIECeQIE8gQJ4AgTyBAn8AgT0BAnoCBP6BAnoCBOAQJwCBPQECf8XckU4UJD5ZBkZA";

    private static readonly byte[] Text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 200).Select(number => $"line {number} of a document\n")));

    public static TheoryData<string> Forms => ["gzip", "bzip2", "xz", "zstd", "plain"];

    [Theory]
    [MemberData(nameof(Forms))]
    public async Task IsUnpackedWhateverItsForm(string form) => Assert.Equal(Text, await ExpandAsync(Pack(form)));

    // A document that ends early would be taken for one whose other records have been deleted.
    [Theory]
    [InlineData("gzip")]
    [InlineData("bzip2")]
    [InlineData("xz")]
    [InlineData("zstd")]
    public async Task IsBrokenWhereverItIsCut(string form)
    {
        byte[] packed = Pack(form);

        for (int length = 7; length < packed.Length; length += 3)
        {
            Exception? broken = await Record.ExceptionAsync(() => ExpandAsync(packed[..length]));
            Assert.True(broken is InvalidDataException or IOException, $"{form} of {length} bytes: {broken?.GetType().Name ?? "no error"}");
        }
    }

    [Fact]
    public async Task HasNoMoreBytesThanItMay() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => FeedContent.ReadAllAsync(new MemoryStream(Text), Text.Length - 1, TestContext.Current.CancellationToken));

    private static byte[] Pack(string form) => form switch
    {
        "gzip" => Through(stream => new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true)),
        "zstd" => Through(stream => new ZstdSharp.CompressionStream(stream, leaveOpen: true)),
        "xz" => Convert.FromBase64String(Xz),
        "bzip2" => Convert.FromBase64String(Bzip2),
        _ => Text,
    };

    private static byte[] Through(Func<Stream, Stream> pack)
    {
        using var packed = new MemoryStream();
        using (Stream stream = pack(packed))
        {
            stream.Write(Text);
        }

        return packed.ToArray();
    }

    private static async Task<byte[]> ExpandAsync(byte[] packed)
    {
        using var read = new MemoryStream();
        await using Stream stream = await FeedContent.ExpandAsync(new MemoryStream(packed), TestContext.Current.CancellationToken);
        await stream.CopyToAsync(read, TestContext.Current.CancellationToken);
        return read.ToArray();
    }
}
