using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace ImageScan.Core.Tests.Vulnerabilities.Refresh;

/// <summary>A web server with a few documents, answering as real ones do.</summary>
internal sealed class FakeWeb : HttpMessageHandler
{
    private readonly Dictionary<string, (byte[] Content, string Tag)> _documents = [];
    private readonly Dictionary<string, HttpStatusCode> _broken = [];
    private int _tags;

    /// <summary>Paths that were asked for, in order, with the tag that was asked against.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>Called before each answer.</summary>
    public Action<HttpRequestMessage>? Before { get; set; }

    public void Put(string path, string text) => Put(path, Encoding.UTF8.GetBytes(text));

    public void Put(string path, byte[] content) => _documents[path] = (content, $"\"{++_tags}\"");

    public void Remove(string path) => _documents.Remove(path);

    public void Break(string path, HttpStatusCode status) => _broken[path] = status;

    public void Mend() => _broken.Clear();

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string path = Uri.UnescapeDataString(request.RequestUri!.AbsolutePath)[1..];
        string tag = request.Headers.IfNoneMatch.ToString();
        lock (Asked)
        {
            Asked.Add(tag.Length > 0 ? $"{path} {tag}" : path);
        }

        Before?.Invoke(request);
        if (_broken.TryGetValue(path, out HttpStatusCode status))
        {
            return Task.FromResult(new HttpResponseMessage(status));
        }

        if (!_documents.TryGetValue(path, out var document))
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotFound));
        }

        if (tag == document.Tag)
        {
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.NotModified));
        }

        var answer = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(document.Content) };
        answer.Headers.ETag = EntityTagHeaderValue.Parse(document.Tag);
        return Task.FromResult(answer);
    }
}
