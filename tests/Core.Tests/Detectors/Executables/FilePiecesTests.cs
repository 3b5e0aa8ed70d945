using CsCheck;
using ImageScan.Core.Detectors.Executables;

namespace ImageScan.Core.Tests.Detectors.Executables;

public sealed class FilePiecesTests
{
    private const int PieceBytes = 1 << 20;

    private static readonly byte[] Mark = "=mark="u8.ToArray();

    [Fact]
    public void FindsEveryMarkOnceWhereverPiecesMeet()
    {
        Gen<int> place = Gen.OneOf(Gen.Int[PieceBytes - 700, PieceBytes + 20], Gen.Int[(2 * PieceBytes) - 700, (2 * PieceBytes) + 20], Gen.Int[0, 20]);
        Gen.Select(place.Array[1, 3], Gen.Int[0, 600], Gen.Int[0, 2 * PieceBytes]).Sample(
            (places, extra, front) =>
            {
                int[] expected = [.. places.Order().Aggregate(new List<int>(), (kept, next) =>
                {
                    if (kept.Count == 0 || next - kept[^1] >= Mark.Length)
                    {
                        kept.Add(next);
                    }

                    return kept;
                })];
                byte[] file = new byte[expected[^1] + Mark.Length + extra];
                Array.ForEach(expected, at => Mark.CopyTo(file, at));

                Assert.Equal(expected, Found(file, Math.Min(front, file.Length)));
            },
            iter: 60);
    }

    [Fact]
    public void HasWhatStandsAroundAMarkAtHand()
    {
        byte[] file = new byte[(2 * PieceBytes) + 5000];
        file.AsSpan().Fill(7);
        Mark.CopyTo(file, PieceBytes + 1);
        var pieces = new FilePieces(ReadOnlyMemory<byte>.Empty, new MemoryStream(file));
        bool found = false;

        while (pieces.MoveNext())
        {
            foreach (int at in pieces.Find(Mark, 1))
            {
                found = true;
                Assert.True(at >= FilePieces.Behind);
                Assert.True(pieces.From(at).Length >= FilePieces.Ahead);
                Assert.Equal(PieceBytes + 1, pieces.WindowStart + at);
            }
        }

        Assert.True(found);
    }

    [Fact]
    public void GivesEveryByteOnceAsFresh()
    {
        byte[] file = [.. Enumerable.Range(0, (3 * PieceBytes) + 17).Select(i => (byte)(i % 251))];
        var pieces = new FilePieces(file.AsMemory(0, 1000), new MemoryStream(file, 1000, file.Length - 1000));
        var seen = new MemoryStream();

        while (pieces.MoveNext())
        {
            Assert.Equal(seen.Length, pieces.FreshStart);
            seen.Write(pieces.Fresh);
        }

        Assert.True(seen.ToArray().AsSpan().SequenceEqual(file));
    }

    private static List<int> Found(byte[] file, int front)
    {
        var pieces = new FilePieces(file.AsMemory(0, front), new MemoryStream(file, front, file.Length - front));
        var found = new List<int>();
        while (pieces.MoveNext())
        {
            found.AddRange(pieces.Find(Mark, 100).Select(at => (int)pieces.WindowStart + at));
        }

        return found;
    }
}
