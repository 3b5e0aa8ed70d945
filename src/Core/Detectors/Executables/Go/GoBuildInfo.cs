using System.Text;
using ImageScan.Core.Detectors.Executables.Formats;

namespace ImageScan.Core.Detectors.Executables.Go;

/// <summary>
/// What Go's linker writes into every program: the version of Go and the modules it was made of. Nothing strips it, since the program itself
/// reads it (https://pkg.go.dev/debug/buildinfo; the layout: https://go.dev/src/debug/buildinfo/buildinfo.go).
/// </summary>
/// <param name="GoVersion"><c>go1.21.3</c>; null if only the modules were found.</param>
/// <param name="Modules">The lines about modules, tabs between their fields; empty where the program was built without modules.</param>
internal sealed record GoBuildInfo(string? GoVersion, string Modules)
{
    /// <summary>Bytes of the header, which stands at an address that is a multiple of <see cref="Alignment"/>.</summary>
    public const int HeaderBytes = 32;
    public const int Alignment = 16;

    private const int PlaceOfPointerSize = 14;
    private const int PlaceOfFlags = 15;
    private const int PlaceOfPointers = 16;
    private const byte FlagBigEndian = 1;
    private const byte FlagInline = 2;
    private const int SentinelBytes = 16;
    private const int MaxVersionBytes = 256;

    // Kubernetes, with two hundred modules, has 20 KB of lines.
    private const int MaxModulesBytes = 4 << 20;

    // A program that reads other programs' build information has the magic among its constants, too.
    private const int MaxCandidates = 32;

    /// <summary>What the header begins with: the byte 255 and <c> Go buildinf:</c>.</summary>
    public static ReadOnlySpan<byte> Magic =>
        [0xff, (byte)' ', (byte)'G', (byte)'o', (byte)' ', (byte)'b', (byte)'u', (byte)'i', (byte)'l', (byte)'d', (byte)'i', (byte)'n', (byte)'f', (byte)':'];

    /// <summary>Stands before the lines about modules (https://go.dev/src/cmd/go/internal/modload/build.go).</summary>
    public static ReadOnlySpan<byte> ModulesStart => [0x30, 0x77, 0xaf, 0x0c, 0x92, 0x74, 0x08, 0x02, 0x41, 0xe1, 0xc1, 0x07, 0xe6, 0xd6, 0x18, 0xe6];

    /// <summary>Stands after them.</summary>
    public static ReadOnlySpan<byte> ModulesEnd => [0xf9, 0x32, 0x43, 0x31, 0x86, 0x18, 0x20, 0x72, 0x00, 0x82, 0x42, 0x10, 0x41, 0x16, 0xd8, 0xf2];

    /// <summary>The build information of a program; null if it is not made by Go.</summary>
    public static GoBuildInfo? FindIn(ExecutableFile file)
    {
        // Since Go 1.13 it has a section of its own in ELF and Mach-O; in PE, and where sections were removed, it is among the variables.
        IEnumerable<FileRange> places = file.Sections.Where(section => section.Name is ".go.buildinfo" or "__go_buildinfo").Take(1).Concat(file.Data());
        int candidates = 0;
        foreach (FileRange place in places)
        {
            ReadOnlySpan<byte> content = file.ContentOf(place).Span;
            int at = 0;
            for (int found; candidates < MaxCandidates && (found = content[at..].IndexOf(Magic)) >= 0; at++, candidates++)
            {
                at += found;
                bool isAligned = (place.Address + (ulong)at) % Alignment == 0;
                if (isAligned && Decode(content[at..], file) is { } info)
                {
                    return info;
                }
            }
        }

        return null;
    }

