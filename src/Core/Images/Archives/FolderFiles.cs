namespace ImageScan.Core.Images.Archives;

/// <summary>A folder's files. Asked only for paths that we make ourselves, never for one that stands in a document.</summary>
internal sealed class FolderFiles(string root) : IArchiveFiles
{
    public bool Has(string path) => File.Exists(Path.Combine(root, path));

    public (Stream Content, long Size)? Open(string path)
    {
        var file = new FileInfo(Path.Combine(root, path));
        if (!file.Exists)
        {
            return null;
        }

        FileStream content = file.OpenRead();
        return (content, content.Length);
    }
}
