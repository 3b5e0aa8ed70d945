namespace ImageScan.Core.Vulnerabilities;

/// <summary>Temporary files for what does not fit into memory.</summary>
internal static class PassingFile
{
    /// <summary>
    /// Opens an empty one for reading and writing, for its user alone. It is gone with its stream, and with a process that is killed: it has no
    /// name where the system has such files. Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    public static FileStream Open()
    {
        string path = Path.Combine(Path.GetTempPath(), $"imagescan-{Guid.NewGuid():n}");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 1 << 16 };
        if (OperatingSystem.IsWindows())
        {
            options.Options = FileOptions.DeleteOnClose;
            return new FileStream(path, options);
        }

        // .NET itself deletes at closing there, which a killed process does not come to.
        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        File.Delete(path);
        return file;
    }
}
