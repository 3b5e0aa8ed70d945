namespace ImageScan.Core.Detectors.Executables.Formats;

/// <summary>A section or segment: a piece of the file that a loader puts at an address. Always within the file.</summary>
/// <param name="Name">As the file calls it; empty for segments of ELF.</param>
/// <param name="Address">Where its first byte is loaded.</param>
/// <param name="Start">Where it starts in the file.</param>
/// <param name="Length">Bytes of it that are in the file.</param>
/// <param name="IsData">Whether a program may write to it and not run it.</param>
internal readonly record struct FileRange(string Name, ulong Address, int Start, int Length, bool IsData)
{
    /// <summary>A range as a header states it, cut to what the file has.</summary>
    public static FileRange Within(int fileLength, string name, ulong address, ulong start, ulong length, bool isData)
    {
        int from = (int)Math.Min(start, (ulong)fileLength);
        return new FileRange(name, address, from, (int)Math.Min(length, (ulong)(fileLength - from)), isData);
    }

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> file) => file.Slice(Start, Length);
}
