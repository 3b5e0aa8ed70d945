namespace ImageScan.Core.Vulnerabilities.Refresh;

/// <summary>
/// The files that a refresh keeps between its runs: what each feed has said so far. One run at a time writes; others may read meanwhile.
/// All methods throw <see cref="IOException"/> if the place they lie in fails.
/// </summary>
public interface IFeedFiles
{
    /// <summary>
    /// Opens a file for reading from its beginning to its end; null if there is none. Whoever reads it when it is replaced reads the old one on.
    /// </summary>
    /// <param name="name">As <see cref="FeedFileName.IsOne"/> allows.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a file, or writes it anew: it is there whole when this returns. If <paramref name="write"/> throws, or the process ends in the
    /// middle, what was there before stays. The stream takes synchronous writes too.
    /// </summary>
    /// <param name="name">As <see cref="FeedFileName.IsOne"/> allows.</param>
    /// <param name="write">Writes the content to a stream that it does not close.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task WriteAsync(string name, Func<Stream, Task> write, CancellationToken cancellationToken);

    /// <summary>Removes a file; nothing happens if there is none.</summary>
    Task DeleteAsync(string name, CancellationToken cancellationToken);

    /// <summary>The names of all files that are there whole, in any order.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);
}
