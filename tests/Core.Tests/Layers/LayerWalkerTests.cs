using System.Text;
using ImageScan.Core.Layers;

namespace ImageScan.Core.Tests.Layers;

public sealed class LayerWalkerTests
{
    [Fact]
    public void ReadsFilesFoldersAndLinks()
    {
        byte[] tar = new TarBuilder()
            .Folder("etc/")
            .File("etc/os-release", "ID=alpine")
            .SymbolicLink("lib", "../usr/./lib/")
            .HardLink("etc/release", "./etc//os-release")
            .Link("dev/null", "", '3')
            .Link("dev/disk", "", '4')
            .Link("run/pipe", "", '6')
            .End().ToArray();

        Walked walked = Walked.Of(tar);

        Assert.Equal(
        [
            new LayerEntry("etc", LayerEntryKind.Folder),
            new LayerEntry("etc/os-release", LayerEntryKind.File, 9),
            new LayerEntry("lib", LayerEntryKind.SymbolicLink, LinkTarget: "../usr/./lib/"),
            new LayerEntry("etc/release", LayerEntryKind.HardLink, LinkTarget: "etc/os-release"),
            new LayerEntry("dev/null", LayerEntryKind.Other),
            new LayerEntry("dev/disk", LayerEntryKind.Other),
            new LayerEntry("run/pipe", LayerEntryKind.Other),
        ], walked.Entries);
        Assert.Equal("ID=alpine", walked.Contents[1]);
        Assert.Empty(walked.Warnings);
    }

    [Theory]
    [InlineData('\0')]
    [InlineData('0')]
    [InlineData('7')]
    [InlineData('?')]
    public void ReadsEveryTypeThatIsNoOtherAsAFile(char type)
    {
        byte[] tar = new TarBuilder().File("a", "text", type).File("b", "next").ToArray();

        Walked walked = Walked.Of(tar);

        Assert.Equal([new LayerEntry("a", LayerEntryKind.File, 4), new LayerEntry("b", LayerEntryKind.File, 4)], walked.Entries);
        Assert.Equal(["text", "next"], walked.Contents);
    }

    [Fact]
    public void ReadsAnOldFileWithATrailingSlashAsAFolder()
    {
        byte[] tar = new TarBuilder().Header("old/", 3, '\0').File("file/", "abc").ToArray();

        Walked walked = Walked.Of(tar);

        Assert.Equal([new LayerEntry("old", LayerEntryKind.Folder), new LayerEntry("file", LayerEntryKind.File, 3)], walked.Entries);
    }

    [Theory]
    [InlineData('1')]
    [InlineData('2')]
    [InlineData('3')]
    [InlineData('5')]
    public void FindsTheNextEntryAfterALinkOrFolderWithASize(char type)
    {
        byte[] bodiless = new TarBuilder().Header("a", 600, type, "t").File("b", "next").End().ToArray();
        byte[] withBody = new TarBuilder().Header("a", 600, type, "t").Body(Bytes(600)).File("b", "next").End().ToArray();

        Assert.Equal(["a", "b"], Walked.Of(bodiless).Paths);
        Assert.Equal(["a", "b"], Walked.Of(withBody).Paths);
        Assert.Equal(0, Walked.Of(withBody).Entries[0].Size);
    }

    [Fact]
    public void SkipsTheListInAFolderOfAnIncrementalArchive()
    {
        byte[] tar = new TarBuilder().File("folder/", "Yone\0Ytwo\0\0", 'D').File("b", "next").ToArray();

        Walked walked = Walked.Of(tar);

        Assert.Equal([new LayerEntry("folder", LayerEntryKind.Folder), new LayerEntry("b", LayerEntryKind.File, 4)], walked.Entries);
    }

    [Fact]
    public void JoinsThePrefixOfUstarToTheName()
    {
        string prefix = string.Concat(Enumerable.Repeat("folder/", 22)).TrimEnd('/');

        byte[] tar = new TarBuilder().File("name", "", change: header => TarBuilder.Put(header, 345, prefix)).ToArray();

        Assert.Equal([$"{prefix}/name"], Walked.Of(tar).Paths);
    }

