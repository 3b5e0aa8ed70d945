using System.Xml;

namespace ImageScan.Core.Vulnerabilities.Feeds;

/// <summary>
/// Reads a large XML document forward. A DTD is refused, nothing outside is asked for, and no element, text or comment may be larger or deeper
/// than is sane.
/// </summary>
internal sealed class ForwardXml : IDisposable
{
    private const int MaxDepth = 64;
    private const int MaxNodeBytes = 16 * 1024 * 1024;

    private readonly NodeStream _stream;
    private readonly XmlReader _reader;
    private readonly char[] _chunk = new char[1024];

    public ForwardXml(Stream content)
    {
        _stream = new NodeStream(content);
        _reader = XmlReader.Create(_stream, new XmlReaderSettings
        {
            Async = true,
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
        });
    }

    /// <summary>The name without its prefix.</summary>
    public string Name => _reader.LocalName;

    public bool IsStart => _reader.NodeType == XmlNodeType.Element;

    /// <summary>Whether it ends an element; one without content (<c>&lt;a/&gt;</c>) has no end of its own.</summary>
    public bool IsEnd => _reader.NodeType == XmlNodeType.EndElement;

    public bool IsEmpty => _reader.IsEmptyElement;

    public int Depth => _reader.Depth;

    /// <summary>Goes on to the next node; false at the end. Throws <see cref="InvalidDataException"/> where it is no XML, or ends early.</summary>
    public async Task<bool> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _stream.BeginNode();
        try
        {
            bool read = await _reader.ReadAsync();
            return _reader.Depth <= MaxDepth ? read : throw new InvalidDataException($"It is nested more than {MaxDepth} deep.");
        }
        catch (XmlException broken)
        {
            throw new InvalidDataException("It is no valid XML: " + broken.Message, broken);
        }
    }

    /// <summary>An attribute of the element that begins here; null if there is none, it is empty, or longer than any id, name or version.</summary>
    public string? Attribute(string name) => _reader.GetAttribute(name) is { Length: > 0 and <= JsonTexts.MaxLength } text ? text : null;

    /// <summary>The text of the element that begins here, less what is too long of it; afterwards the reader stands at its end.</summary>
    public async Task<string> TextAsync(int maxLength, CancellationToken cancellationToken)
    {
        if (IsEmpty)
        {
            return "";
        }

        int depth = Depth;
        var text = new System.Text.StringBuilder();
        while (await ReadAsync(cancellationToken) && !(IsEnd && Depth == depth))
        {
            if (_reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
            {
                await AppendAsync(text, maxLength);
            }
        }

        return text.ToString().Trim();
    }

    /// <summary>Goes to the end of the element that begins here.</summary>
    public async Task SkipAsync(CancellationToken cancellationToken)
    {
        int depth = Depth;
        if (IsEmpty)
        {
            return;
        }

        while (await ReadAsync(cancellationToken) && !(IsEnd && Depth == depth))
        {
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    private async Task AppendAsync(System.Text.StringBuilder text, int maxLength)
    {
        try
        {
            int length;
            while ((length = await _reader.ReadValueChunkAsync(_chunk, 0, _chunk.Length)) > 0)
            {
                _stream.BeginNode();
                text.Append(_chunk, 0, Math.Min(length, maxLength - text.Length));
            }
        }
        catch (XmlException broken)
        {
            throw new InvalidDataException("It is no valid XML: " + broken.Message, broken);
        }
    }

    /// <summary>Counts how much is read for one node, since XmlReader holds the whole of an attribute.</summary>
    private sealed class NodeStream(Stream content) : FeedStream
    {
        private int _ofNode;

        public void BeginNode() => _ofNode = 0;

        public override int Read(Span<byte> buffer) => Counted(content.Read(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Counted(await content.ReadAsync(buffer, cancellationToken));

        private int Counted(int read)
        {
            _ofNode += read;
            return _ofNode <= MaxNodeBytes ? read : throw new InvalidDataException($"It has an element or text of more than {MaxNodeBytes} bytes.");
        }
    }
}
