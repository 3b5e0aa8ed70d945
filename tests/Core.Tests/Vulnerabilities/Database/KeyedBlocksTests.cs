using System.Text;
using ImageScan.Core.Vulnerabilities.Database;

namespace ImageScan.Core.Tests.Vulnerabilities.Database;

public class KeyedBlocksTests
{
    private const int Records = 200;

    // 40 MB in all: more than is remembered.
    [Fact]
    public void FindsEveryRecordFromManyThreadsAlsoWhenBlocksAreForgotten()
    {
        KeyedBlocks blocks = Blocks(recordLength: 200_000);

        Parallel.For(0, 2 * Records, i =>
        {
            ulong key = (ulong)(i % Records);

            Assert.True(blocks.TryFind(key * 2, out var record));
            Assert.Equal($"{key} ", Encoding.ASCII.GetString(record[..(record.IndexOf((byte)' ') + 1)]));
            Assert.Equal(200_000, record.Length);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(399)]
    public void FindsNothingBetweenAndBehindTheRecords(ulong key)
    {
        KeyedBlocks blocks = Blocks(recordLength: 100);

        Assert.False(blocks.TryFind(key, out var record));
        Assert.True(record.IsEmpty);
    }

    [Fact]
    public void UnpacksABlockOnce()
    {
        KeyedBlocks blocks = Blocks(recordLength: 100);
        blocks.TryFind(0, out var first);

        blocks.TryFind(0, out var second);

        Assert.True(first == second);
    }

    // Numbered 0, 2, 4, …; each begins with half its number.
    private static KeyedBlocks Blocks(int recordLength)
    {
        using var packed = new MemoryStream();
        var writer = new KeyedBlocksWriter(packed);
        for (int i = 0; i < Records; i++)
        {
            writer.Add((ulong)i * 2, Encoding.ASCII.GetBytes($"{i} ".PadRight(recordLength, 'x')));
        }

        writer.Flush();
        return new KeyedBlocks(writer.Index.ToArray(), new SnapshotSection(new HeldBytes(packed.ToArray()), 0, packed.Length));
    }
}
