using System.Text;
using ImageScan.Core.Detectors.Executables.Formats;

namespace ImageScan.Core.Detectors.Executables;

/// <summary>
/// The libraries that an ELF file asks the dynamic linker for: DT_NEEDED
/// (https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.dynamic.html).
/// </summary>
internal static class NeededLibraries
{
    private const int MaxNames = 256;
    private const int MaxNameLength = 255;
    private const ulong TagEnd = 0;
    private const ulong TagNeeded = 1;
    private const ulong TagNames = 5;

    /// <summary>Bytes of the table that are looked at.</summary>
    public const int MaxTableBytes = 64 << 10;

    /// <summary>Their names in the file's order, each once; null if the file is not linked dynamically.</summary>
    public static IReadOnlyList<string>? Of(ExecutableFile file)
    {
        if (file.Dynamic is not { } stated)
        {
            return null;
        }

        FileRange table = FileRange.Within(file.Bytes.Length, "", 0, stated.Start, stated.Length, isData: true);
        return Of(file, file.ContentOf(table).Span);
    }

    /// <summary>As <see cref="Of(ExecutableFile)"/>, of a file whose table is given apart, since of the file only the front is at hand.</summary>
    public static IReadOnlyList<string> Of(ExecutableFile file, ReadOnlySpan<byte> table)
    {
        var places = new List<ulong>();
        ulong? names = null;
        var fields = new ByteFields(table, file.IsBigEndian);
        int width = file.Is64Bit ? 8 : 4;
        for (int i = 0; 2 * i * width < MaxTableBytes; i++)
        {
            // Zero also beyond the end of the table.
            ulong tag = fields.Word(2L * i * width, file.Is64Bit);
            ulong value = fields.Word(((2L * i) + 1) * width, file.Is64Bit);
            if (tag == TagEnd)
            {
                break;
            }

            if (tag == TagNames)
            {
                names = value;
            }
            else if (tag == TagNeeded && places.Count < MaxNames)
            {
                places.Add(value);
            }
        }

        return names is { } address ? [.. places.Select(place => NameAt(file, address, place)).OfType<string>().Distinct()] : [];
    }

    private static string? NameAt(ExecutableFile file, ulong names, ulong place)
    {
        ReadOnlySpan<byte> text = file.At(unchecked(names + place), MaxNameLength + 1);
        int end = text.IndexOf((byte)0);
        return end > 0 ? Encoding.UTF8.GetString(text[..end]) : null;
    }
}
