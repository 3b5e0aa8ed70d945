namespace ImageScan.Core.Images.Archives;

/// <summary>The files of an image on disk, in a folder or in a tar.</summary>
internal interface IArchiveFiles
{
    /// <summary>Whether there is such a file, links followed.</summary>
    bool Has(string path);

    /// <summary>The file's content and its size in bytes, links followed; null if there is no such file. The caller disposes it.</summary>
    (Stream Content, long Size)? Open(string path);
}
