using ImageScan.Core.Detectors.DotNet;
using ImageScan.Core.Detectors.Executables.Formats;

namespace ImageScan.Core.Detectors.Executables.Bundles;

/// <summary>
/// Reads the <c>deps.json</c> in a .NET application that was published as a single file: a program with the application's files behind it
/// and a list of them at the end
/// (https://github.com/dotnet/designs/blob/main/accepted/2020/single-file/design.md,
/// https://github.com/dotnet/runtime/blob/main/src/installer/managed/Microsoft.NET.HostModel/Bundle/Manifest.cs, FileEntry.cs).
/// </summary>
internal static class SingleFileBundle
{
    private const int OffsetBytes = 8;
    private const int MaxDepsJsonBytes = 8 << 20;

    // Applications with all of ASP.NET in them have about 400.
    private const int MaxFiles = 100_000;

    /// <summary>What is said of a bundle without it.</summary>
    public const string NotFound = "It is a bundle of .NET whose deps.json was not found.";

    /// <summary>
    /// Stands in every program that may be a bundle; the eight bytes before it are where the list of files begins, zero if it is none
    /// (https://github.com/dotnet/runtime/blob/main/src/native/corehost/apphost/bundle_marker.cpp).
    /// </summary>
    public static ReadOnlySpan<byte> Signature =>
    [
        0x8b, 0x12, 0x02, 0xb9, 0x6a, 0x61, 0x20, 0x38, 0x72, 0x7b, 0x93, 0x02, 0x14, 0xd7, 0xa0, 0x32,
        0x13, 0xf5, 0xb9, 0xe6, 0xef, 0xae, 0x33, 0x18, 0xee, 0x3b, 0x2d, 0xce, 0x24, 0xb3, 0x6a, 0xae,
    ];

    public static void Read(ExecutableFile file, string path, FileFindings findings)
    {
        foreach (FileRange data in file.Data())
        {
            ReadOnlySpan<byte> content = file.ContentOf(data).Span;
            if (ListBefore(content, content.IndexOf(Signature)) is > 0 and var list)
            {
                ReadFiles(file.Bytes, list, path, findings);
                return;
            }
        }
    }

    /// <summary>Where the list of files begins, as it stands before the signature; zero if this is no bundle.</summary>
    /// <param name="bytes">Bytes of the program.</param>
    /// <param name="signature">Where the signature is among them; less than zero if it is not.</param>
    public static ulong ListBefore(ReadOnlySpan<byte> bytes, int signature) => new ByteFields(bytes, isBigEndian: false).U64(signature - OffsetBytes);

    private static void ReadFiles(ReadOnlyMemory<byte> bytes, ulong list, string path, FileFindings findings)
    {
        if (list >= (ulong)bytes.Length)
        {
            findings.Warn("It is a bundle of .NET whose list of files lies beyond its end.");
            return;
        }

        var cursor = new BundleCursor(bytes.Span, (int)list);
        uint version = cursor.TakeU32();
        _ = cursor.TakeU32();
        uint count = Math.Min(cursor.TakeU32(), MaxFiles);
        _ = cursor.TakeText();
        if (version is not (1 or 2 or 6))
        {
            findings.Warn($"It is a bundle of .NET of version {version}, which is not known here.");
            return;
        }

        if (version >= 2)
        {
            // Where deps.json and runtimeconfig.json lie, and flags; the files below are the same.
            cursor.Skip(5 * sizeof(ulong));
        }

        for (uint i = 0; i < count && !cursor.IsAtEnd; i++)
        {
            ulong offset = cursor.TakeU64();
            ulong size = cursor.TakeU64();
            ulong compressed = version >= 6 ? cursor.TakeU64() : 0;
            cursor.Skip(sizeof(byte));

            // The application's own lies beside it, and there is only one.
            ReadOnlySpan<byte> name = cursor.TakeText();
            if (name.EndsWith(".deps.json"u8) && !name.Contains((byte)'/'))
            {
                FileRange stored = FileRange.Within(bytes.Length, "", 0, offset, compressed > 0 ? compressed : size, isData: false);
                ReadDepsJson(bytes.Slice(stored.Start, stored.Length), isCompressed: compressed > 0, path, findings);
                return;
            }
        }

        findings.Warn(NotFound);
    }

    private static void ReadDepsJson(ReadOnlyMemory<byte> stored, bool isCompressed, string path, FileFindings findings)
    {
        try
        {
            ReadOnlyMemory<byte>? json = isCompressed ? Inflation.Deflated(stored, MaxDepsJsonBytes)
                : stored.Length <= MaxDepsJsonBytes ? stored
                : null;
            if (json is { } read)
            {
                DepsJson.Read(read.Span, path, findings);
            }
            else
            {
                findings.Warn($"The deps.json in it was not read: it has more than {MaxDepsJsonBytes} bytes.");
            }
        }
        catch (InvalidDataException)
        {
            findings.Warn("The deps.json in it is not compressed as it should be.");
        }
    }
}
