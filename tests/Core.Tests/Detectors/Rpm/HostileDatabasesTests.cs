using System.Buffers.Binary;
using CsCheck;
using ImageScan.Core.Detectors;

namespace ImageScan.Core.Tests.Detectors.Rpm;

/// <summary>Spoilt databases throw nothing and give no more than they hold: bytes changed anywhere, in the heads of pages, and cut off.</summary>
public sealed class HostileDatabasesTests
{
    private const int Packages = 6;

    // The heads of pages and slots, where the readers find their way.
    private static readonly Gen<int> Place = Gen.OneOf(
        Gen.Int[0, 600],
        Gen.Select(Gen.Int[0, 12], Gen.Int[0, 130]).Select((page, at) => (page * 4096) + at),
        Gen.Select(Gen.Int[0, 60], Gen.Int[0, 40]).Select((page, at) => (page * 512) + at),
        Gen.Int[0, 60_000]);

    // Numbers that lead somewhere: pages and offsets there are, zeros and the largest.
    private static readonly Gen<byte> Value = Gen.OneOf(Gen.Byte, Gen.Byte[0, 16], Gen.OneOf<byte>(0, 0x7F, 0x80, 0xFF));

    private static readonly byte[][] Good =
    [
        .. RpmFiles.Real.Select(RpmFiles.Bytes),
        MadeDatabases.Ndb(RealHeaders()),
        MadeDatabases.Sqlite(RealHeaders(), 512),
        MadeDatabases.Berkeley(RealHeaders(), 1024, bigEndian: true, buckets: 3, checksums: true),
    ];

    [Fact]
    public void SpoiltDatabasesThrowNothing() =>
        Gen.Select(Gen.OneOf(Good), Gen.Select(Place, Value).Array[1, 12], Gen.Frequency((4, Gen.Const(0)), (1, Gen.Int[0, 60_000]))).Sample(
            (good, changes, cut) =>
            {
                byte[] bytes = [.. good];
                foreach ((int at, byte value) in changes)
                {
                    bytes[at % bytes.Length] = value;
                }

                AssertBounded(bytes[..^(cut % bytes.Length)]);
            },
            iter: 10_000);

    // Whole numbers of four bytes, as pages, lengths and counts are.
    [Fact]
    public void SpoiltNumbersThrowNothing() =>
        Gen.Select(Gen.OneOf(Good), Gen.Select(Place, Gen.UInt[0, 200], Gen.Bool, Gen.Bool).Array[1, 4]).Sample(
            (good, changes) =>
            {
                byte[] bytes = [.. good];
                foreach ((int at, uint small, bool bigEndian, bool huge) in changes)
                {
                    uint number = huge ? uint.MaxValue - small : small;
                    Span<byte> place = bytes.AsSpan(Math.Min(at, bytes.Length - 4), 4);
                    if (bigEndian)
                    {
                        BinaryPrimitives.WriteUInt32BigEndian(place, number);
                    }
                    else
                    {
                        BinaryPrimitives.WriteUInt32LittleEndian(place, number);
                    }
                }

                AssertBounded(bytes);
            },
            iter: 10_000);

    [Fact]
    public void DatabasesOfRubbishThrowNothing() =>
        Gen.Select(Gen.OneOf(Good), Gen.Int[16, 600], Gen.Byte.Array[0, 3000]).Sample(
            (good, kept, rubbish) => AssertBounded([.. good[..kept], .. rubbish]), iter: 3000);

    private static void AssertBounded(byte[] database)
    {
        FileFindings found = RpmFiles.Read(database);

        // A page that is reached on another way may hold the same packages once more, but not more than the file has room for.
        Assert.True(found.Packages.Count <= 2 * Packages, $"{found.Packages.Count} packages");
        Assert.True(found.Warnings.Count <= 11);
        Assert.All(found.Packages, package => Assert.True(package is { Name.Length: > 0, Version.Length: > 0 }));
    }

    private static byte[][] RealHeaders() => RpmFiles.Headers(RpmFiles.Bytes(RpmFiles.Real[0]));
}
