namespace ImageScan.Core.Images.Archives;

/// <summary>A folder's files. Documents of the image name some of them, so no path and no link leads out of the folder.</summary>
internal sealed class FolderFiles(string root, ImageLimits limits) : IArchiveFiles
{
    public bool Has(string path) => Find(path) is not null;

    public (Stream Content, long Size)? Open(string path)
    {
        if (Find(path) is not { } file)
        {
            return null;
        }

        FileStream content = file.OpenRead();
        return (content, content.Length);
    }

    // Nothing of an image is empty, but pipes and devices seem to be (stat(2)); opening one of those may wait for ever.
    private FileInfo? Find(string path) =>
        Follow(path) is { } real && new FileInfo(Path.Combine(root, real)) is { Exists: true, Length: > 0 } file ? file : null;

    // As in a tar: an absolute link leads out of the folder, wherever it points.
    private string? Follow(string path)
    {
        string? next = TarFiles.Normalize(path);
        for (int links = 0; links <= limits.ArchiveLinks && next is not null; links++)
        {
            // There these are more than letters of a name.
            if (OperatingSystem.IsWindows() && next.AsSpan().ContainsAny('\\', ':'))
            {
                return null;
            }

            if (FirstLink(next) is not { } link)
            {
                return next;
            }

            next = link.Target.StartsWith('/') ? null : TarFiles.Normalize($"{Path.GetDirectoryName(link.Path)}/{link.Target}/{next[link.Path.Length..]}");
        }

        return null;
    }

    private (string Path, string Target)? FirstLink(string path)
    {
        for (int end = path.IndexOf('/', StringComparison.Ordinal); ; end = path.IndexOf('/', end + 1))
        {
            string step = end < 0 ? path : path[..end];
            if (new FileInfo(Path.Combine(root, step)).LinkTarget is { } target)
            {
                return (step, target);
            }

            if (end < 0)
            {
                return null;
            }
        }
    }
}
