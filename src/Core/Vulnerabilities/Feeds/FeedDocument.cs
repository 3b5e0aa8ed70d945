namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>One opened document of a feed; whoever opened it disposes of it.</summary>
/// <param name="path">Below the feed's address or folder, with slashes.</param>
/// <param name="content">Its bytes as they are there, compressed or not; read once, forward.</param>
/// <param name="validator">Its ETag or date; null if there is none.</param>
/// <param name="isUnchanged">Whether it is what the given validator was of; then it has no content.</param>
public sealed class FeedDocument(string path, Stream content, string? validator = null, bool isUnchanged = false) : IAsyncDisposable
{
    public string Path => path;

    /// <summary>The last part of <see cref="Path"/>.</summary>
    public string Name => path[(path.LastIndexOf('/') + 1)..];

    public Stream Content => content;

    public string? Validator => validator;

    public bool IsUnchanged => isUnchanged;

    public ValueTask DisposeAsync() => content.DisposeAsync();
}