    /// <summary>Whether these bytes begin with a header, and the version of Go after it, as since Go 1.18.</summary>
    public static bool IsInlineHeader(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderBytes || (bytes[PlaceOfFlags] & FlagInline) == 0)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = bytes[HeaderBytes..];
        return TryTakeText(ref rest, out ReadOnlySpan<byte> version) && IsVersion(version);
    }

    /// <summary>Whether these bytes begin with a header as before Go 1.18, which has addresses.</summary>
    public static bool IsPointerHeader(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= HeaderBytes && bytes[PlaceOfPointerSize] is 4 or 8 && bytes[PlaceOfFlags] is 0 or FlagBigEndian;

    /// <summary>The build information whose strings follow the header, as since Go 1.18; null if this is another header or none.</summary>
    /// <param name="fromHeader">The bytes from the header on.</param>
    public static GoBuildInfo? DecodeInline(ReadOnlySpan<byte> fromHeader)
    {
        if (!IsInlineHeader(fromHeader))
        {
            return null;
        }

        ReadOnlySpan<byte> rest = fromHeader[HeaderBytes..];
        _ = TryTakeText(ref rest, out ReadOnlySpan<byte> version);
        return new GoBuildInfo(Encoding.UTF8.GetString(version), TryTakeText(ref rest, out ReadOnlySpan<byte> framed) ? ModulesIn(framed) : "");
    }

    /// <summary>The first lines about modules anywhere in these bytes, found by what stands around them; empty if there are none.</summary>
    public static string FindModules(ReadOnlySpan<byte> bytes)
    {
        int start = bytes.IndexOf(ModulesStart);
        if (start < 0)
        {
            return "";
        }

        ReadOnlySpan<byte> lines = bytes[(start + SentinelBytes)..];
        int end = lines.IndexOf(ModulesEnd);
        return end < 0 ? "" : TextOf(lines[..end]);
    }

    private static GoBuildInfo? Decode(ReadOnlySpan<byte> fromHeader, ExecutableFile file)
    {
        if (!IsPointerHeader(fromHeader))
        {
            return DecodeInline(fromHeader);
        }

        // Before Go 1.18 the header has the addresses of two variables, and each of these the address and length of a text.
        int pointerSize = fromHeader[PlaceOfPointerSize];
        bool isBigEndian = (fromHeader[PlaceOfFlags] & FlagBigEndian) != 0;
        var header = new ByteFields(fromHeader, isBigEndian);
        ReadOnlySpan<byte> version = TextBehind(header.Word(PlaceOfPointers, pointerSize == 8));
        ReadOnlySpan<byte> framed = TextBehind(header.Word(PlaceOfPointers + pointerSize, pointerSize == 8));

        // In programs that may be loaded anywhere, the addresses may be filled in only then. The lines are found all the same.
        string modules = framed.IsEmpty ? FindModules(file.Bytes.Span) : ModulesIn(framed);
        string? goVersion = IsVersion(version) ? Encoding.UTF8.GetString(version) : null;
        return goVersion is null && modules.Length == 0 ? null : new GoBuildInfo(goVersion, modules);

        ReadOnlySpan<byte> TextBehind(ulong address)
        {
            var variable = new ByteFields(file.At(address, 2 * (ulong)pointerSize), isBigEndian);
            ulong length = variable.Word(pointerSize, pointerSize == 8);
            ReadOnlySpan<byte> text = file.At(variable.Word(0, pointerSize == 8), length);
            return (ulong)text.Length == length ? text : default;
        }
    }

    private static bool IsVersion(ReadOnlySpan<byte> text) => text.Length <= MaxVersionBytes && (text.StartsWith("go"u8) || text.StartsWith("devel"u8));

    // Between two sentinels, the last line's end before the second (as Go's own reader checks it).
    private static string ModulesIn(ReadOnlySpan<byte> framed) => framed.Length > 2 * SentinelBytes && framed[^(SentinelBytes + 1)] == '\n'
        ? TextOf(framed[SentinelBytes..^SentinelBytes])
        : "";

    private static string TextOf(ReadOnlySpan<byte> lines) => Encoding.UTF8.GetString(lines[..Math.Min(lines.Length, MaxModulesBytes)]);

    // The length first, seven bits a byte, the lowest first (https://pkg.go.dev/encoding/binary#Uvarint).
    private static bool TryTakeText(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> text)
    {
        ulong length = 0;
        text = default;
        for (int i = 0; i < rest.Length && i < 5; i++)
        {
            length |= (ulong)(rest[i] & 0x7f) << (7 * i);
            if ((rest[i] & 0x80) == 0)
            {
                rest = rest[(i + 1)..];
                if (length > (ulong)rest.Length)
                {
                    return false;
                }

                text = rest[..(int)length];
                rest = rest[(int)length..];
                return true;
            }
        }

        return false;
    }
}
