using System.Text;
using CsCheck;
using ImageScan.Core.Detectors;

namespace ImageScan.Core.Tests.Detectors;

public sealed class TextLinesTests
{
    [Fact]
    public void ReadsTheLinesThatAStreamReaderReads()
    {
        // Lines around the size of the buffer are the hard ones.
        Gen<string> line = Gen.OneOf(Gen.Const(""), Gen.String[Gen.Char['a', 'c'], 0, 20], Gen.Int[65_000, 65_535].Select(length => new string('x', length)));

        Gen.Select(line.List[0, 8], Gen.OneOf("\n", "\r\n"), Gen.Bool, Gen.Int[1, 5000]).Sample(
            (lines, end, endsLast, chunk) =>
            {
                string text = string.Join(end, lines) + (endsLast ? end : "");

                List<string> read = Read(text, chunk);

                var expected = new List<string>();
                using var reader = new StringReader(text);
                while (reader.ReadLine() is { } next)
                {
                    expected.Add(next);
                }

                Assert.Equal(expected, read);
            },
            iter: 200);
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(1_000_000)]
    public void CutsALineThatIsTooLongAndGoesOnAfterIt(int length)
    {
        List<string> read = Read($"a\n{new string('x', length)}\nb\n", 4096);

        Assert.Equal(["a", new string('x', 65_536), "b"], read);
    }

    private static List<string> Read(string text, int chunk)
    {
        using var lines = new TextLines(new ChunkedStream(Encoding.UTF8.GetBytes(text), chunk));
        var read = new List<string>();
        while (lines.TryRead(out ReadOnlySpan<byte> line))
        {
            read.Add(Encoding.UTF8.GetString(line));
        }

        return read;
    }

    private sealed class ChunkedStream(byte[] bytes, int chunk) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, chunk));
    }
}
