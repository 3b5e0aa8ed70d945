using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ImageScan.Core.Detectors.Java;

namespace ImageScan.Core.Tests.Detectors.Java;

public sealed class ZipDirectoryTests
{
    private static readonly byte[] TwoMembers = new MadeJar().With("a", "first").With("b/c", "second").ToBytes();

    [Fact]
    public void ListsMembersAndFindsTheirBytes()
    {
        byte[] archive = new MadeJar().With("a", "text"u8.ToArray(), CompressionLevel.NoCompression).ToBytes();
        ZipDirectory directory = ZipDirectory.Find(archive)!;

        Assert.True(directory.TryNext(out ZipMember member));
        Assert.True(directory.TryBody(member, out ReadOnlyMemory<byte> body));
        Assert.Equal("text", Encoding.ASCII.GetString(body.Span));
        Assert.False(directory.TryNext(out _));
        Assert.False(directory.IsBroken);
    }

    [Fact]
    public void PassesOverAScriptInFrontThatTheOffsetsDoNotCount()
    {
        byte[] archive = [.. "#!/bin/sh\nexec java -jar $0\n"u8, .. TwoMembers];

        Assert.Equal(["a", "b/c"], NamesIn(archive));
        Assert.All(MembersOf(archive), member => Assert.True(ZipDirectory.Find(archive)!.TryBody(member, out _)));
    }

    [Fact]
    public void TakesBytesBetweenTheListAndItsEnd()
    {
        int end = TwoMembers.Length - 22;

        byte[] archive = [.. TwoMembers[..end], .. "a signature"u8, .. TwoMembers[end..]];

        Assert.Equal(["a", "b/c"], NamesIn(archive));
    }

    [Fact]
    public void TakesACommentAlsoOneThatLooksLikeTheEndOfAnEmptyArchive()
    {
        byte[] fake = [.. "PK\x05\x06"u8, .. new byte[18]];
        byte[] archive = [.. TwoMembers, .. fake, .. "!"u8];
        BinaryPrimitives.WriteUInt16LittleEndian(archive.AsSpan(TwoMembers.Length - 2), (ushort)(fake.Length + 1));

        Assert.Equal(["a", "b/c"], NamesIn(archive));
    }

    [Fact]
    public void ReadsSizesAndPlacesOfZip64()
    {
        byte[] archive = AsZip64(TwoMembers);

        Assert.Equal(["a", "b/c"], NamesIn(archive));
        Assert.Equal(["a", "b/c"], NamesIn([.. "#!/bin/sh\n"u8, .. archive]));
    }

    [Fact]
    public void ListsMoreMembersThanSixteenBitsCount()
    {
        var jar = new MadeJar();
        for (int i = 0; i < 70_000; i++)
        {
            jar.With(i.ToString("x", null));
        }

        Assert.Equal(70_000, MembersOf(jar.ToBytes()).Count);
    }

    [Fact]
    public void AnEmptyArchiveHasNoMembers() => Assert.Empty(MembersOf(new MadeJar().ToBytes()));

    [Theory]
    [InlineData("")]
    [InlineData("PK")]
    [InlineData("PK\u0005\u0006")]
    [InlineData("just a text that is longer than the end of an archive")]
    public void OtherBytesAreNoArchive(string text) => Assert.Null(ZipDirectory.Find(Encoding.Latin1.GetBytes(text)));

    [Fact]
    public void AnArchiveCutShortIsNone() =>
        Assert.All(Enumerable.Range(0, TwoMembers.Length), length => Assert.Null(ZipDirectory.Find(TwoMembers.AsMemory(0, length))));

    [Fact]
    public void SaysThatTheListIsBroken()
    {
        byte[] archive = [.. TwoMembers];
        int second = archive.AsSpan().LastIndexOf("PK\x01\x02"u8);
        archive[second] = (byte)'X';
        ZipDirectory directory = ZipDirectory.Find(archive)!;

        Assert.True(directory.TryNext(out _));
        Assert.False(directory.TryNext(out _));
        Assert.True(directory.IsBroken);
    }

    [Theory]
    [InlineData(-8, uint.MaxValue)]
    [InlineData(-8, 60)]
    [InlineData(-26, 1000)]
    [InlineData(-26, uint.MaxValue)]
    public void BytesOutsideOfTheArchiveAreNotThere(int field, uint value)
    {
        byte[] archive = new MadeJar().With("name", "text").ToBytes();
        int header = archive.AsSpan().LastIndexOf("PK\x01\x02"u8);
        BinaryPrimitives.WriteUInt32LittleEndian(archive.AsSpan(header + (field == -8 ? 42 : 20)), value);

        Assert.False(ZipDirectory.Find(archive)!.TryBody(Assert.Single(MembersOf(archive)), out _));
    }

    private static string[] NamesIn(byte[] archive) => [.. MembersOf(archive).Select(member => Encoding.UTF8.GetString(member.Name))];

    private static List<ZipMember> MembersOf(byte[] archive)
    {
        var members = new List<ZipMember>();
        ZipDirectory? directory = ZipDirectory.Find(archive);
        while (directory?.TryNext(out ZipMember member) == true)
        {
            members.Add(member);
        }

        return members;
    }

    // The end as it stands where numbers do not fit (APPNOTE 4.3.14 to 4.3.16).
    private static byte[] AsZip64(byte[] archive)
    {
        int end = archive.Length - 22;
        var zip64 = new byte[56 + 20];
        "PK\x06\x06"u8.CopyTo(zip64);
        BinaryPrimitives.WriteInt64LittleEndian(zip64.AsSpan(40), BinaryPrimitives.ReadUInt32LittleEndian(archive.AsSpan(end + 12)));
        BinaryPrimitives.WriteInt64LittleEndian(zip64.AsSpan(48), BinaryPrimitives.ReadUInt32LittleEndian(archive.AsSpan(end + 16)));
        "PK\x06\x07"u8.CopyTo(zip64.AsSpan(56));
        BinaryPrimitives.WriteInt64LittleEndian(zip64.AsSpan(64), end);
        byte[] made = [.. archive[..end], .. zip64, .. archive[end..]];
        made.AsSpan(made.Length - 12, 10).Fill(0xFF);
        return made;
    }
}
