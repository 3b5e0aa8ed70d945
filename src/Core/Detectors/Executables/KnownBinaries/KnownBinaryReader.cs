using ImageScan.Core.Inventory;

namespace ImageScan.Core.Detectors.Executables.KnownBinaries;

/// <summary>Lists a program of the <see cref="KnownBinaryTable"/>, read in one piece or several.</summary>
internal sealed class KnownBinaryReader(string path)
{
    private readonly (KnownBinary Binary, HashSet<string> Versions)[] _candidates =
        [.. KnownBinaryTable.At(path).Select(binary => (binary, new HashSet<string>(StringComparer.Ordinal)))];

    /// <summary>Takes a piece of the file; a text that is cut by its ends is not seen.</summary>
    public void Take(ReadOnlySpan<byte> piece)
    {
        foreach ((KnownBinary binary, HashSet<string> versions) in _candidates)
        {
            binary.TakeVersions(piece, versions);
        }
    }

    /// <summary>Says what was found. A program that states two versions is left out: one of them is that of something else.</summary>
    public void Report(FileFindings findings)
    {
        foreach ((KnownBinary binary, HashSet<string> versions) in _candidates.Where(candidate => candidate.Versions.Count == 1))
        {
            findings.Add(new Package { Type = PackageType.Binary, Name = binary.Component, Version = versions.Single(), Path = path });
        }
    }
}
