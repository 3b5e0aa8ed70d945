using System.Net;
using System.Net.Http.Headers;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Where a feed's documents are: an http(s) address, a folder, or one file.</summary>
/// <param name="location">The address or path.</param>
/// <param name="http">Asks for addresses.</param>
public sealed class FeedSource(string location, HttpClient http)
{
    public string Location => location;

    public bool IsAddress => location.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || location.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Another address of the same feed, one that its own code names: an index that lies on another host than the documents.</summary>
    public FeedSource At(string address) => new(address, http);

    /// <summary>
    /// Opens a document; null if there is none at that path. Throws <see cref="FeedException"/> if the answer is anything else, and
    /// <see cref="HttpRequestException"/> or <see cref="IOException"/> if there is none.
    /// </summary>
    /// <param name="path">Below the location; "" for the location itself.</param>
    /// <param name="validator">Of an earlier <see cref="FeedDocument.Validator"/>: if it still holds, the document is unchanged and has no content.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<FeedDocument?> OpenAsync(string path, string? validator, CancellationToken cancellationToken) =>
        IsAddress ? FetchAsync(path, validator, cancellationToken) : Task.FromResult(OpenFile(path, validator));

    private FeedDocument? OpenFile(string path, string? validator)
    {
        var file = new FileInfo(path.Length == 0 ? location : Path.Combine(location, path.Replace('/', Path.DirectorySeparatorChar)));
        if (!file.Exists)
        {
            return null;
        }

        string stamp = $"{file.LastWriteTimeUtc:O} {file.Length}";
        return stamp == validator
            ? new FeedDocument(path, Stream.Null, stamp, isUnchanged: true)
            : new FeedDocument(path, new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16), stamp);
    }

    private async Task<FeedDocument?> FetchAsync(string path, string? validator, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(path));
        if (validator is not null && EntityTagHeaderValue.TryParse(validator, out var tag))
        {
            request.Headers.IfNoneMatch.Add(tag);
        }
        else if (validator is not null && DateTimeOffset.TryParse(validator, out var date))
        {
            request.Headers.IfModifiedSince = date;
        }

        HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.OK:
                string? stamp = answer.Headers.ETag?.ToString() ?? answer.Content.Headers.LastModified?.ToString("R");
                return new FeedDocument(path, new AnswerStream(answer, await answer.Content.ReadAsStreamAsync(cancellationToken)), stamp);
            case HttpStatusCode.NotModified:
                answer.Dispose();
                return new FeedDocument(path, Stream.Null, validator, isUnchanged: true);
            case HttpStatusCode.NotFound or HttpStatusCode.Gone:
                answer.Dispose();
                return null;
            default:
                answer.Dispose();
                throw new FeedException($"{AddressOf(path).GetLeftPart(UriPartial.Path)} answered {(int)answer.StatusCode} {answer.ReasonPhrase}.");
        }
    }

    // The query of the location (a key of a mirror) goes with every document.
    private Uri AddressOf(string path)
    {
        var root = new Uri(location);
        return path.Length == 0
            ? root
            : new Uri($"{root.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}{root.Query}");
    }

    /// <summary>The body of an answer, which goes when it is closed.</summary>
    private sealed class AnswerStream(HttpResponseMessage answer, Stream body) : FeedStream
    {
        public override int Read(Span<byte> buffer) => body.Read(buffer);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => body.ReadAsync(buffer, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                body.Dispose();
                answer.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