    [Fact]
    public void ReadsNameAndPrefixThatFillTheirFields()
    {
        string name = new('n', 100);
        string prefix = new('p', 155);

        byte[] tar = new TarBuilder().File("", "", change: header =>
        {
            TarBuilder.Put(header, 0, name);
            TarBuilder.Put(header, 345, prefix);
        }).ToArray();

        Assert.Equal([$"{prefix}/{name}"], Walked.Of(tar).Paths);
    }

    [Fact]
    public void TakesTheTimesOfStarAndGnuForNoPrefix()
    {
        byte[] tar = new TarBuilder()
            .File("star", "", change: header =>
            {
                TarBuilder.Put(header, 345, "folder");
                TarBuilder.Put(header, 476, "15000000000 15000000000");
                TarBuilder.Put(header, 508, "tar\0");
            })
            .File("gnu", "", change: header =>
            {
                TarBuilder.Put(header, 257, "ustar  \0");
                TarBuilder.Put(header, 345, "15000000000\015000000000\0");
            })
            .File("v7", "", change: header =>
            {
                header.AsSpan(257, 8).Clear();
                TarBuilder.Put(header, 345, "rubbish");
            })
            .ToArray();

        Assert.Equal(["folder/star", "gnu", "v7"], Walked.Of(tar).Paths);
    }

    [Fact]
    public void ReadsThePrefixThatOldDockerWroteIntoGnuHeaders()
    {
        byte[] tar = new TarBuilder().File("file", "", change: header =>
        {
            TarBuilder.Put(header, 257, "ustar  \0");
            TarBuilder.Put(header, 345, "usr/share/folder");
        }).ToArray();

        Assert.Equal(["usr/share/folder/file"], Walked.Of(tar).Paths);
    }

    [Fact]
    public void ReadsLongNamesAndLinksOfGnu()
    {
        string name = new('n', 300);
        string target = new('t', 400);

        byte[] tar = new TarBuilder().LongLink(target).LongName(name).SymbolicLink("short", "short").File("b", "").ToArray();

        Assert.Equal(
            [new LayerEntry(name, LayerEntryKind.SymbolicLink, LinkTarget: target), new LayerEntry("b", LayerEntryKind.File)],
            Walked.Of(tar).Entries);
    }

    [Fact]
    public void ReadsPathLinkAndSizeOfPax()
    {
        byte[] tar = new TarBuilder()
            .Pax(("path", "long/näme"), ("mtime", "1.5"), ("size", "4"))
            .Header("short", 0, '0').Body("text"u8.ToArray())
            .Pax(("linkpath", "target"))
            .SymbolicLink("link", "wrong")
            .ToArray();

        Walked walked = Walked.Of(tar);

        // The builder writes records as Latin-1, so "ä" is one byte that is no UTF-8.
        Assert.Equal(
        [
            new LayerEntry("long/n\uFFFDme", LayerEntryKind.File, 4),
            new LayerEntry("link", LayerEntryKind.SymbolicLink, LinkTarget: "target"),
        ], walked.Entries);
        Assert.Equal("text", walked.Contents[0]);
    }

    [Fact]
    public void ReadsOnAfterAPaxValueWithNewlinesAndNuls()
    {
        byte[] tar = new TarBuilder()
            .Pax(("SCHILY.xattr.security.capability", "\u0001\0\0\u0002\n\n12 path=fake\n\0"), ("path", "real"))
            .File("a", "text")
            .File("b", "next")
            .ToArray();

        Assert.Equal(["real", "b"], Walked.Of(tar).Paths);
    }

    [Fact]
    public void TakesTheSecondOfTwoPaxHeadersAsGoAndGnuTarDo()
    {
        byte[] tar = new TarBuilder().Pax(("path", "first")).Pax(("mtime", "1")).File("plain", "text").File("b", "next").ToArray();

        Assert.Equal(["plain", "b"], Walked.Of(tar).Paths);
    }

    [Fact]
    public void TakesAnEmptyPaxValueForNone()
    {
        byte[] tar = new TarBuilder().Pax(("path", "first"), ("path", "")).File("plain", "text").ToArray();

        Assert.Equal(["plain"], Walked.Of(tar).Paths);
    }

