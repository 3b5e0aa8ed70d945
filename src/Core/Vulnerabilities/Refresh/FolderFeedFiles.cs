namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>Files of a refresh in a folder of this machine.</summary>
/// <param name="folder">Is made on the first write.</param>
public sealed class FolderFeedFiles(string folder) : IFeedFiles
{
    // No FeedFileName begins with a dot.
    private const string Unfinished = ".unfinished-";

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return Task.FromResult<Stream?>(
                new FileStream(PathOf(name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Task.FromResult<Stream?>(null);
        }
    }

    public async Task WriteAsync(string name, Func<Stream, Task> write, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        string path = PathOf(name);
        Directory.CreateDirectory(folder);
        string unfinished = Path.Combine(folder, Unfinished + Path.GetRandomFileName());
        try
        {
            await using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                await write(file);
                cancellationToken.ThrowIfCancellationRequested();
                // The name must not get to the disk before the content does.
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (Directory.Exists(folder))
        {
            File.Delete(PathOf(name));
        }

        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        string[] names = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(FeedFileName.IsOne)]
            : [];
        return Task.FromResult<IReadOnlyList<string>>(names);
    }

    /// <summary>
    /// Keeps other runs out of the folder until the answer is disposed of, and removes what runs that were killed have left half-written.
    /// Throws <see cref="IOException"/> if another run has it.
    /// </summary>
    public IDisposable Lock()
    {
        Directory.CreateDirectory(folder);
        FileStream file;
        try
        {
            file = new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new IOException($"The folder {folder} is in use by another run: {taken.Message}", taken);
        }

        foreach (string left in Directory.EnumerateFiles(folder, Unfinished + "*"))
        {
            File.Delete(left);
        }

        return file;
    }

    private string PathOf(string name) =>
        FeedFileName.IsOne(name) ? Path.Combine(folder, name) : throw new ArgumentException($"'{name}' is no name of a file.", nameof(name));
}
