using System.Buffers.Binary;

namespace ImageScan.Core.Tests.Detectors.Rpm;

/// <summary>Builds Berkeley DB hashes as rpm fills them: numbers as keys, 0 among them, and headers on overflow pages.</summary>
internal sealed class MadeBerkeley(int pageBytes, bool bigEndian, bool checksums)
{
    private readonly List<byte[]> _pages = [];
    private readonly int _pageStart = checksums ? 32 : 26;

    public byte[] Write(IReadOnlyList<byte[]> headers, int buckets)
    {
        // Buckets lie in a row after the first page, so every group has the same distance, 1.
        for (uint number = 0; number <= buckets; number++)
        {
            NewPage(13);
        }

        byte[] meta = _pages[0];
        meta[25] = 8;
        meta[26] = (byte)(checksums ? 1 : 0);
        Put(meta, 12, 0x00061561);
        Put(meta, 16, 9);
        Put(meta, 20, (uint)pageBytes);
        Put(meta, 72, (uint)buckets - 1);
        for (int group = 0; group < 32; group++)
        {
            Put(meta, 96 + (4 * group), 1);
        }

        // Package 0, in the last bucket, is rpm's own count.
        AddPair(_pages[buckets], Key(0), [1, .. Key((uint)headers.Count)]);
        for (int i = 0; i < headers.Count; i++)
        {
            byte[] page = PageWithRoom(1 + (i % buckets), 22);
            AddPair(page, Key((uint)i + 1), OverflowTo(headers[i]));
        }

        Put(meta, 32, (uint)_pages.Count - 1);
        return [.. _pages.SelectMany(page => page)];
    }

    private byte[] Key(uint number)
    {
        var key = new byte[4];
        Put(key, 0, number);
        return key;
    }

    private byte[] OverflowTo(byte[] header)
    {
        var item = new byte[12];
        item[0] = 3;
        Put(item, 4, (uint)_pages.Count);
        Put(item, 8, (uint)header.Length);
        byte[][] parts = [.. header.Chunk(pageBytes - _pageStart)];
        for (int i = 0; i < parts.Length; i++)
        {
            byte[] page = NewPage(7);
            Put16(page, 22, parts[i].Length);
            Put(page, 16, i + 1 < parts.Length ? (uint)_pages.Count : 0);
            parts[i].CopyTo(page, _pageStart);
        }

        return item;
    }

    // The page of a bucket, or one of those chained to it.
    private byte[] PageWithRoom(int bucketPage, int bytes)
    {
        byte[] page = _pages[bucketPage];
        while (true)
        {
            int items = Get16(page, 20);
            int start = items == 0 ? pageBytes : Get16(page, _pageStart + (2 * (items - 1)));
            if (start - (_pageStart + (2 * items)) >= bytes)
            {
                return page;
            }

            uint next = Get(page, 16);
            if (next == 0)
            {
                Put(page, 16, (uint)_pages.Count);
                NewPage(13);
                next = (uint)_pages.Count - 1;
            }

            page = _pages[(int)next];
        }
    }

    private void AddPair(byte[] page, byte[] key, byte[] value)
    {
        foreach (byte[] item in (byte[][])[[1, .. key], value])
        {
            int items = Get16(page, 20);
            int end = items == 0 ? pageBytes : Get16(page, _pageStart + (2 * (items - 1)));
            item.CopyTo(page, end - item.Length);
            Put16(page, _pageStart + (2 * items), end - item.Length);
            Put16(page, 20, items + 1);
        }
    }

    private byte[] NewPage(byte type)
    {
        var page = new byte[pageBytes];
        page[25] = type;
        Put(page, 8, (uint)_pages.Count);
        _pages.Add(page);
        return page;
    }

    private void Put(byte[] bytes, int at, uint number) =>
        BitConverter.GetBytes(bigEndian ? BinaryPrimitives.ReverseEndianness(number) : number).CopyTo(bytes, at);

    private void Put16(byte[] bytes, int at, int number) =>
        BitConverter.GetBytes(bigEndian ? BinaryPrimitives.ReverseEndianness((ushort)number) : (ushort)number).CopyTo(bytes, at);

    private uint Get(byte[] bytes, int at) => bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(at)) : BitConverter.ToUInt32(bytes, at);

    private int Get16(byte[] bytes, int at) => bigEndian ? BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(at)) : BitConverter.ToUInt16(bytes, at);
}
