using System.Buffers.Binary;

namespace ImageScan.Core.Detectors.Rpm;

/// <summary>
/// Reads the headers in a database of rpm's own format, <c>Packages.db</c> of SUSE
/// (https://github.com/rpm-software-management/rpm/blob/rpm-4.18.0-release/lib/backend/ndb/rpmpkg.c): a table of slots at the beginning, each
/// naming the blocks of one header; all numbers little-endian.
/// </summary>
internal static class NdbPackages
{
    private const int FileHeaderBytes = 32;
    private const int PageBytes = 4096;
    private const int SlotBytes = 16;
    private const int BlockBytes = 16;
    private const int BlobHeadBytes = 16;
    private const int BlobTailBytes = 12;

    private static ReadOnlySpan<byte> FileMagic => "RpmP"u8;

    public static bool Is(ReadOnlySpan<byte> file) => file.StartsWith(FileMagic);

    /// <summary>Every header that a slot in use names, one after the other.</summary>
    public static IEnumerable<HeaderBlob> Headers(ReadOnlyMemory<byte> file, DatabaseReading reading)
    {
        if (file.Length < FileHeaderBytes)
        {
            reading.Damaged("The database is cut off within its first lines: no package of it was read.");
            yield break;
        }

        if (NumberAt(file, 4) is var version and not 0)
        {
            reading.Damaged($"The database has version {version} of rpm's ndb format, which is not known: no package of it was read.");
            yield break;
        }

        long slotsEnd = (long)NumberAt(file, 12) * PageBytes;
        if (slotsEnd > file.Length)
        {
            reading.Damaged($"The database is shorter ({file.Length} bytes) than its table of slots ({slotsEnd}).");
            slotsEnd = file.Length;
        }

        for (int at = FileHeaderBytes; at + SlotBytes <= slotsEnd && !reading.IsOver; at += SlotBytes)
        {
            if (TryBlob(file, at, reading, out HeaderBlob blob))
            {
                yield return blob;
            }
        }
    }

    private static bool TryBlob(ReadOnlyMemory<byte> file, int slotAt, DatabaseReading reading, out HeaderBlob blob)
    {
        blob = default;
        int slot = slotAt / SlotBytes;
        if (!file.Span[slotAt..].StartsWith("Slot"u8))
        {
            reading.Damaged($"Slot {slot} of the database is none: the package there, if any, is missing.");
            return false;
        }

        uint package = NumberAt(file, slotAt + 4);
        long start = (long)NumberAt(file, slotAt + 8) * BlockBytes;
        long end = start + ((long)NumberAt(file, slotAt + 12) * BlockBytes);
        if (start == 0)
        {
            return false;
        }

        // The head says once more which package it is of, and how many of the bytes in the blocks are the header's.
        if (start > file.Length - BlobHeadBytes || !file.Span[(int)start..].StartsWith("BlbS"u8) || NumberAt(file, (int)start + 4) != package)
        {
            reading.Damaged($"Slot {slot} of the database names a package at byte {start}, where none is: it is missing.");
            return false;
        }

        uint length = NumberAt(file, (int)start + 12);
        bool whole = start + BlobHeadBytes + length + BlobTailBytes <= end
            && end <= file.Length
            && NumberAt(file, (int)end - 8) == length
            && file.Span[((int)end - 4)..].StartsWith("BlbE"u8);
        if (!whole)
        {
            reading.Damaged($"The header of the package in slot {slot}, at byte {start}, is damaged or cut off.");
        }

        int room = (int)Math.Max(0, Math.Min(end, file.Length) - start - BlobHeadBytes);
        blob = new HeaderBlob(
            file.Slice((int)start + BlobHeadBytes, (int)Math.Min(Math.Min(length, (uint)room), DatabaseReading.MaxHeaderBytes)),
            $"slot {slot}, byte {start}");
        return true;
    }

    private static uint NumberAt(ReadOnlyMemory<byte> file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file.Span[at..]);
}
