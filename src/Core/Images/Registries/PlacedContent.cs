using System.Net;
using System.Net.Http.Headers;

namespace ImageScan.Core.Images.Registries;

/// <summary>The body of an answer that gives its place at the host back when it is done with.</summary>
internal sealed class PlacedContent : HttpContent
{
    private readonly HttpContent _body;
    private readonly IDisposable _place;

    public PlacedContent(HttpContent body, IDisposable place)
    {
        _body = body;
        _place = place;
        foreach ((string name, HeaderStringValues values) in body.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => _body.ReadAsStreamAsync();

    protected override Task<Stream> CreateContentReadStreamAsync(CancellationToken cancellationToken) => _body.ReadAsStreamAsync(cancellationToken);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _body.CopyToAsync(stream, context);

    protected override bool TryComputeLength(out long length)
    {
        length = _body.Headers.ContentLength ?? 0;
        return _body.Headers.ContentLength is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body.Dispose();
            _place.Dispose();
        }

        base.Dispose(disposing);
    }
}
