using System.Text;
using ImageScan.Core.Vulnerabilities.Feeds;

namespace ImageScan.Core.Tests.Vulnerabilities.Feeds;

public sealed class JsonPiecesTests
{
    private static async Task<List<string>> PiecesAsync(Stream content, int depth)
    {
        var pieces = new List<string>();
        await foreach (JsonPiece piece in JsonPieces.ReadAsync(content, depth, TestContext.Current.CancellationToken))
        {
            pieces.Add($"{string.Join('/', piece.Path)}={piece.Value.GetRawText()}");
        }

        return pieces;
    }

    private static Task<List<string>> PiecesAsync(string json, int depth) => PiecesAsync(new MemoryStream(Encoding.UTF8.GetBytes(json)), depth);

    [Theory]
    [InlineData("""{"a":{"b":{"c":1},"d":[2]},"e":3}""", 2, """a/b={"c":1}|a/d=[2]|e=3""")]
    [InlineData("""[{"a":1},2,[3]]""", 1, """={"a":1}|=2|=[3]""")]
    [InlineData("""{"a":[{"b":1},{"b":2}],"c":"x"}""", 2, """a/={"b":1}|a/={"b":2}|c="x" """)]
    [InlineData("""{"a":{},"b":[]}""", 2, "")]
    [InlineData("""{"a":{"b":1}}""", 0, """={"a":{"b":1}}""")]
    [InlineData("7", 2, "=7")]
    public async Task CutsAtTheDepth(string json, int depth, string expected)
    {
        Assert.Equal(expected.Trim(), string.Join('|', await PiecesAsync(json, depth)));
    }

    [Fact]
    public async Task CutsTheSameHoweverTheBytesCome()
    {
        string json = "{" + string.Join(',', Enumerable.Range(0, 50).Select(i => $"\"p\\u00e4{i}\":{{\"x\":{{\"y\":\"{new string('z', i * 97)}\"}}}}")) + "}";
        List<string> whole = await PiecesAsync(json, 2);

        List<string> trickled = await PiecesAsync(new Trickle(Encoding.UTF8.GetBytes(json)), 2);

        Assert.Equal(50, whole.Count);
        Assert.StartsWith("pä0/x=", whole[0], StringComparison.Ordinal);
        Assert.Equal(whole, trickled);
    }

    [Theory]
    [InlineData("")]
    [InlineData("invalid")]
    [InlineData("""{"a":{"b":1}""")]
    [InlineData("""{"a":{"b":1}}}""")]
    [InlineData("""{"a":{"b":tru""")]
    [InlineData("""{"\ud800":{"b":1}}""")]
    public async Task RefusesWhatIsNoWholeJson(string json)
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => PiecesAsync(json, 2));
    }

    [Fact]
    public async Task RefusesAValueThatIsTooLarge()
    {
        string json = $"{{\"a\":{{\"b\":\"{new string('x', JsonPieces.MaxPieceBytes + (1024 * 1024))}\"}}}}";

        await Assert.ThrowsAsync<InvalidDataException>(() => PiecesAsync(json, 2));
    }

    [Fact]
    public async Task RefusesJsonNestedWithoutEnd()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => PiecesAsync(new string('[', 100_000), 2));
    }

    /// <summary>Gives one byte, then two, then three, and so on again from seven.</summary>
    private sealed class Trickle(byte[] content) : MemoryStream(content)
    {
        private int _next;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, (_next++ % 7) + 1)], cancellationToken);
    }
}
