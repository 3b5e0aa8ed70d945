namespace ImageScan.Core.Images.Archives;

/// <summary>Opens images on disk. Only for the command line: a path that a caller of the API names is never opened.</summary>
public static class ImageArchive
{
    /// <summary>Whether it is a folder with the file by which an OCI layout or an unpacked archive of <c>docker save</c> is told.</summary>
    public static bool IsFolder(string path) =>
        File.Exists(Path.Combine(path, OciLayoutSource.MarkerPath)) || File.Exists(Path.Combine(path, DockerArchiveSource.ListPath));

    /// <summary>
    /// A <c>docker save</c> archive or an OCI layout (each a folder, tar or tar.gz), told apart by what is inside.
    /// Throws <see cref="RegistryException"/>, saying what was expected.
    /// </summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="name">Which of several images: a tag, a full name or, in a layout, a digest; null for the only one.</param>
    /// <param name="limits">The bounds that apply.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IImageSource> OpenAsync(string path, string? name, ImageLimits limits, CancellationToken cancellationToken)
    {
        ArchiveContent content = await ContentAsync(path, limits, cancellationToken);

        // Docker 25 and later write both: its own list says which image was meant.
        if (content.Has(DockerArchiveSource.ListPath))
        {
            return await DockerArchiveSource.OpenAsync(content, path, name, limits, cancellationToken);
        }

        return content.Has(OciLayoutSource.IndexPath) || content.Has(OciLayoutSource.MarkerPath)
            ? await OciLayoutSource.OpenAsync(content, path, name, limits, cancellationToken)
            : throw new RegistryException(
                $"{path} is neither an archive of docker save ({DockerArchiveSource.ListPath}) nor an OCI layout ({OciLayoutSource.IndexPath}).")
            {
                Failure = RegistryFailure.NotFound,
            };
    }

    /// <summary>A <c>docker save</c> archive, also unpacked. Throws <see cref="RegistryException"/>.</summary>
    public static async Task<IImageSource> OpenDockerAsync(string path, string? name, ImageLimits limits, CancellationToken cancellationToken)
    {
        ArchiveContent content = await ContentAsync(path, limits, cancellationToken);
        return await DockerArchiveSource.OpenAsync(content, path, name, limits, cancellationToken);
    }

    /// <summary>An OCI layout, in a folder or a tar. Throws <see cref="RegistryException"/>.</summary>
    public static async Task<IImageSource> OpenOciAsync(string path, string? name, ImageLimits limits, CancellationToken cancellationToken)
    {
        ArchiveContent content = await ContentAsync(path, limits, cancellationToken);
        return await OciLayoutSource.OpenAsync(content, path, name, limits, cancellationToken);
    }

    private static async Task<ArchiveContent> ContentAsync(string path, ImageLimits limits, CancellationToken cancellationToken)
    {
        IArchiveFiles files = Directory.Exists(path) ? new FolderFiles(path, limits)
            : File.Exists(path) ? await TarFiles.ReadAsync(path, limits, cancellationToken)
            : throw new RegistryException($"There is no file or folder {path}.") { Failure = RegistryFailure.NotFound };
        return new ArchiveContent(files, path, limits);
    }
}
