namespace ImageScan.Local.Output;

/// <summary>The file that a result is written to; what is there stays until the result is whole.</summary>
internal static class OutputFile
{
    /// <summary>
    /// Has the result written beside the file, whose place it takes when it is whole, with the mode of what was there; where a link leads, if it is one. Into
    /// a device or a pipe it is written as it comes. Throws <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>.
    /// </summary>
    public static async Task WriteAsync(string path, Func<Stream, Task> write)
    {
        await using (FileStream? stream = OpenIfIrreplaceable(path))
        {
            if (stream is not null)
            {
                await write(stream);
                return;
            }
        }

        string target = TargetOf(path);
        string part = PartOf(target);
        try
        {
            await using (FileStream file = new(part, FileMode.CreateNew, FileAccess.Write))
            {
                // Before anything is in it: what was there may have been closed to others.
                if (!OperatingSystem.IsWindows() && File.Exists(target))
                {
                    File.SetUnixFileMode(file.SafeFileHandle, File.GetUnixFileMode(target));
                }

                await write(file);
            }

            File.Move(part, target, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    /// <summary>Why no result can be written there, as part of a sentence; null if nothing is in the way. To be asked before a result is made.</summary>
    public static string? ObstacleTo(string path)
    {
        if (Path.GetFileName(path).Length == 0 || Directory.Exists(path))
        {
            return "which names no file";
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(TargetOf(path)))!;
        if (!Directory.Exists(folder))
        {
            return $"but there is no folder {folder}";
        }

        try
        {
            if (IsReplaceable(path))
            {
                File.OpenHandle(PartOf(TargetOf(path)), FileMode.CreateNew, FileAccess.Write, options: FileOptions.DeleteOnClose).Dispose();
            }

            return null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return $"but the folder {folder} takes no file";
        }
    }

    private static string PartOf(string target) => $"{target}.{Guid.NewGuid():n}.part";

    // A file that has something in it is one that can be replaced; whatever has no length must be opened to know.
    private static FileStream? OpenIfIrreplaceable(string path)
    {
        if (IsReplaceable(path))
        {
            return null;
        }

        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (FileNotFoundException)
        {
            // A link is there, and nothing yet where it leads.
            return null;
        }

        if (IsFile(stream))
        {
            stream.Dispose();
            return null;
        }

        return stream;
    }

    private static bool IsReplaceable(string path) => !File.Exists(path) || new FileInfo(TargetOf(path)) is { Exists: true, Length: > 0 };

    // Of what can be sought only a file takes a length (https://man7.org/linux/man-pages/man2/ftruncate.2.html, EINVAL).
    private static bool IsFile(FileStream empty)
    {
        try
        {
            empty.SetLength(0);
            return true;
        }
        catch (Exception other) when (other is NotSupportedException or IOException)
        {
            return false;
        }
    }

    private static string TargetOf(string path) =>
        new FileInfo(path).LinkTarget is null ? path : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
}
