using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Storage;

namespace ImageScan.Core.Tests.Storage;

public sealed class CompressedTests
{
    [Fact]
    public void KeepsEveryMemberOfAScan() => Keeps(Filled.Of<Scan>() with { UsedAt = null, GoneNames = [], RemovedAt = null });

    [Fact]
    public void KeepsEveryMemberOfALayer() => Keeps<LayerInventory>();

    [Fact]
    public void KeepsEveryMemberOfAnException() => Keeps<VulnerabilityException>();

    [Fact]
    public void KeepsEveryMemberOfAJob() => Keeps(Filled.Of<ScanJob>() with { Version = "", ChangedAt = null });

    [Theory]
    [InlineData("Inventory")]
    [InlineData("FirstInImage")]
    [InlineData("Names")]
    public void CannotReadAScanWithoutAMemberThatIsNeverNull(string member)
    {
        JsonObject json = JsonNode.Parse(JsonSerializer.Serialize(Filled.Of<Scan>(), SavedJson.Of<Scan>()))!.AsObject();
        Assert.True(json.Remove(member));

        Assert.False(Compressed.TryRead(CompressedText(json.ToJsonString()), out Scan? _));
    }

    [Fact]
    public void CannotReadAnInitOnlyListThatIsAbsentAsNull()
    {
        JsonObject json = JsonNode.Parse(JsonSerializer.Serialize(Filled.Of<Scan>(), SavedJson.Of<Scan>()))!.AsObject();
        Assert.True(json["Config"]!.AsObject().Remove("History"));

        Assert.False(Compressed.TryRead(CompressedText(json.ToJsonString()), out Scan? _));
    }

    [Fact]
    public void ReadsAMemberThatMayBeNullAsNullWhenItIsAbsent()
    {
        JsonObject json = JsonNode.Parse(JsonSerializer.Serialize(Filled.Of<Scan>(), SavedJson.Of<Scan>()))!.AsObject();
        Assert.True(json["Inventory"]!.AsObject().Remove("Distribution"));

        Assert.True(Compressed.TryRead(CompressedText(json.ToJsonString()), out Scan? scan));
        Assert.Null(scan.Inventory.Distribution);
    }

    [Fact]
    public void ReadsTheOccurrencesOfAScanWhoseFormHasChanged()
    {
        byte[] bytes = CompressedText("""{"Id":7,"FirstInImage":{"CVE-2024-1":"2024-01-01T00:00:00+00:00"},"Match":"other"}""");

        Assert.False(Compressed.TryRead(bytes, out Scan? _));
        Assert.True(Compressed.TryRead(bytes, out SavedOccurrences? saved));
        Assert.Equal(2024, saved.FirstInImage["CVE-2024-1"].Year);
    }

    [Fact]
    public void WritesTextThatIsNoUnicode()
    {
        var warning = new InventoryWarning("a\ud800b", "c");
        LayerInventory layer = Filled.Of<LayerInventory>() with { Warnings = [warning] };

        Assert.True(Compressed.TryRead(Compressed.Write(layer).ToArray(), out LayerInventory? read));
        Assert.Equal("a\ufffdb", read.Warnings[0].Path);
    }

    [Fact]
    public void SaysNoToAnyBytes()
    {
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.False(Compressed.TryRead(bytes, out Scan? _)));
    }

    [Fact]
    public void ThrowsNothingOnMutatedJson()
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(Filled.Of<LayerInventory>(), SavedJson.Of<LayerInventory>());

        Gen.Select(Gen.Int[0, json.Length - 1], Gen.Byte, Gen.Int[1, json.Length]).Sample((at, value, length) =>
        {
            byte[] mutated = json[..length];
            mutated[Math.Min(at, length - 1)] = value;
            Compressed.TryRead(CompressedBytes(mutated), out LayerInventory? _);
        });
    }

    private static void Keeps<T>()
        where T : class => Keeps(Filled.Of<T>());

    // What a row tells beside the content is not in it.
    private static void Keeps<T>(T value)
        where T : class
    {
        Assert.True(Compressed.TryRead(Compressed.Write(value).ToArray(), out T? read));
        Assert.Equal(Filled.Describe(value), Filled.Describe(read));
    }

    private static byte[] CompressedText(string json) => CompressedBytes(Encoding.UTF8.GetBytes(json));

    private static byte[] CompressedBytes(byte[] json)
    {
        var bytes = new MemoryStream();
        using (var brotli = new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            brotli.Write(json);
        }

        return bytes.ToArray();
    }
}
