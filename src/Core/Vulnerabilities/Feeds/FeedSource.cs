using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>Where a feed's documents are: an http(s) address, a folder, or one file.</summary>
/// <param name="location">The address or path.</param>
/// <param name="http">Asks for addresses.</param>
public sealed class FeedSource(string location, HttpClient http)
{
    private readonly List<string> _opened = [];

    public string Location => location;

    public bool IsAddress => location.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || location.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>The paths that were asked for and there, in order.</summary>
    internal IReadOnlyList<string> Opened => _opened;

    /// <summary>How long a body may give no byte.</summary>
    internal TimeSpan StallTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The most bytes that a document may be sent as. The largest known one is Red Hat's archive, some hundred MiB.</summary>
    internal long MaxDocumentBytes { get; init; } = 4L << 30;

    /// <summary>Another address of the same feed, one that its own code names: an index that lies on another host than the documents.</summary>
    public FeedSource At(string address) => new(address, http) { StallTimeout = StallTimeout, MaxDocumentBytes = MaxDocumentBytes };

    /// <summary>
    /// Opens a document; null if there is none at that path. Throws <see cref="FeedException"/> if the answer is anything else, or the path
    /// leads out of the location, and <see cref="HttpRequestException"/> or <see cref="IOException"/> if there is none. The same is thrown
    /// in reading where the body breaks off, stalls or is too long (<see cref="InvalidDataException"/>).
    /// </summary>
    /// <param name="path">Below the location; "" for the location itself.</param>
    /// <param name="validator">Of an earlier <see cref="FeedDocument.Validator"/>: if it still holds, the document is unchanged and has no content.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<FeedDocument?> OpenAsync(string path, string? validator, CancellationToken cancellationToken)
    {
        if (!IsBelow(path))
        {
            throw new FeedException($"'{path}' is no path of a document.");
        }

        FeedDocument? document = IsAddress ? await FetchAsync(path, validator, cancellationToken) : OpenFile(path, validator);
        if (document is not null)
        {
            _opened.Add(path);
        }

        return document;
    }

    /// <summary>Whether a path stays below the location. Plans come out of lists that a server sends, and a mirror makes files of them.</summary>
    internal static bool IsBelow(string path) => path.Length == 0
        || (path.Split('/').All(part => part is not ("" or "." or "..")) && !path.Any(character => character == '\\' || char.IsControl(character))
            && !Path.IsPathRooted(path));

    private FeedDocument? OpenFile(string path, string? validator)
    {
        var file = new FileInfo(path.Length == 0 ? location : Path.Combine(location, path.Replace('/', Path.DirectorySeparatorChar)));
        if (!file.Exists)
        {
            return null;
        }

        string stamp = string.Create(CultureInfo.InvariantCulture, $"{file.LastWriteTimeUtc:O} {file.Length}");
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
        else if (validator is not null && DateTimeOffset.TryParse(validator, CultureInfo.InvariantCulture, out var date))
        {
            request.Headers.IfModifiedSince = date;
        }

        HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        switch (answer.StatusCode)
        {
            case HttpStatusCode.OK:
                string? stamp = answer.Headers.ETag?.ToString() ?? answer.Content.Headers.LastModified?.ToString("R", CultureInfo.InvariantCulture);
                var body = new AnswerStream(answer, await answer.Content.ReadAsStreamAsync(cancellationToken), StallTimeout);
                return new FeedDocument(path, new CappedStream(body, MaxDocumentBytes), stamp);
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
    private sealed class AnswerStream(HttpResponseMessage answer, Stream body, TimeSpan stallTimeout) : FeedStream
    {
        // Parsers that read synchronously must not wait for ever either, and only an asynchronous read can be given up.
        public override int Read(Span<byte> buffer)
        {
            byte[] read = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length, 1 << 16));
            try
            {
                int length = ReadAsync(read.AsMemory(0, Math.Min(buffer.Length, read.Length))).AsTask().GetAwaiter().GetResult();
                read.AsSpan(0, length).CopyTo(buffer);
                return length;
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(read);
            }
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            patience.CancelAfter(stallTimeout);
            try
            {
                return await body.ReadAsync(buffer, patience.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException($"No byte came for {stallTimeout.TotalSeconds} seconds.");
            }
        }

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