    [Fact]
    public void ReadsOverGlobalPaxHeadersAsRuntimesDo()
    {
        byte[] tar = new TarBuilder()
            .File("pax_global_header", TarBuilder.Record("path", "everywhere"), 'g')
            .File("a", "text")
            .ToArray();

        Assert.Equal(["a"], Walked.Of(tar).Paths);
    }

    [Theory]
    [InlineData("7 path=x\n")]
    [InlineData("9999 path=x\n")]
    [InlineData("path=x\n")]
    [InlineData("10 pathx=a")]
    [InlineData("9 pathxxx\n")]
    [InlineData("-9 path=x\n")]
    [InlineData("0 ")]
    [InlineData("14 size=junk!\n")]
    [InlineData("11 size=-1\n")]
    [InlineData("28 size=99999999999999999999\n")]
    public void RefusesABrokenPaxHeader(string records)
    {
        byte[] tar = new TarBuilder().File("x", records, 'x').File("a", "text").ToArray();

        var error = Assert.Throws<MalformedLayerException>(() => Walked.Of(tar));

        Assert.Contains("pax header", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadsNumbersInBase256()
    {
        byte[] tar = new TarBuilder().File("a", "text", change: header =>
        {
            header.AsSpan(124, 12).Clear();
            header[124] = 0x80;
            header[135] = 4;
        }).File("b", "next").ToArray();

        Assert.Equal(["text", "next"], Walked.Of(tar).Contents);
    }

    [Theory]
    [InlineData("          4 ")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\u00004")]
    [InlineData("4 \0junk")]
    [InlineData("000000000004")]
    public void ReadsNumbersAsOldProgramsPadThem(string size)
    {
        byte[] tar = new TarBuilder().File("a", "text", change: header =>
        {
            header.AsSpan(124, 12).Clear();
            TarBuilder.Put(header, 124, size);
        }).File("b", "next").ToArray();

        Assert.Equal(["text", "next"], Walked.Of(tar).Contents);
    }

    [Theory]
    [InlineData("00000000008")]
    [InlineData("-0000000001")]
    [InlineData("0x10")]
    public void RefusesASizeThatIsNoNumberAndNamesTheEntry(string size)
    {
        byte[] tar = new TarBuilder().File("etc/os-release", "", change: header =>
        {
            header.AsSpan(124, 12).Clear();
            TarBuilder.Put(header, 124, size);
        }).ToArray();

        var error = Assert.Throws<MalformedLayerException>(() => Walked.Of(tar));

        Assert.Contains("'etc/os-release'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RefusesANegativeSize()
    {
        byte[] tar = new TarBuilder().File("a", "", change: header => header.AsSpan(124, 12).Fill(0xff)).ToArray();

        Assert.Throws<MalformedLayerException>(() => Walked.Of(tar));
    }

    [Fact]
    public void RefusesAWrongChecksumAndSaysAfterWhich()
    {
        byte[] tar = new TarBuilder().File("first", "text").File("second", "").ToArray();
        tar[1024] ^= 1;

        var error = Assert.Throws<MalformedLayerException>(() => Walked.Of(tar));

        Assert.Contains("checksum", error.Message, StringComparison.Ordinal);
        Assert.Contains("'first'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AcceptsAChecksumOfSignedBytes()
    {
        byte[] tar = new TarBuilder().File("grün", "text").ToArray();
        tar.AsSpan(148, 8).Fill((byte)' ');
        int sum = tar.AsSpan(0, 512).ToArray().Sum(b => (sbyte)b);
        TarBuilder.Put(tar, 148, Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ");

        Assert.Equal(["grün"], Walked.Of(tar).Paths);
    }

    [Fact]
    public void TellsWhichFilesAreExecutable()
    {
        byte[] tar = new TarBuilder()
            .File("bin/sh", "", change: header => TarBuilder.Put(header, 100, "0000755"))
            .File("etc/passwd", "")
            .File("odd", "", change: header => TarBuilder.Put(header, 100, "rwxr--r"))
            .ToArray();

        Walked walked = Walked.Of(tar);

        Assert.Equal([true, false, true], walked.Entries.Select(entry => entry.IsExecutable));
        Assert.Equal("odd", Assert.Single(walked.Warnings).Path);
    }

    [Fact]
    public void ReadsWhiteoutsAndOpaqueFolders()
    {
        byte[] tar = new TarBuilder()
            .File("etc/.wh.passwd", "")
            .File(".wh.opt", "")
            .File("var/lib/.wh..wh..opq", "")
            .File(".wh..wh..opq", "")
            .File("usr/.wh.d/file", "x")
            .ToArray();

        Assert.Equal(
        [
            new LayerEntry("etc/passwd", LayerEntryKind.Whiteout),
            new LayerEntry("opt", LayerEntryKind.Whiteout),
            new LayerEntry("var/lib", LayerEntryKind.OpaqueFolder),
            new LayerEntry("", LayerEntryKind.OpaqueFolder),
            new LayerEntry("usr/.wh.d/file", LayerEntryKind.File, 1),
        ], Walked.Of(tar).Entries);
    }

    [Fact]
    public void PassesOverWhatAufsLeft()
    {
        byte[] tar = new TarBuilder()
            .Folder(".wh..wh.plnk/")
            .File(".wh..wh.plnk/12.34", "x")
            .File(".wh..wh.aufs", "")
            .File("etc/.wh..wh.orph", "")
            .File("etc/.wh..wh.x/file", "y")
            .ToArray();

        Assert.Equal(["etc/.wh..wh.x/file"], Walked.Of(tar).Paths);
        Assert.Empty(Walked.Of(tar).Warnings);
    }

    [Theory]
    [InlineData("etc/.wh.")]
    [InlineData("etc/.wh..")]
    [InlineData("etc/.wh...")]
    public void PassesOverAWhiteoutOfNothingAndSaysSo(string name)
    {
        Walked walked = Walked.Of(new TarBuilder().File(name, "x").File("b", "").ToArray());

        Assert.Equal(["b"], walked.Paths);
        Assert.Equal(name, Assert.Single(walked.Warnings).Path);
    }

    [Fact]
    public void PassesOverTheRoot()
    {
        Walked walked = Walked.Of(new TarBuilder().Folder("./").Folder("/").SymbolicLink("..", "etc").File("a", "").ToArray());

        Assert.Equal(["a"], walked.Paths);
        Assert.Single(walked.Warnings);
    }

    [Fact]
    public void ReplacesBytesThatAreNoText()
    {
        byte[] tar = new TarBuilder()
            .File("a\u0001b", "", change: header => header[1] = 0xff)
            .Pax(("path", "nul\0byte"))
            .File("c", "")
            .ToArray();

        Walked walked = Walked.Of(tar);

        Assert.Equal(["a\uFFFDb", "nul\uFFFDbyte"], walked.Paths);
        Assert.Empty(walked.Warnings);
    }

    [Fact]
    public void ListsTheFirstWarningsAndThatThereAreMore()
    {
        var tar = new TarBuilder();
        for (int i = 0; i < 100; i++)
        {
            tar.File("etc/.wh.", "");
        }

        Walked walked = Walked.Of(tar.ToArray());

        Assert.Equal(33, walked.Warnings.Count);
        Assert.Contains("more", walked.Warnings[^1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void GivesTheSamePathTwice()
    {
        Walked walked = Walked.Of(new TarBuilder().File("a", "old").File("a", "new").ToArray());

        Assert.Equal(["old", "new"], walked.Contents);
    }

    [Fact]
    public void SkipsWhatWasNotRead()
    {
        byte[] tar = new TarBuilder().File("a", Bytes(300_000)).File("b", Bytes(5)).File("c", "").ToArray();
        using var walker = new LayerWalker(new MemoryStream(tar), "", new LayerLimits());

        Assert.True(walker.MoveNext());
        Stream content = walker.Content;
        Assert.Equal('x', content.ReadByte());
        Assert.True(walker.MoveNext());

        Assert.Equal("b", walker.Current.Path);
        Assert.Throws<ObjectDisposedException>(() => content.ReadByte());
        Assert.True(walker.MoveNext());
        Assert.False(walker.MoveNext());
        Assert.False(walker.MoveNext());
        Assert.Throws<InvalidOperationException>(() => walker.Current);
    }

    [Fact]
    public void ReadsContentIntoBuffersOfEverySize()
    {
        byte[] content = Bytes(400_000);
        byte[] blob = Walked.Gzip(new TarBuilder().File("a", content).ToArray());

        foreach (int size in new[] { 1, 511, 4096, 131_072, 1 << 20 })
        {
            using var walker = new LayerWalker(new MemoryStream(blob), "", new LayerLimits());
            walker.MoveNext();
            var read = new MemoryStream();
            walker.Content.CopyTo(read, size);

            Assert.Equal(content, read.ToArray());
            Assert.False(walker.MoveNext());
        }
    }

    [Fact]
    public void NeedsNoEndBlocksAndStopsAtThem()
    {
        byte[] open = new TarBuilder().File("a", "text").ToArray();
        byte[] oneZeroBlock = [.. open, .. new byte[512]];
        byte[] padded = [.. open, .. new byte[10_240], .. Bytes(700)];
        byte[] withoutPadding = open[..^500];

        Assert.All([open, oneZeroBlock, padded, withoutPadding], tar => Assert.Equal(["text"], Walked.Of(tar).Contents));
    }

    [Fact]
    public void RefusesAnArchiveThatGoesOnAfterOneZeroBlock()
    {
        byte[] tar = new TarBuilder().File("a", "").Raw(new byte[512]).File("b", "").ToArray();

        Assert.Throws<MalformedLayerException>(() => Walked.Of(tar));
    }

    [Fact]
    public void TakesAnEmptyBlobForAnEmptyLayer()
    {
        Assert.Empty(Walked.Of([]).Entries);
        Assert.Empty(Walked.Of(new byte[1024]).Entries);
        Assert.Empty(Walked.Of(Walked.Gzip(new byte[1024])).Entries);
    }

    [Fact]
    public void RefusesEveryCutButThoseBetweenEntries()
    {
        byte[] tar = new TarBuilder()
            .File("a", Bytes(1500))
            .Pax(("path", "b"))
            .File("x", "text")
            .LongName("c")
            .File("y", "text")
            .ToArray();

        // Nothing at all, or cut within or after the padding behind a body of "a", "b" or "c".
        int[] legal = [0, .. Enumerable.Range(2012, 37), .. Enumerable.Range(3588, 509), .. Enumerable.Range(5636, 508)];
        for (int length = 0; length < tar.Length; length++)
        {
            byte[] cut = tar[..length];
            Exception? error = Record.Exception(() => Walked.Of(cut));

            if (legal.Contains(length))
            {
                Assert.Null(error);
            }
            else
            {
                Assert.IsType<MalformedLayerException>(error);
            }
        }
    }

    [Fact]
    public void ReadsTheBlobToItsEnd()
    {
        byte[] tar = new TarBuilder().File("a", "text").End().ToArray();
        var plain = new MemoryStream([.. tar, .. Bytes(500_000)]);
        var packed = new MemoryStream([.. Walked.Gzip([.. tar, .. Bytes(900_000)]), .. Bytes(300_000)]);

        Walked.Of(plain);
        Walked.Of(packed);

        Assert.Equal(plain.Length, plain.Position);
        Assert.Equal(packed.Length, packed.Position);
    }

    [Fact]
    public void CountsBytesOnBothSides()
    {
        byte[] tar = new TarBuilder().File("a", new byte[100_000]).ToArray();
        byte[] blob = Walked.Gzip(tar);
        using var walker = new LayerWalker(new MemoryStream(blob), "", new LayerLimits());

        while (walker.MoveNext())
        {
        }

        Assert.Equal(blob.Length, walker.CompressedBytes);
        Assert.Equal(tar.Length, walker.ExpandedBytes);
    }

    private static byte[] Bytes(int count) => Encoding.ASCII.GetBytes(new string('x', count));
}
