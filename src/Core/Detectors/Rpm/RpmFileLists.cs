using System.Text;

namespace ImageScan.Core.Detectors.Rpm;

/// <summary>Reads which files the packages of one database own.</summary>
/// <param name="databaseBytes">The size of the database.</param>
internal sealed class RpmFileLists(long databaseBytes)
{
    // PATH_MAX of Linux: a longer one is no file.
    private const int MaxPathBytes = 4096;

    // A folder stands once in a header, for all its files; but a header says so much else of each file that the paths together are shorter than
    // the database. Only where it was made up, with one very long folder for very many files, they are eight times as long.
    private long _pathBytesLeft = (8 * databaseBytes) + (64 << 10);

    /// <summary>Tells the findings every file of a package. False if not all of them could be read.</summary>
    public bool TryRead(ref RpmHeader header, string owner, FileFindings findings)
    {
        RpmTexts names = header.Texts(RpmTag.BaseNames);
        if (names.Count == 0)
        {
            // Packages of before rpm 4 have whole paths.
            return TryReadWhole(header.Texts(RpmTag.OldFileNames), owner, findings);
        }

        // Every file has its name, and the number of its folder in the list of folders.
        RpmNumbers folderOf = header.Numbers(RpmTag.DirIndexes);
        RpmTextList folders = header.Texts(RpmTag.DirNames).ToList(folderOf.Count);
        for (int i = 0; names.TryNext(out ReadOnlySpan<byte> name); i++)
        {
            if (i >= folderOf.Count || folderOf[i] >= (ulong)folders.Count || !TryOwn(folders[(int)folderOf[i]], name, owner, findings))
            {
                return false;
            }
        }

        return names.Count == 0;
    }

    private bool TryReadWhole(RpmTexts paths, string owner, FileFindings findings)
    {
        while (paths.TryNext(out ReadOnlySpan<byte> path))
        {
            if (!TryOwn([], path, owner, findings))
            {
                return false;
            }
        }

        return paths.Count == 0;
    }

    private bool TryOwn(ReadOnlySpan<byte> folder, ReadOnlySpan<byte> name, string owner, FileFindings findings)
    {
        int length = folder.Length + name.Length;
        if (length > MaxPathBytes)
        {
            return true;
        }

        _pathBytesLeft -= length;
        if (_pathBytesLeft < 0)
        {
            return false;
        }

        Span<byte> path = stackalloc byte[MaxPathBytes];
        folder.CopyTo(path);
        name.CopyTo(path[folder.Length..]);
        findings.Own(Encoding.UTF8.GetString(path[..length].TrimStart((byte)'/')), owner);
        return true;
    }
}
